"""A record as a copy holds it, beside today's; rows that come back with a line each."""

import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from quenotte.base import erasures
from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import SlotTaken
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.desk.pasts import DAY
from quenotte.care.patients.models import MedicalAlert, Patient
from quenotte.care.perio.models import PerioExam, PerioSite, PerioTooth
from quenotte.care.prosthetics.models import PlacedDevice
from quenotte.devices.phoenix.errors import NotEmpty
from quenotte.office.plans.models import PlanLine
from quenotte.upkeep.restores import bringing, exporting, operations, reaching
from quenotte.upkeep.restores.bringing import CannotComeBack, NoLongerAsSeen
from quenotte.upkeep.restores.past import Erased, Kind, Look
from quenotte.upkeep.restores.reaching import Moment, NotReady
from tests import factories
from tests.support.emptying import triggers_lifted
from tests.upkeep.restores.conftest import kept, look_at

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="the copy is a file made of this test’s transaction; for dumps see the test beside",
    ),
]


@pytest.fixture
def moment() -> Moment:
    """A moment of a place that was prepared."""
    return Moment(factories.DestinationFactory.create().pk)


@pytest.fixture
def patient(practice: Practice) -> Patient:
    return factories.PatientFactory.create(practice=practice, town="Brive")


@pytest.fixture
def before(moment: Moment, patient: Patient, alice: Person, folder: Path) -> Path:
    """A moment with an alert and an appointment that are gone today, and an address of before."""
    alert = factories.MedicalAlertFactory.create(patient=patient)
    factories.AppointmentFactory.create(
        patient=patient, practice=patient.practice, practitioner=alice
    )
    path = kept(moment)
    MedicalAlert.objects.filter(pk=alert.pk).delete()
    Appointment.objects.all().delete()
    Patient.objects.filter(pk=patient.pk).update(town="Tulle", version=3)
    return path


@pytest.fixture
def one(moment: Moment, who: Actor, patient: Patient) -> Look:
    return look_at(moment, who, patient)


def test_lost_and_changed_rows_are_shown_beside_today(
    before: Path, one: Look, who: Actor, patient: Patient, alice: Person
):
    changes = operations.look(one, actor=who)
    assert [(one.kind, one.key.partition(":")[0]) for one in changes] == [
        (Kind.LOST, "care.MedicalAlert"),
        (Kind.LOST, "care.Appointment"),
        (Kind.CHANGED, "care.Patient"),
    ]
    (value,) = changes[-1].values
    assert (value.label, value.before, value.now) == ("ville", "Brive", "Tulle")
    booked = {value.label: value.before for value in changes[1].values}
    assert booked["praticien"] == alice.full_name
    assert booked["statut"] == "Réservé"
    line = Line.objects.get(object_kind="backup")
    assert (line.action, line.patient_id) == ("read", patient.id)
    assert not MedicalAlert.objects.exists()


def test_chosen_rows_come_back_with_a_line_each(
    before: Path, one: Look, who: Actor, patient: Patient
):
    keys = [change.key for change in operations.look(one, actor=who)]
    assert operations.bring_back(one, keys[::2], actor=who) == 2
    assert MedicalAlert.objects.filter(patient=patient).count() == 1
    assert not Appointment.objects.exists()
    patient.refresh_from_db()
    assert (patient.town, patient.version) == ("Brive", 4)
    assert Line.objects.filter(object_kind="brought_back", patient_id=patient.id).count() == 2


def test_what_somebody_else_brought_back_is_not_brought_twice(
    before: Path, one: Look, who: Actor, patient: Patient
):
    keys = [change.key for change in operations.look(one, actor=who)]
    operations.bring_back(one, keys, actor=who)
    with pytest.raises(NoLongerAsSeen):
        operations.bring_back(one, keys, actor=who)
    assert MedicalAlert.objects.count() == 1


def test_what_was_written_meanwhile_is_not_written_over(
    before: Path, one: Look, who: Actor, patient: Patient
):
    (changed,) = [one for one in operations.look(one, actor=who) if one.kind is Kind.CHANGED]
    Patient.objects.filter(pk=patient.pk).update(town="Uzerche", version=4)
    with pytest.raises(NoLongerAsSeen):
        operations.bring_back(one, [changed.key], actor=who)
    patient.refresh_from_db()
    assert patient.town == "Uzerche"


def test_a_row_that_nobody_may_bring_back_is_not(before: Path, one: Look, who: Actor):
    with pytest.raises(NoLongerAsSeen):
        operations.bring_back(one, ["base.Person:1:abc"], actor=who)


def test_a_row_never_comes_without_what_it_depends_on(
    before: Path, one: Look, who: Actor, monkeypatch: pytest.MonkeyPatch
):
    key = operations.look(one, actor=who)[0].key
    monkeypatch.setattr(bringing, "_note", _refers_to_nothing)
    with pytest.raises(CannotComeBack):
        operations.bring_back(one, [key], actor=who)
    assert not MedicalAlert.objects.exists()


def _refers_to_nothing(*_values: Any) -> None:
    raise IntegrityError


