"""Rows of a record brought back through their own rooms, or refused with the reason."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.pasts import rules_of
from quenotte.base.people.models import Person
from quenotte.care.chart import operations as chart
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.chart.queries.mouths import chart_now
from quenotte.care.chart.rules.findings import Finding, Kind
from quenotte.care.desk import pasts, returning
from quenotte.care.documents import operations as documents
from quenotte.care.documents.models import Document
from quenotte.care.patients.models import Patient
from quenotte.care.prescriptions import operations as prescriptions
from quenotte.care.prescriptions.models import Prescription
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(alice: Person) -> Actor:
    return Actor(alice.id, "Dr Alice", alice.practice_id, "", "web")


@pytest.fixture
def patient(alice: Person) -> Patient:
    return factories.PatientFactory.create(practice=alice.practice)


def row(one: Any) -> dict[str, Any]:
    """Return a row as the comparison reads it."""
    model = type(one)
    names = [field.attname for field in model._meta.concrete_fields]
    return model._base_manager.filter(pk=one.pk).values(*names).get()


def rule(model: str) -> Any:
    return next(one for one in returning.RECORD if one.model == model)


def test_note_that_was_altered_is_corrected_by_another_one(who: Actor, patient: Patient):
    note = factories.NoteFactory.create(patient=patient, text="Allergie au latex.")
    before = row(note)
    rule("care.Note").change(who, before, before | {"text": "Rien."})
    added = Note.objects.get(corrects=note)
    assert (added.text, added.signed_as, added.signed_at) == (
        "Allergie au latex.", "Dr Alice", timezone.now(),
    )  # fmt: skip
    assert Note.objects.count() == 2


def test_finding_that_was_taken_back_is_charted_again(who: Actor, patient: Patient):
    (key,) = chart.chart(
        actor=who, patient_id=patient.id, findings=[Finding(Kind.MISSING, (36,))],
        on=date(2026, 1, 12),
    )  # fmt: skip
    chart.withdraw(actor=who, patient_id=patient.id, finding=key)
    withdrawal = row(ChartEvent.objects.get(what="withdraw"))
    one = rule("care.ChartEvent")
    assert not one.added(withdrawal)
    one.revert(who, withdrawal)
    again = ChartEvent.objects.order_by("number").last()
    assert again is not None
    assert (again.what, again.on, again.recorded_at.date()) == (
        "find", date(2026, 1, 12), timezone.localdate(),
    )  # fmt: skip
    assert ChartEvent.objects.filter(what="withdraw").count() == 1
    assert chart_now(patient.id).standing
    assert "schéma" in str(one.added(row(again)))
    assert "ne se modifie jamais" in str(one.changed(withdrawal, withdrawal))


def test_hidden_document_is_shown_again_with_its_title(who: Actor, patient: Patient):
    found = factories.DocumentFactory.create(patient=patient, title="Radio de face")
    before = row(found)
    changed = documents.describe(
        actor=who, document_id=found.id, expected_version=found.version, title="Autre",
        kind=found.kind, dated_on=found.dated_on,
    )  # fmt: skip
    documents.withdraw(
        actor=who, document_id=found.id, expected_version=changed.version, reason="Doublon"
    )
    now = row(found)
    one = rule("care.Document")
    assert not one.changed(before, now)
    one.change(who, before, now)
    shown = Document.objects.get()
    assert (shown.title, shown.withdrawn_at) == ("Radio de face", None)


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        ({}, {"cancelled_at": 1}, "annulé"),
        ({}, {"current_id": UUID(int=1)}, "version"),
        ({"withdrawn_at": 1}, {"withdrawn_at": 1}, "masqué"),
        ({}, {"is_sealed": True}, "scellé"),
        ({}, {"title": "Autre"}, ""),
    ],
)
def test_documents_say_why_they_stay(
    patient: Patient, then: dict[str, Any], now: dict[str, Any], words: str
):
    here = row(factories.DocumentFactory.create(patient=patient))
    told = str(rule("care.Document").changed(here | then, here | now))
    assert words in told
    assert bool(told) == bool(words)


def test_draft_that_was_dropped_is_written_beside(who: Actor, patient: Patient):
    draft = prescriptions.begin(actor=who, patient_id=patient.id)
    Prescription.objects.filter(pk=draft.pk).update(remarks="À jeun", weight_kg=20)
    draft.refresh_from_db()
    before = row(draft)
    prescriptions.drop(actor=who, prescription_id=draft.id, expected_version=draft.version)
    one, now = rule("care.Prescription"), row(draft)
    assert not one.changed(before, now)
    one.change(who, before, now)
    added = Prescription.objects.exclude(pk=draft.pk).get()
    assert (added.state, added.remarks, added.weight_kg) == ("draft", "À jeun", Decimal(20))
    draft.refresh_from_db()
    assert draft.state == "dropped"
    assert "ne se modifie jamais" in str(one.changed(before | {"state": "issued"}, now))


def test_what_a_patient_answered_is_never_changed():
    for model in ("care.Consent", "care.Questionnaire"):
        assert "ne se modifie pas" in str(rule(model).changed({}, {}))


def test_united_record_stays_united():
    one = returning.PATIENT
    assert "séparez-les" in str(one.changed({}, {"merged_into_id": UUID(int=1)}))
    assert not one.changed({}, {"merged_into_id": None})


def test_records_are_named_for_the_search(patient: Patient, who: Actor):
    title, typed = pasts.PATIENT.called(row(patient))
    assert typed == str(patient.file_number)
    assert typed in title
    assert patient.birth_name.upper() in title.upper()
    assert pasts.PATIENT.every is not None
    assert pasts.PATIENT.every(who) == {"practice_id": patient.practice_id}
    assert pasts.DAY.every is None


def test_plans_and_visits_are_followed_and_say_why_they_stay():
    models = [one.model for one in rules_of(pasts.PATIENT)]
    assert models[0] == "care.Patient"
    assert {"office.PlanLine", "office.VisitAct", "office.Anaesthesia"} <= {*models}
    for one in rules_of(pasts.PATIENT):
        if one.model.startswith("office."):
            assert one.changed({}, {})
