"""What a copy of SQLite holds while somebody writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quenotte.upkeep.backups.engines import sqlite
from quenotte.upkeep.backups.engines.forms import NotRebuilt, UnreadableDatabase

pytestmark = pytest.mark.one_engine


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("PRAGMA wal_autocheckpoint=0")
        made.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        made.executemany(
            "INSERT INTO notes (text) VALUES (?)", [("été",), (None,), *[("x" * 3000,)] * 40]
        )
        yield made


def copied(tmp_path: Path) -> Path:
    target = tmp_path / "copy.sqlite3"
    sqlite.copy(tmp_path / "db.sqlite3", target)
    return target


def test_copy_holds_what_was_committed_and_nothing_else(
    database: sqlite3.Connection, tmp_path: Path
):
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO notes (text) VALUES ('not yet')")
    found = sqlite.of_file(copied(tmp_path))
    database.execute("ROLLBACK")
    assert found.tables == {"notes": 42}
    assert found.journal == (0, "")
    assert (found.blobs, found.migrations) == ((0, 0), {})


def test_copy_leaves_the_log_alone(database: sqlite3.Connection, tmp_path: Path):
    log = tmp_path / "db.sqlite3-wal"
    before = log.read_bytes()
    copied(tmp_path)
    assert log.read_bytes() == before != b""


def test_pages_stay_where_they_are(database: sqlite3.Connection, tmp_path: Path):
    first = copied(tmp_path).read_bytes()
    database.execute("INSERT INTO notes (text) VALUES ('one more')")
    second = copied(tmp_path).read_bytes()
    size = 4096
    pages = range(0, len(first), size)
    changed = [at for at in pages if first[at : at + size] != second[at : at + size]]
    assert 0 < len(changed) < len(pages)


def test_file_that_is_no_database_is_said(tmp_path: Path):
    (tmp_path / "db.sqlite3").write_bytes(b"encrypted by somebody" * 1000)
    with pytest.raises(UnreadableDatabase, match="copies précédentes restent bonnes"):
        copied(tmp_path)
    with pytest.raises(NotRebuilt), sqlite.SQLite().opened(tmp_path):
        pass
