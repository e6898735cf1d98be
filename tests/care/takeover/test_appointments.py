"""Appointments of a file: matched, refused, beside those of the agenda."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient
from quenotte.care.takeover import jobs, operations
from tests.care.takeover.lines import remarks
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_appointments_are_matched_by_old_number_then_by_name(written, alice, practice):
    written()
    source = written(
        "N° dossier;Nom;Prénom;Date de naissance;Date RDV;Heure;Durée;Motif;Statut\n"
        "101;;;;10/03/2026;14h30;45;Contrôle;Honoré\n"
        ";Le Gall;Hélène;12/11/1972;20/03/2026;09:00;;Détartrage;Confirmé\n"
        "999;;;;20/03/2026;10:00;30;;\n"
        ";Le Gall;Hélène;;20/03/2026;11:00;30;;\n"
        "101;Petit;;;21/03/2026;11:00;30;;\n"
        "102;;;;20/03/2026;09:15;30;;\n"
        "101;;;;29/03/2026;02:30;30;;\n"
        "101;;;;31/04/2026;10:00;30;;\n",
        kind="appointments",
    )
    assert remarks(source) == {
        2: [], 3: [],
        4: ["patient_unknown"],
        5: ["patient_unknown"],
        6: ["patient_contradicts"],
        7: ["slot_taken"],
        8: ["hour_skipped"],
        9: ["day_impossible"],
    }  # fmt: skip
    done, coming = Appointment.objects.order_by("starts_at")
    assert (done.status, done.minutes, done.title) == ("done", 45, "Contrôle")
    assert done.done_at == done.ends_at
    assert timezone.localtime(done.starts_at).hour == 14
    assert (coming.status, coming.practitioner_id) == ("confirmed", alice.id)


def test_appointment_of_an_unknown_or_titled_practitioner(written, practice):
    PersonFactory.create(
        practice=practice, first_name="Yann", last_name="Kermarec", username="yann"
    )
    written()
    source = written(
        "N° dossier;Date RDV;Heure;Praticien\n"
        "101;10/03/2026;14h30;Dr KERMAREC\n101;10/03/2026;16h00;Dr Inconnu\n",
        kind="appointments",
    )
    assert remarks(source)[3] == ["practitioner_unknown"]
    assert Appointment.objects.get().practitioner.username == "yann"


AGAIN = (
    "N° dossier;Date RDV;Heure;Statut\n"
    "101;10/03/2026;14:00;Honoré\n"
    "101;11/03/2026;14:00;Annulé\n"
    "101;11/03/2026;14:00;Honoré\n"
    "101;20/03/2026;09:00;\n"
    "101;10/03/2026;14:00;Honoré\n"
    "102;10/03/2026;14:00;Honoré\n"
)


def test_appointment_is_taken_once_past_ones_too(written, checked):
    written()
    source = written(AGAIN, kind="appointments")
    known = ["visit_already_taken"]
    assert remarks(source) == {2: [], 3: [], 4: [], 5: [], 6: known, 7: []}
    assert remarks(checked(AGAIN, kind="appointments")) == dict.fromkeys(range(2, 8), known)
    assert Appointment.objects.count() == 5


def test_file_that_was_checked_twice_is_written_once(written, checked, actor, alice):
    written()
    late = checked(AGAIN, kind="appointments")
    written(AGAIN, kind="appointments")
    operations.start_writing(actor=actor, import_id=late.id)
    jobs.write(import_id=str(late.id), person_id=str(alice.id))
    late.refresh_from_db()
    assert (late.state, Appointment.objects.count()) == ("failed", 5)


def test_slot_taken_between_check_and_writing_writes_nothing(
    written, checked, actor, alice, practice
):
    written()
    source = checked(
        "N° dossier;Date RDV;Heure\n101;20/03/2026;09:00\n102;20/03/2026;10:00\n",
        kind="appointments",
    )
    starts = timezone.make_aware(datetime(2026, 3, 20, 10, 0))
    Appointment.objects.create(
        practice=practice,
        patient=Patient.objects.get(birth_name="DURAND"),
        practitioner=alice,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
    )
    operations.start_writing(actor=actor, import_id=source.id)
    jobs.write(import_id=str(source.id), person_id=str(alice.id))
    source.refresh_from_db()
    assert (source.state, Appointment.objects.count()) == ("failed", 1)
    assert "ont changé depuis la vérification" in source.trouble


def test_appointment_to_come_of_somebody_who_died_is_refused(written, checked):
    written()
    Patient.objects.filter(birth_name="DURAND").update(died_on=date(2026, 1, 1))
    source = checked("N° dossier;Date RDV;Heure\n101;20/03/2026;09:00\n", kind="appointments")
    assert remarks(source)[2] == ["patient_died"]
