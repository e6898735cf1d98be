"""Moments of the past, made of the database of the tests."""

import time
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.desk.pasts import PATIENT
from quenotte.care.patients.models import Patient
from quenotte.upkeep.restores import reaching
from quenotte.upkeep.restores.past import Look
from quenotte.upkeep.restores.reaching import Moment, Stage, State


@pytest.fixture
def who(alice: Person, practice: Practice) -> Actor:
    return Actor(
        person_id=alice.id, person_label="Dr Alice", practice_id=practice.id, workstation="",
        source="web", roles=frozenset({"praticien"}),
    )  # fmt: skip


def copied(path: Path) -> Path:
    """Write the database of the test, as it is within its transaction, to a file."""
    connection.ensure_connection()
    body = bytearray(connection.connection.serialize())
    # Without the mark of a log beside it: this file stands alone.
    body[18:20] = b"\x01\x01"
    path.write_bytes(body)
    return path


def kept(moment: Moment) -> Path:
    """Make a moment of the database of the test, as the worker leaves one."""
    place = reaching.folder_of(moment)
    place.mkdir(mode=0o700)
    about = State(Stage.READY, at=time.time(), data_at=timezone.now().isoformat())
    reaching.write(place / "about.json", asdict(about))
    return copied(place / "db.sqlite3")


def look_at(moment: Moment, who: Actor, patient: Patient) -> Look:
    selection = PATIENT.find(who, str(patient.file_number))
    assert selection is not None
    return Look(moment, PATIENT, selection)
