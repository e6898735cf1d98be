from datetime import date, timedelta

import pytest

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.care.patients import queries, rules
from quenotte.care.patients.access import is_open, patient_for
from quenotte.care.patients.operations import rebuild_search_keys
from quenotte.care.patients.searches import search
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, PatientFactory, RelatedPersonFactory


def test_recent_gives_the_last_opened_first_and_once(alice, practice, frozen_clock):
    first, second = PatientFactory.create_batch(2, practice=practice)
    for patient in (first, second, first):
        frozen_clock.shift(timedelta(minutes=1))
        patient_for(actor(alice), patient.id, purpose="record")
    assert [one.id for one in queries.recent(actor(alice), 5)] == [first.id, second.id]
    assert [one.id for one in queries.recent(actor(alice), 1)] == [first.id]


def test_recent_is_what_was_opened_and_not_what_was_booked(alice, practice):
    patient = PatientFactory.create(practice=practice)
    for kind in ("appointment", "picture"):
        audit.record(
            action=Action.CREATE, actor=actor(alice), patient_id=patient.id, object_kind=kind
        )
    assert queries.recent(actor(alice), 5) == []
    assert not is_open(actor(alice), patient.id)


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


@pytest.mark.parametrize("typed", ["06 39 98 00 12", "+33639980012", "06.39.98.00.12"])
def test_with_phone_finds_whose_it_is_however_it_is_typed(practice, other_practice, typed):
    hers = PatientFactory.create(practice=practice, mobile_phone="+33639980012")
    child = PatientFactory.create(practice=practice)
    RelatedPersonFactory.create(patient=child, phone="+33639980012")
    rebuild_search_keys(child)
    PatientFactory.create(practice=other_practice, mobile_phone="+33639980012")
    found = queries.with_phone(practice.id, typed)
    assert {one.id for one in found} == {hers.id, child.id}
    assert len(queries.with_phone(practice.id, typed, limit=1)) == 1


@pytest.mark.parametrize("typed", ["", "06 39", "pas un numéro", "0639980013"])
def test_with_phone_of_nobody(practice, typed):
    PatientFactory.create(practice=practice, mobile_phone="+33639980012")
    assert queries.with_phone(practice.id, typed) == []


def test_birth_date_that_nobody_asked_is_said_in_words(practice):
    patient = PatientFactory.create(practice=practice, born_on=rules.UNKNOWN_BIRTH)
    (row,) = queries.found_rows(queries.of_practice(practice.id))
    found = queries.found_from(row, date(2026, 3, 17))
    assert (found.age, found.birth_date) == ("", "")
    assert found.birth == "date de naissance à demander"
    summary = queries.summary_of(patient)
    assert (summary.age, summary.birth) == ("", "")


def test_birth_date_that_is_known_goes_with_the_age(practice):
    PatientFactory.create(practice=practice, born_on=date(1985, 4, 3))
    (row,) = queries.found_rows(queries.of_practice(practice.id))
    assert queries.found_from(row, date(2026, 3, 17)).birth == "03/04/1985 · 40 ans"


def test_birth_date_that_nobody_asked_is_found_by_no_search(practice):
    PatientFactory.create(practice=practice, born_on=rules.UNKNOWN_BIRTH)
    assert search(practice.id, "31/12/1900", 5).found == []