def test_an_appointment_does_not_come_back_over_another_one(
    before: Path, one: Look, who: Actor, patient: Patient, alice: Person
):
    changes = operations.look(one, actor=who)
    (lost,) = [change for change in changes if change.rule.model == "care.Appointment"]
    assert lost.before is not None
    taken = {name: lost.before[name] for name in ("starts_at", "ends_at", "chair_id")}
    factories.AppointmentFactory.create(practice=patient.practice, practitioner=alice, **taken)
    with pytest.raises(SlotTaken):
        operations.bring_back(one, [lost.key], actor=who)
    assert Appointment.objects.count() == 1


def test_day_as_it_was(before: Path, moment: Moment, who: Actor):
    with closing(sqlite3.connect(before)) as database:
        (starts,) = database.execute("SELECT starts_at FROM care_appointment").fetchone()
    assert DAY.find(who, "demain") is None
    found = DAY.find(who, starts[:10])
    assert found is not None
    (lost,) = operations.look(Look(moment, DAY, found), actor=who)
    assert lost.kind is Kind.LOST
    assert operations.bring_back(Look(moment, DAY, found), [lost.key], actor=who) == 1
    booked = Appointment.objects.get()
    # Moved to another day since: it is no lost one of this day.
    Appointment.objects.update(starts_at=booked.starts_at + timedelta(days=2),
                               ends_at=booked.ends_at + timedelta(days=2))  # fmt: skip
    (moved,) = operations.look(Look(moment, DAY, found), actor=who)
    assert moved.kind is Kind.CHANGED
    assert {value.label for value in moved.values} == {"début", "fin"}


def test_what_went_to_another_record_stays_there(
    before: Path, one: Look, who: Actor, patient: Patient
):
    other = factories.PatientFactory.create(practice=patient.practice)
    keys = [change.key for change in operations.look(one, actor=who)]
    operations.bring_back(one, keys, actor=who)
    MedicalAlert.objects.update(patient=other)
    Patient.objects.filter(pk=patient.pk).update(merged_into=other)
    alert, record = sorted(operations.look(one, actor=who), key=lambda one: one.rule.model)
    assert (alert.kind, record.kind) == (Kind.CHANGED, Kind.CHANGED)
    assert not alert.may_come_back
    assert str(other) in alert.why
    assert "séparez-les" in record.why
    with pytest.raises(NoLongerAsSeen):
        operations.bring_back(one, [record.key], actor=who)


def test_what_was_erased_is_not_seen_again(
    before: Path, one: Look, who: Actor, patient: Patient, moment: Moment
):
    erasures.note("patient", str(patient.pk), at=timezone.now())
    with pytest.raises(Erased):
        operations.look(one, actor=who)
    operations.search(replace(moment, search=who.practice_id), who)
    found = operations.found_at(replace(moment, search=who.practice_id), actor=who)
    assert (found.lost, found.changed, found.hits) == (0, 0, ())


