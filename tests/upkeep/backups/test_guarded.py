"""Copies that the guard looks at: what it sees in a real small database and real files."""

import sqlite3
from contextlib import closing

import pytest

from quenotte.upkeep.backups import operations, places
from quenotte.upkeep.backups.engines.forms import UnreadableDatabase
from quenotte.upkeep.guard import queries
from quenotte.upkeep.guard.models import Anomaly, Look

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


def change(folder, *statements):
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        for words in statements:
            database.execute(words)


def guarded(copy):
    return copy.summary["guard"]


def test_ordinary_copies_are_good_and_bear_no_tag(place, folder):
    change(folder, "INSERT INTO base_line VALUES (1, 'seal one')")
    assert guarded(operations.run(place)) == {
        "state": "calm", "score": 0, "signs": [], "is_good": True,
    }  # fmt: skip
    change(
        folder,
        "INSERT INTO base_line VALUES (2, 'seal two')",
        "UPDATE notes SET text='x' WHERE id=3",
    )
    copy = operations.run(place)
    assert guarded(copy)["is_good"]
    assert "quarantine" not in places.opened(place).snapshot(copy.snapshot_id).tags
    assert Look.objects.count() == 2


@pytest.mark.parametrize(
    ("statements", "signs"),
    [
        (["UPDATE base_line SET seal = 'another'"], ["journal"]),
        (["DELETE FROM notes WHERE id > 10"], ["rows_ruined", "rows_changed"]),
        (["UPDATE notes SET text = 'poison'"], ["rows_changed", "collapse"]),
        (
            ["DROP TRIGGER never", "UPDATE signed SET text = 'poison' WHERE id = 1"],
            ["sealed", "schema"],
        ),
    ],
)
def test_poisoned_rows_show(place, folder, statements, signs):
    change(
        folder,
        "INSERT INTO base_line VALUES (1, 'seal one')",
        "CREATE TABLE signed (id INTEGER PRIMARY KEY, text TEXT)",
        "INSERT INTO signed (text) VALUES ('signed by a dentist')",
        "CREATE TRIGGER never BEFORE UPDATE ON signed BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    operations.run(place)
    change(folder, *statements)
    copy = operations.run(place)
    assert guarded(copy)["signs"] == signs
    assert "quarantine" in places.opened(place).snapshot(copy.snapshot_id).tags
    assert queries.is_alarmed()


def test_database_that_does_not_open_raises_an_alarm(place, folder):
    operations.run(place)
    (folder / "db.sqlite3").write_bytes(b"encrypted" * 4_000)
    with pytest.raises(UnreadableDatabase):
        operations.run(place)
    assert [one["sign"] for one in Anomaly.objects.get().signals] == ["unreadable"]
