"""A record as a copy holds it, beside today's; rows that come back with a line each."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.desk.pasts import DAY, PATIENT
from quenotte.care.patients.models import MedicalAlert, Patient
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.errors import NotEmpty
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.restores import exporting, operations, past
from quenotte.upkeep.restores.past import CannotComeBack, Kind, Look
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="copies of PostgreSQL are refused in words: they are not opened beside the practice",
    ),
]


def copied(path: Path) -> Path:
    """Write the database of the test, as it is within its transaction, to a file."""
    connection.ensure_connection()
    body = bytearray(connection.connection.serialize())
    # Without the mark of a log beside it: this file stands alone.
    body[18:20] = b"\x01\x01"
    path.write_bytes(body)
    return path


@pytest.fixture
def who(alice: Person, practice: Practice) -> Actor:
    return Actor(
        person_id=alice.id, person_label="Dr Alice", practice_id=practice.id, workstation="",
        source="web", roles=frozenset({"praticien"}),
    )  # fmt: skip


@pytest.fixture
def patient(practice: Practice) -> Patient:
    return factories.PatientFactory.create(practice=practice, town="Brive")


@pytest.fixture
def before(
    tmp_path: Path, patient: Patient, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy with an alert and an appointment that are gone today, and an address of before."""
    alert = factories.MedicalAlertFactory.create(patient=patient)
    factories.AppointmentFactory.create(patient=patient, practice=patient.practice,
                                        practitioner=alice)  # fmt: skip
    path = copied(tmp_path / "past")
    MedicalAlert.objects.filter(pk=alert.pk).delete()
    Appointment.objects.all().delete()
    Patient.objects.filter(pk=patient.pk).update(town="Tulle", version=3)
    monkeypatch.setattr(past, "database_of", lambda _place, _wish: path)
    return path


def look_at(who: Actor, patient: Patient) -> Look:
    selection = PATIENT.find(who, str(patient.file_number))
    assert selection is not None
    return Look("", Wish(), PATIENT, selection)


def test_lost_and_changed_rows_are_shown_beside_today(before: Path, who: Actor, patient: Patient):
    changes = operations.look(look_at(who, patient), actor=who)
    assert [(one.kind, one.key.partition(":")[0]) for one in changes] == [
        (Kind.LOST, "care.MedicalAlert"),
        (Kind.LOST, "care.Appointment"),
        (Kind.CHANGED, "care.Patient"),
    ]
    (value,) = changes[-1].values
    assert (value.label, value.before, value.now) == ("ville", "Brive", "Tulle")
    line = Line.objects.get(object_kind="backup")
    assert (line.action, line.patient_id) == ("read", patient.id)
    assert not MedicalAlert.objects.exists()


def test_chosen_rows_come_back_with_a_line_each(before: Path, who: Actor, patient: Patient):
    one = look_at(who, patient)
    keys = [change.key for change in operations.look(one, actor=who)]
    assert operations.bring_back(one, [*keys[::2], "base.Person:1"], actor=who) == 2
    assert MedicalAlert.objects.filter(patient=patient).count() == 1
    assert not Appointment.objects.exists()
    patient.refresh_from_db()
    assert (patient.town, patient.version) == ("Brive", 4)
    assert Line.objects.filter(object_kind="brought_back", patient_id=patient.id).count() == 2
    assert operations.bring_back(one, keys[::2], actor=who) == 0


def test_a_row_never_comes_without_what_it_depends_on(
    before: Path, who: Actor, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    one = look_at(who, patient)
    key = operations.look(one, actor=who)[0].key
    monkeypatch.setattr(past, "_note", _refers_to_nothing)
    with pytest.raises(CannotComeBack):
        operations.bring_back(one, [key], actor=who)
    assert not MedicalAlert.objects.exists()


def _refers_to_nothing(*_values: Any) -> None:
    from django.db import IntegrityError

    raise IntegrityError


def test_day_as_it_was(before: Path, who: Actor, patient: Patient):
    with closing(sqlite3.connect(before)) as database:
        (starts,) = database.execute("SELECT starts_at FROM care_appointment").fetchone()
    assert DAY.find(who, "demain") is None
    found = DAY.find(who, starts[:10])
    assert found is not None
    changes = operations.look(Look("", Wish(), DAY, found), actor=who)
    assert [one.kind for one in changes] == [Kind.LOST]
    assert operations.bring_back(
        Look("", Wish(), DAY, found), [changes[0].key], actor=who
    ) == 1  # fmt: skip
    assert Appointment.objects.count() == 1


def test_page(before: Path, alice: Person, patient: Patient, client_of: Callable[[Person], Client]):
    one = Destination.objects.create(
        kind="folder", label="Disque A", place="/nowhere", place_digest="0" * 64,
        repository_id="1" * 64, created_at=timezone.now(),
    )  # fmt: skip
    client = client_of(alice)
    address = reverse("restores:past")
    assert "Comparer" in client.get(address).content.decode()
    asked = {
        "porte": "patient",
        "quoi": str(patient.file_number),
        "moment": "",
        "lieu": str(one.pk),
    }
    page = client.get(address, asked).content.decode()
    assert "Brive" in page
    assert "Tulle" in page
    full = f"{address}?porte=patient&quoi={patient.file_number}&moment=&lieu={one.pk}"
    key = f"care.Patient:{patient.pk}"
    assert client.post(full, {"ligne": [key]}).status_code == 302
    patient.refresh_from_db()
    assert patient.town == "Brive"
    assert "ni un jour" in client.get(address, asked | {"quoi": "Dupont"}).content.decode()
    secretary = factories.PersonFactory.create(practice=alice.practice, role="secretaire")
    assert client_of(secretary).get(address).status_code == 403


def test_whole_practice_in_open_formats(tmp_path: Path, patient: Patient, who: Actor):
    target = tmp_path / "export"
    done = operations.export(target, actor=who)
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
    assert exporting._shown("=1+1") == "'=1+1"
    assert exporting._shown("+33639980001") == "+33639980001"
