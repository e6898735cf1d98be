"""Writers of one process wait for one another in a queue, and no longer than they are told."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, connections, transaction

from quenotte.base.people.models import Person
from quenotte.config.sqlite import base
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


def test_waiting_writer_is_woken_when_the_one_before_ends() -> None:
    ended: list[float] = []

    def write() -> None:
        with transaction.atomic():
            PracticeFactory()
        ended.append(time.perf_counter())

    with transaction.atomic():
        PracticeFactory()
        others = [_in_a_thread(write) for _ in range(4)]
        # Long enough for SQLite's own waiting to ask ten times a second only.
        time.sleep(0.6)
    let_in = time.perf_counter()
    for other in others:
        other.join()
    assert min(ended) - let_in < 0.08


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
