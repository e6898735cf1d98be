"""The journal is written, sealed, and protected by the database."""

import threading
import time
from dataclasses import replace
from datetime import UTC

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from quenotte.base.audit import writing
from quenotte.base.audit.models import Head, Line
from quenotte.base.audit.operations import record, verify
from quenotte.base.audit.rules import (
    COLUMNS,
    SYSTEM,
    Action,
    UnknownDetail,
    head_seal_of,
    seal_of,
)
from quenotte.config.databases import LOCK_TIMEOUT_S
from tests.support.racing import race

pytestmark = pytest.mark.django_db


def test_record_writes_a_line_and_moves_the_head() -> None:
    first = record(action=Action.LOGIN, actor=SYSTEM)
    second = record(action=Action.LOGOUT, actor=SYSTEM, detail={"count": 3, "known": True})

    assert second.number == first.number + 1
    assert second.previous_seal == first.seal
    assert Head.objects.get().number == second.number
    assert Head.objects.get().seal == head_seal_of(settings.AUDIT_KEY, 2, second.seal)


def test_record_seals_what_the_database_gives_back() -> None:
    number = record(action=Action.READ, actor=SYSTEM, detail={"reason": "garde", "count": 1}).number

    line = Line.objects.get(number=number)

    assert line.at.utcoffset() == UTC.utcoffset(None)
    assert line.seal == seal_of(settings.AUDIT_KEY, [getattr(line, name) for name in COLUMNS])


def test_record_with_an_unknown_detail_is_refused() -> None:
    with pytest.raises(UnknownDetail):
        record(action=Action.READ, actor=SYSTEM, detail={"nom": "Martin"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE base_line SET result = 'autre'",
        "DELETE FROM base_line",
        "UPDATE base_head SET number = number - 1",
        "DELETE FROM base_head",
    ],
)
def test_journal_refuses_change_and_removal(statement: str) -> None:
    record(action=Action.READ, actor=SYSTEM)

    with pytest.raises(DatabaseError, match="journal"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Line.objects.count() == 1


@pytest.mark.parametrize(
    ("table", "key", "changed"),
    [("base_line", "number", "person_label = 'Autre'"), ("base_head", "id", "seal = 'x'")],
)
def test_journal_refuses_a_replacement(table: str, key: str, changed: str) -> None:
    """SQLite's REPLACE and PostgreSQL's upsert are changes under another name."""
    record(action=Action.READ, actor=SYSTEM)
    seal = Line.objects.values_list("seal", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = ", ".join(column[0] for column in cursor.description)
        if connection.vendor == "sqlite":
            statement = f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}"
        else:
            statement = (
                f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} "
                f"ON CONFLICT ({key}) DO UPDATE SET {changed}"
            )

        with pytest.raises(DatabaseError, match="journal"), transaction.atomic():
            cursor.execute(statement)

    assert Line.objects.values_list("seal", flat=True).get() == seal


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_opens_its_own() -> None:
    record(action=Action.READ, actor=SYSTEM)

    assert not connection.in_atomic_block
    assert Line.objects.get().number == Head.objects.get().number == 1


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer at a time")
def test_record_of_a_reading_waits_little_for_a_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_LOOK_WAIT_MS", 50)
    read = threading.Event()
    seen: dict[str, float] = {}

    def write() -> None:
        with transaction.atomic():
            record(action=Action.CHANGE, actor=SYSTEM)
            barrier.wait(timeout=60)
            assert read.wait(timeout=60)

    def look() -> None:
        barrier.wait(timeout=60)
        began = time.perf_counter()
        try:
            with pytest.raises(DatabaseError, match="locked"):
                record(action=Action.READ, actor=SYSTEM)
        finally:
            read.set()
        with connection.cursor() as cursor:
            usual_ms = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        seen.update(usual_ms=usual_ms, waited_s=time.perf_counter() - began)

    barrier = threading.Barrier(2)
    race(write, look)

    assert seen["usual_ms"] == LOCK_TIMEOUT_S * 1000
    assert seen["waited_s"] < LOCK_TIMEOUT_S
    assert record(action=Action.READ, actor=SYSTEM).number == 2
    assert verify().is_sound


@pytest.mark.django_db(transaction=True)
def test_record_of_a_transaction_undone_leaves_no_hole() -> None:
    def fail() -> None:
        with transaction.atomic():
            record(action=Action.CHANGE, actor=SYSTEM)
            raise RuntimeError("the rest of the work failed")

    record(action=Action.READ, actor=SYSTEM)
    with pytest.raises(RuntimeError):
        fail()
    record(action=Action.SEARCH, actor=SYSTEM)

    assert [line.action for line in Line.objects.order_by("number")] == ["read", "search"]
    assert verify().is_sound


@pytest.mark.django_db(transaction=True)
def test_record_from_several_connections_stays_one_chain() -> None:
    def write() -> None:
        for _ in range(10):
            record(action=Action.READ, actor=SYSTEM)

    race(write, write, write)

    report = verify()
    assert (report.lines, report.findings) == (30, ())


def test_record_keeps_the_same_text_on_both_engines() -> None:
    actor = replace(SYSTEM, person_label="N\x00om" + "x" * 200, workstation="é" * 100)

    number = record(action=Action.READ, actor=actor, object_id="1" * 90).number

    line = Line.objects.get(number=number)
    assert line.person_label == ("Nom" + "x" * 200)[:120]
    assert (line.workstation, line.object_id) == ("é" * 60, "1" * 64)
    assert verify().is_sound
