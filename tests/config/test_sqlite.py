"""Writers of one process wait for one another, and no longer than they are told."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as DjangoWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations as DjangoOperations

from quenotte.base.people.models import Person
from quenotte.config.sqlite import base
from quenotte.devices.journal import presence
from tests.factories import PracticeFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite alone"),
]


@pytest.fixture(autouse=True)
def _nobody_is_left_writing() -> Iterator[None]:
    yield
    assert not base._writing.locked()


def _in_a_thread(work) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class Lock:
    """A lock that counts who waited at it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waits: list[float] = []
        self.release, self.locked = self._lock.release, self._lock.locked

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if blocking:
            self.waits.append(timeout)
        return self._lock.acquire(blocking, timeout)


def test_waiting_writer_does_not_ask_sqlite_before_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first: Any = connections["default"]
    asked_in_vain: list[bool] = []
    begin = base.DatabaseWrapper._begin

    def spy(wrapper: base.DatabaseWrapper, waited_ms: int) -> None:
        # Whoever asks SQLite too early sleeps there, longer and longer, while nobody writes.
        asked_in_vain.append(wrapper is not first and first._is_writing)
        begin(wrapper, waited_ms)

    monkeypatch.setattr(base.DatabaseWrapper, "_begin", spy)
    lock = Lock()
    monkeypatch.setattr(base, "_writing", lock)

    def write() -> None:
        with transaction.atomic():
            PracticeFactory()

    with transaction.atomic():
        PracticeFactory()
        others = [_in_a_thread(write) for _ in range(4)]
        time.sleep(0.2)
    for other in others:
        other.join()
    assert asked_in_vain == [False] * 5
    # One wait each, from which the one before woke it: nobody looks again and again.
    assert len(lock.waits) == 4


def test_writer_waits_no_longer_than_it_was_told() -> None:
    refused: list[str] = []

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        try:
            with transaction.atomic():
                PracticeFactory()
        except OperationalError as error:
            refused.append(str(error))

    with transaction.atomic():
        PracticeFactory()
        _in_a_thread(write).join()
    assert refused == ["database is locked"]


def test_the_wait_for_the_lock_counts_in_the_wait_for_other_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody else holds the file: the second of two threads asks for what is left alone."""
    told = threading.local()
    left_ms: dict[int, int] = {}
    after_ms: dict[int, int] = {}
    begin = DjangoWrapper._start_transaction_under_autocommit  # type: ignore[attr-defined]

    def noted_begin(wrapper: Any) -> None:
        (left_ms[told.ms],) = wrapper.connection.execute("PRAGMA busy_timeout").fetchone()
        begin(wrapper)

    monkeypatch.setattr(DjangoWrapper, "_start_transaction_under_autocommit", noted_begin)

    def write(patience_ms: int) -> None:
        told.ms = patience_ms
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            PracticeFactory()
        with connection.cursor() as cursor:
            (after_ms[patience_ms],) = cursor.execute("PRAGMA busy_timeout").fetchone()

    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        first = _in_a_thread(lambda: write(300))
        while not base._writing.locked():
            time.sleep(0.001)
        second = _in_a_thread(lambda: write(900))
        first.join()
        second.join()
    assert left_ms[300] == 300
    assert 0 <= left_ms[900] < 900
    # What follows is as patient as before.
    assert after_ms == {300: 300, 900: 900}


@pytest.mark.parametrize(
    "kept",
    [
        "2026-03-17 09:30:00",
        "2026-03-17 09:30:00.250000",
        "2026-03-17 09:30:00+01:00",
        "2026-03-17 9:30",
        datetime(2026, 3, 17, 9, 30, tzinfo=UTC),
        None,
    ],
)
def test_instant_is_read_as_django_reads_it(kept: Any) -> None:
    theirs = DjangoOperations(connection).convert_datetimefield_value(kept, None, connection)

    ours = base.Operations(connection).convert_datetimefield_value(kept, None, connection)

    assert (ours, ours and ours.tzinfo) == (theirs, theirs and theirs.tzinfo)


def _log_pages() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint")
        return int(cursor.fetchone()[0])


def test_log_is_left_to_the_journal_while_it_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_LOOK_EVERY_S", 0.0)
    database = Path(connection.settings_dict["NAME"])
    connection.close()
    assert _log_pages() == 1000
    with presence.followed(database):
        assert _log_pages() == 0
        connection.close()
        assert _log_pages() == 0
    # Its holder is gone, however he went: the log does not grow without end.
    assert _log_pages() == 1000


def test_who_follows_the_log_is_asked_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def asks(path: Path) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(presence, "is_followed", asks)
    connection.close()
    for _ in range(3):
        _log_pages()
    assert len(asked) == 1


def test_writer_that_fails_lets_the_next_one_in() -> None:
    def fail() -> None:
        with transaction.atomic():
            PracticeFactory()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction.atomic():
        PracticeFactory()


def test_connection_that_is_cut_lets_the_next_one_in() -> None:
    with transaction.atomic():
        PracticeFactory()
        connection.close()
    assert not base._writing.locked()


def test_begin_that_fails_lets_the_next_one_in(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(connections["default"], "transaction_mode", "NEVER")
    with pytest.raises(OperationalError), transaction.atomic():
        Person.objects.count()
    assert not base._writing.locked()
