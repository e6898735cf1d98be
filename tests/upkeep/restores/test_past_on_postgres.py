"""A record as a copy of a PostgreSQL practice holds it, beside today's; nothing of it stays."""

import time
from pathlib import Path

import pytest
from django.db import InternalError, connection, connections

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.desk.pasts import PATIENT
from quenotte.care.patients.models import MedicalAlert, Patient
from quenotte.devices.phoenix.errors import NoDatabase
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups.engines import postgres
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.restores import aliases, operations, past, reaching
from quenotte.upkeep.restores.past import Kind
from quenotte.upkeep.restores.reaching import Moment
from tests import factories

on_server = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the practice of this run lies in a file"
)


def databases() -> list[str]:
    """Return the databases of looks of this practice that are on the server."""
    with postgres._connected() as server:
        found = server.execute(postgres._NAMED, [postgres._ours(postgres._LOOK)])
        return [name for (name,) in found.fetchall()]


@on_server
@pytest.mark.django_db(transaction=True)
def test_moment_stands_still_while_others_write(practice: Practice):
    patient = factories.PatientFactory.create(practice=practice, town="Brive")
    with aliases.one_moment() as alias:
        there = Patient.objects.using(alias)
        assert there.get(pk=patient.pk).town == "Brive"
        Patient.objects.filter(pk=patient.pk).update(town="Tulle")
        factories.PatientFactory.create(practice=practice)
        assert (there.get(pk=patient.pk).town, there.count()) == ("Brive", 1)
        with pytest.raises(InternalError):
            there.update(town="Ussel")
    assert alias not in connections
    assert Patient.objects.get(pk=patient.pk).town == "Tulle"


@on_server
@pytest.mark.django_db(transaction=True)
def test_lost_and_changed_rows_are_found_in_a_copy_and_come_back(
    real_place: str, folder: Path, practice: Practice, alice: Person
):
    patient = factories.PatientFactory.create(practice=practice, town="Brive")
    alert = factories.MedicalAlertFactory.create(patient=patient)
    assert backups.run(real_place).state == "done"
    MedicalAlert.objects.filter(pk=alert.pk).delete()
    Patient.objects.filter(pk=patient.pk).update(town="Tulle")
    who = Actor(
        person_id=alice.id, person_label="Dr Alice", practice_id=practice.id, workstation="",
        source="web", roles=frozenset({"praticien"}),
    )  # fmt: skip
    selection = PATIENT.find(who, str(patient.file_number))
    assert selection is not None
    moment = Moment(Destination.objects.get().pk)
    operations.reach(moment)
    one = past.Look(moment, PATIENT, selection)

    changes = operations.look(one, actor=who)

    assert [change.kind for change in changes] == [Kind.LOST, Kind.CHANGED]
    (town,) = changes[1].values
    assert (town.before, town.now) == ("Brive", "Tulle")
    assert operations.bring_back(one, [change.key for change in changes], actor=who) == 2
    patient.refresh_from_db()
    assert patient.town == "Brive"
    assert MedicalAlert.objects.filter(pk=alert.pk).exists()
    assert databases() == []
    assert [*connections] == ["default"]


@on_server
@pytest.mark.django_db(transaction=True)
def test_database_of_the_past_is_only_read_and_dropped(real_place: str, folder: Path):
    backups.run(real_place)
    moment = Moment(Destination.objects.get().pk)
    operations.reach(moment)
    dump = reaching.path_of(moment)
    assert dump.is_dir()
    old = f"{postgres._ours(postgres._LOOK)}{int(time.time()) - 7_200}_0"
    with postgres._connected() as server:
        server.execute(f'CREATE DATABASE "{old}"'.encode())
    with aliases.of_file(dump) as alias:
        # What a look that was killed left is gone; what others look into stays.
        assert len(databases()) == 1
        with aliases.of_file(dump), connections[alias].cursor() as cursor:
            assert len(databases()) == 2
            cursor.execute("SHOW default_transaction_read_only")
            assert cursor.fetchone() == ("on",)
    assert databases() == []
    assert reaching.path_of(moment) == dump


@on_server
@pytest.mark.django_db(transaction=True)
def test_proof_drops_what_a_killed_one_left_and_nothing_of_another_practice(
    real_place: str, monkeypatch: pytest.MonkeyPatch
):
    left = f"{postgres._ours(postgres._PREFIX)}0"
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", "another practice")
        stranger = f"{postgres._ours(postgres._PREFIX)}0"
    with postgres._connected() as server:
        for name in (left, stranger):
            server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            backups.run(real_place)
            assert backups.prove(real_place).state == "done"
            found = server.execute(postgres._NAMED, [postgres._PREFIX]).fetchall()
            assert (left,) not in found
            assert (stranger,) in found
        finally:
            postgres._drop(server, stranger)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "postgresql", reason="its own copies are opened there")
def test_practice_in_a_file_opens_no_dump(tmp_path: Path):
    with pytest.raises(NoDatabase), aliases.of_file(tmp_path):
        pass
