"""A copy says where it stands in the journal of its place."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.devices.journal import marks
from quenotte.devices.journal.carriers import Shelf, sealed_by
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier, sweep
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.store import JOURNAL
from quenotte.devices.repository.writing import Source, save
from quenotte.upkeep.backups import following, operations, places
from quenotte.upkeep.backups.models import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


class Journal:
    """The journal of a small database, sealed for a place, as its process keeps it."""

    def __init__(self, database: Path, place: str) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=wal")
            connection.execute("CREATE TABLE acts (words TEXT)")
        self.database = database
        repository = places.opened(place)
        self.store = repository.store
        seal = sealed_by(repository.key)
        self.shipper = Shipper(database, following.home(), seal)
        self.courier = Courier(Shelf(repository.store), self.shipper.spool, seal)

    def turn(self, *, deliver: bool = True) -> None:
        self.courier.greet()
        self.shipper.turn([self.courier])
        if deliver:
            self.courier.deliver()
            sweep(self.shipper.spool, [self.courier])

    def write(self) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute("INSERT INTO acts VALUES (hex(randomblob(300)))")

    def names(self) -> list[str]:
        return sorted(name for name, _size in self.store.names(JOURNAL))


@pytest.fixture
def journal(real_place: str, tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "small.sqlite3", real_place)
    yield made
    made.shipper.close()


def snapshot_of(place: str, copy: Copy) -> Snapshot:
    return places.opened(place).snapshot(copy.snapshot_id)


def test_copy_bears_the_last_step(place: str, journal: Journal):
    journal.turn()
    mark = marks.mark_in(snapshot_of(place, operations.run(place)).tags)
    assert mark == marks.of_name(journal.names()[-1])


def test_copy_of_a_place_without_a_journal_bears_none(place: str):
    assert set(snapshot_of(place, operations.run(place)).tags) == {"quenotte", "by_hand"}


def test_step_on_its_way_counts(place: str, journal: Journal):
    journal.turn(deliver=False)
    mark = marks.mark_in(snapshot_of(place, operations.run(place)).tags)
    assert mark is not None
    assert mark.sequence == journal.shipper.end.memory.sequence
    assert journal.names() == []


def test_machine_that_counts_anew_says_what_lies_at_the_place(place: str, journal: Journal):
    journal.turn()
    journal.shipper.close()
    shutil.rmtree(following.home())
    mark = marks.mark_in(snapshot_of(place, operations.run(place)).tags)
    assert mark == marks.of_name(journal.names()[-1])


def test_copy_that_the_journal_knows_nothing_of_is_not_proved_in_its_place(
    real_place: str, journal: Journal, frozen_clock: Any
):
    journal.turn()
    copy = operations.run(real_place)
    ahead = timezone.now() + timedelta(hours=10)
    save(places.opened(real_place), [Source("db.sqlite3", b"of somebody")], time=ahead, host="x")
    frozen_clock.shift(60)
    proof = operations.prove(real_place)
    assert (proof.state, proof.snapshot_id) == ("done", copy.snapshot_id)
    assert "ne connaît pas est laissée de côté" in proof.outcome