def _gone(*tables: str) -> None:
    """Let rows vanish as no page of ours lets them: somebody had the file in hand."""
    with triggers_lifted(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


@pytest.fixture
def examined(patient: Patient) -> PerioExam:
    """A closed examination, with measures and a conclusion."""
    exam = factories.PerioExamFactory.create(patient=patient)
    PerioTooth.objects.create(exam=exam, tooth=36, mobility=2)
    for site in ("MV", "V"):
        PerioSite.objects.create(exam=exam, tooth=36, site=site, depth=7)
    PerioExam.objects.filter(pk=exam.pk).update(
        status="closed", draft_of=None, closed_at=timezone.now(), closed_by="Dr Alice"
    )
    return exam


def test_closed_examination_that_vanished_comes_back_with_its_measures(
    moment: Moment, patient: Patient, examined: PerioExam, who: Actor
):
    implant = factories.PlacedDeviceFactory.create(patient=patient, practice=patient.practice)
    kept(moment)
    _gone("care_periosite", "care_periotooth", "care_perioexam", "care_placeddevice")
    one = look_at(moment, who, patient)
    changes = operations.look(one, actor=who)
    # Its measures are not listed one by one: they come with it.
    assert {change.label for change in changes} == {"Examen parodontal", "Implant ou dispositif"}
    assert operations.bring_back(one, [change.key for change in changes], actor=who) == 5
    back = PerioExam.objects.get(pk=examined.pk)
    assert (back.status, back.sites.count(), back.teeth.get().mobility) == ("closed", 2, 2)
    assert PlacedDevice.objects.get(pk=implant.pk).tooth == implant.tooth
    assert operations.look(one, actor=who) == []


def test_measures_that_vanished_alone_are_found_in_all_records_and_say_why_they_stay_away(
    moment: Moment, patient: Patient, examined: PerioExam, who: Actor
):
    kept(moment)
    _gone("care_periosite")
    changes = operations.look(look_at(moment, who, patient), actor=who)
    assert [(change.label, change.may_come_back) for change in changes] == [
        ("Mesure d’un examen parodontal", False), ("Mesure d’un examen parodontal", False),
    ]  # fmt: skip
    assert "Un examen clos" in changes[0].why
    asked = replace(moment, search=who.practice_id)
    operations.search(asked, who)
    found = operations.found_at(asked, actor=who)
    assert (found.lost, [hit.label for hit in found.hits]) == (
        1, ["Mesure d’un examen parodontal"],
    )  # fmt: skip


def test_note_and_finding_that_vanished_come_back_as_they_were(
    moment: Moment, folder: Path, who: Actor, patient: Patient
):
    note = factories.NoteFactory.create(patient=patient, text="Allergie au latex.")
    event = factories.ChartEventFactory.create(patient=patient)
    kept(moment)
    _gone("care_note", "care_chartevent")
    one = look_at(moment, who, patient)
    changes = operations.look(one, actor=who)
    assert [(change.label, change.kind) for change in changes] == [
        ("Note clinique", Kind.LOST), ("Constat du schéma", Kind.LOST),
    ]  # fmt: skip
    told = {value.label: value.before for value in changes[0].values}
    assert told["note"] == "Allergie au latex."
    assert operations.bring_back(one, [change.key for change in changes], actor=who) == 2
    back = Note.objects.get()
    assert (back.pk, back.signed_at, back.text) == (note.pk, note.signed_at, note.text)
    assert ChartEvent.objects.get().number == event.number


def test_act_of_a_plan_comes_back_with_its_plan(
    moment: Moment, folder: Path, who: Actor, patient: Patient
):
    plan = factories.TreatmentPlanFactory.create(patient=patient)
    session = factories.PlanSessionFactory.create(plan=plan)
    factories.PlanLineFactory.create(session=session)
    kept(moment)
    _gone("office_planline", "office_plansession", "office_treatmentplan")
    one = look_at(moment, who, patient)
    changes = operations.look(one, actor=who)
    (line,) = [change for change in changes if change.rule.model == "office.PlanLine"]
    assert operations.bring_back(one, [line.key], actor=who) == 3
    assert PlanLine.objects.get().plan_id == plan.pk
    # The plan is another one today: it says why it stays so.
    PlanLine.objects.update(label="Autre")
    (changed,) = operations.look(one, actor=who)
    assert changed.why.startswith("Un plan se modifie")
    assert not changed.may_come_back


def test_search_finds_what_is_gone_in_all_records(
    before: Path, who: Actor, patient: Patient, moment: Moment
):
    factories.NoteFactory.create(patient=patient)
    elsewhere = factories.PatientFactory.create()
    Patient.objects.filter(pk=elsewhere.pk).update(town="Ailleurs")
    asked = replace(moment, search=who.practice_id)
    with pytest.raises(NotReady):
        operations.found_at(asked, actor=who)
    operations.search(asked, who)
    found = operations.found_at(asked, actor=who)
    assert (found.lost, found.changed) == (2, 1)
    assert [(hit.label, hit.door, hit.typed) for hit in found.hits] == [
        ("Alerte médicale", "patient", str(patient.file_number)),
        ("Rendez-vous", "patient", str(patient.file_number)),
        ("Fiche du patient", "patient", str(patient.file_number)),
    ]
    assert Line.objects.filter(object_kind="backup", action="read").count() == 1
    assert (reaching.search_of(asked).stat().st_mode & 0o777) == 0o600


def test_what_has_parts_is_exported_as_json(tmp_path: Path, patient: Patient, who: Actor):
    lines = [{"name": "Gel à l’arnica", "note": 'l\'appliquer "le soir"', "is_free": True}]
    factories.PrescriptionFactory.create(patient=patient, lines=lines)
    operations.export(tmp_path / "export", actor=who)
    path = tmp_path / "export/tables/care_prescription.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert json.loads(row["lines"]) == lines
    assert "à l’arnica" in row["lines"]
    assert row["sheet"] == ""
    assert (exporting._shown(True), exporting._shown(b"\x00\xff")) == ("true", "00ff")


def test_whole_practice_in_open_formats(tmp_path: Path, patient: Patient, who: Actor):
    target = tmp_path / "export"
    target.mkdir(mode=0o755)
    done = operations.export(target, actor=who)
    assert (target.stat().st_mode & 0o777) == 0o700
    assert done.rows > 3
    with (target / "tables/care_patient.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert (row["town"], row["file_number"]) == ("Brive", str(patient.file_number))
    with (target / "tables/base_person.csv").open(encoding="utf-8-sig") as file:
        assert "password" not in file.readline().split(";")
    assert not (target / "tables/django_session.csv").exists()
    assert "care_patient" in (target / "index.html").read_text()
    assert Line.objects.filter(action="export").exists()
    with pytest.raises(NotEmpty):
        operations.export(target, actor=who)
    assert exporting._shown("- douleur") == "'- douleur"
    assert "Une apostrophe précède" in (target / "index.html").read_text()
    assert exporting._shown("=1+1") == "'=1+1"
    assert exporting._shown("+33639980001") == "+33639980001"
