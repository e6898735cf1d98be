from datetime import date, timedelta

import pytest

from quenotte.base.audit.rules import SYSTEM
from quenotte.care.patients import queries
from quenotte.care.patients.access import patient_for
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, PatientFactory, RelatedPersonFactory


def test_recent_gives_the_last_opened_first_and_once(alice, practice, frozen_clock):
    first, second = PatientFactory.create_batch(2, practice=practice)
    for patient in (first, second, first):
        frozen_clock.shift(timedelta(minutes=1))
        patient_for(actor(alice), patient.id, purpose="record")
    assert [one.id for one in queries.recent(actor(alice), 5)] == [first.id, second.id]
    assert [one.id for one in queries.recent(actor(alice), 1)] == [first.id]


def test_recent_of_a_process_is_empty(db):
    assert queries.recent(SYSTEM, 5) == []


def test_summary_orders_alerts_by_severity_and_says_them_in_words(practice):
    patient = PatientFactory.create(practice=practice, sex="M", mobile_phone="+33639980001")
    MedicalAlertFactory.create(patient=patient, label="Nickel", severity="attention")
    MedicalAlertFactory.create(
        patient=patient, kind="treatment", code="anticoagulant", label="Anticoagulant"
    )
    MedicalAlertFactory.create(patient=patient, label="Ancienne", ended_at="2026-01-01T00:00Z")
    summary = queries.summary_of(patient)
    assert [alert.words for alert in summary.alerts] == ["Anticoagulant", "Allergie : Nickel"]
    assert summary.alerts[0].advice.startswith("Noter")
    assert summary.alerts[1].advice == ""
    assert (summary.sex, summary.born, summary.phone) == ("Homme", "né", "06 39 98 00 01")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Identité provisoire"),
        ({"identity_status": "qualifiee"}, "Identité qualifiée"),
        ({"is_doubtful": True}, "Identité douteuse"),
        ({"is_fictitious": True}, "Identité fictive"),
    ],
)
def test_summary_says_the_identity_status(practice, fields, words):
    patient = PatientFactory.create(practice=practice, **fields)
    assert queries.summary_of(patient).status_words == words


def test_age_of_the_dead_stops(practice):
    patient = PatientFactory.create(practice=practice, died_on=date(2000, 4, 3))
    assert queries.summary_of(patient).age == "15 ans"


def test_relatives_that_ended_are_not_shown(patient):
    here = RelatedPersonFactory.create(patient=patient)
    gone = RelatedPersonFactory.create(patient=patient, ended_at="2026-01-01T00:00Z")
    assert queries.relatives_of(patient.id) == [here]
    assert queries.has_relative(patient.id, here.id)
    assert not queries.has_relative(patient.id, gone.id)


@pytest.mark.parametrize(
    ("text", "guessed"),
    [
        (
            "dupont marie-anne 03/04/1985",
            {
                "birth_name": "DUPONT",
                "birth_first_names": "Marie-Anne",
                "born_on": "03/04/1985",
            },
        ),
        ("dupont", {"birth_name": "DUPONT"}),
        ("06 39", {}),
        ("", {}),
    ],
)
def test_guess_from_a_search(text, guessed):
    assert queries.guess_from(text) == guessed
