"""What was taken over is taken back, unless somebody touched it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from quenotte.care.agenda.models import Appointment
from quenotte.care.patients import merging
from quenotte.care.patients.models import Patient, RelatedPerson
from quenotte.care.patients.operations import change_patient
from quenotte.care.reminders.models import Message
from quenotte.care.takeover import jobs, operations
from quenotte.care.takeover.models import (
    ImportedPatient,
    OpeningBalance,
)
from tests.care.takeover.lines import NIR, lines, remarks
from tests.factories import AppointmentFactory, MessageFactory, NoteFactory, PatientFactory

pytestmark = pytest.mark.django_db


def test_undo_takes_back_what_nobody_touched(written, undone):
    source = undone(written())
    assert (source.state, source.counts["removed"], source.counts["kept"]) == ("undone", 3, 0)
    assert not Patient.objects.exists()
    assert not ImportedPatient.objects.exists()
    assert lines()[-1] == ("change", "undone")


def test_undo_takes_back_the_insured_person_too(written, undone):
    undone(written(f"Nom;Prénom;Date de naissance;Sexe;NIR\nDurand;Léa;03/04/2015;F;{NIR}\n"))
    assert not Patient.objects.exists()


@pytest.mark.parametrize("what", ["note", "change", "relative", "appointment", "union"])
def test_undo_keeps_what_was_touched_since(what, written, undone, alice, actor, practice):
    source = written()
    patient = Patient.objects.get(birth_name="DURAND")
    if what == "note":
        NoteFactory.create(patient=patient, author=alice)
    elif what == "change":
        change_patient(
            actor=actor, patient_id=patient.id, expected_version=1, values={"town": "Rezé"}
        )
    elif what == "relative":
        RelatedPerson.objects.create(patient=patient, relation="guardian", full_name="Mère")
    elif what == "appointment":
        soon = timezone.now() + timedelta(days=1)
        Appointment.objects.create(
            practice=practice,
            patient=patient,
            practitioner=alice,
            starts_at=soon,
            ends_at=soon + timedelta(minutes=30),
        )
    else:
        other = PatientFactory.create(practice=practice, file_number=900)
        merging.merge_patients(actor=actor, survivor_id=patient.id, absorbed_id=other.id, taken=())
    source = undone(source)
    assert (source.counts["removed"], source.counts["kept"]) == (2, 1)
    assert Patient.objects.filter(id=patient.id).exists()
    assert ImportedPatient.objects.filter(patient=patient).exists()


def test_undo_of_linked_lines_leaves_the_record(practice, written, undone):
    PatientFactory.create(
        practice=practice, birth_name="Durand", first_birth_first_name="Marie", file_number=900
    )
    undone(written())
    assert Patient.objects.get().file_number == 900
    assert not ImportedPatient.objects.exists()


def test_undo_of_appointments_keeps_those_that_moved(written, undone, alice):
    written()
    source = written(
        "N° dossier;Date RDV;Heure\n101;20/03/2026;09:00\n102;20/03/2026;10:00\n",
        kind="appointments",
    )
    moved = Appointment.objects.earliest("starts_at")
    Appointment.objects.filter(id=moved.id).update(version=2)
    source = undone(source)
    assert (source.counts["removed"], source.counts["kept"]) == (1, 1)
    assert Appointment.objects.get().id == moved.id


VISITS = "N° dossier;Date RDV;Heure\n101;20/03/2026;09:00\n102;20/03/2026;10:00\n"


def test_what_was_planned_by_itself_goes_with_its_appointment(written, undone):
    written()
    source = written(VISITS, kind="appointments")
    for visit in Appointment.objects.all():
        MessageFactory.create(appointment=visit)
        MessageFactory.create(
            appointment=visit, channel="sms", state="withdrawn", reason="no_address"
        )
    source = undone(source)
    assert (source.counts["removed"], source.counts["kept"]) == (2, 0)
    assert not Message.objects.exists()


def test_appointments_of_earlier_imports_say_so_too(written, alice):
    written()
    source = written(VISITS, kind="appointments")
    Appointment.objects.update(imported_at=None)
    own = AppointmentFactory.create(practitioner=alice)
    import_module("quenotte.care.migrations.0021_earlier_imports").mark(apps, None)
    told = Appointment.objects.exclude(id=own.id).values_list("imported_at", flat=True)
    assert list(told) == [source.written_at] * 2
    own.refresh_from_db()
    assert own.imported_at is None


@pytest.mark.parametrize(
    "heard",
    [
        {"state": "sent", "sent_at": timezone.now},
        {"state": "sending"},
        {"state": "failed"},
        {"answer": "confirmed", "answered_at": timezone.now},
        {"asked_by": True},
    ],
)
def test_appointment_that_somebody_heard_of_stays(heard, written, undone, alice):
    written()
    source = written(VISITS, kind="appointments")
    told = Appointment.objects.earliest("starts_at")
    values = {name: value() if callable(value) else value for name, value in heard.items()}
    if "asked_by" in values:
        values["asked_by"] = alice
    MessageFactory.create(appointment=told, **values)
    source = undone(source)
    assert (source.counts["removed"], source.counts["kept"]) == (1, 1)
    assert Message.objects.get().appointment == told


def test_balances_are_taken_once_and_taken_back(written, undone, checked):
    written()
    text = "N° dossier;Solde;Avoir;Au\n101;1 234,50 €;;31/12/2025\n102;;12,00;31/12/2025\n101;0;;\n"
    source = written(text, kind="balances")
    assert remarks(source)[4] == ["amount_nil"]
    amounts = dict(OpeningBalance.objects.values_list("patient__birth_name", "amount_cents"))
    assert amounts == {"DURAND": 123450, "LE GALL": -1200}
    assert remarks(checked(text, kind="balances"))[2] == ["already_taken"]
    assert undone(source).counts["removed"] == 2
    assert not OpeningBalance.objects.exists()


def test_patients_with_a_balance_stay_when_their_import_is_undone(written, undone):
    source = written()
    written("N° dossier;Solde\n101;12,00\n", kind="balances")
    assert undone(source).counts["kept"] == 1


@pytest.mark.django_db(transaction=True)
def test_something_added_while_it_is_undone_keeps_everything(written, actor, alice, monkeypatch):
    source = written()
    added = Patient.objects.get(birth_name="DURAND")
    from quenotte.care.takeover.operations import undoing

    def blind(_source):
        NoteFactory.create(patient=added, author=alice)
        return set()

    monkeypatch.setattr(undoing, "touched_patients", blind)
    operations.start_undo(actor=actor, import_id=source.id)
    jobs.undo(import_id=str(source.id), person_id=str(alice.id))
    source.refresh_from_db()
    assert source.state == "done"
    assert "ont changé" in source.trouble
    assert Patient.objects.count() == 3
