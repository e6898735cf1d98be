"""Data folders and places of copies, as the rooms of this app share them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quenotte.config import data_folder
from quenotte.upkeep.backups import operations, saving
from quenotte.upkeep.backups.engines import sqlite

PASSPHRASE = "bcde fghj knpr stuv xbcd efgh jknp rstu"
_TABLES = """
CREATE TABLE base_blob (sha256 TEXT PRIMARY KEY, size_bytes INTEGER);
CREATE TABLE base_line (number INTEGER PRIMARY KEY, seal TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
"""


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own, on the database of the tests."""
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    (settings.DATA_DIR / "keys" / "journal.key").write_text(settings.AUDIT_KEY)
    return settings.DATA_DIR


@pytest.fixture
def real_place(folder: Path, tmp_path: Path) -> str:
    """A place that was prepared, for the database of the tests."""
    place = str(tmp_path / "copies")
    operations.init(place, PASSPHRASE)
    return place


@pytest.fixture
def place(real_place: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place that was prepared; a small database is copied, whatever holds the rows."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.executescript(_TABLES)
        rows = [(f"{number} {'x' * 900}",) for number in range(300)]
        database.executemany("INSERT INTO notes (text) VALUES (?)", rows)
        database.commit()
    monkeypatch.setattr(sqlite, "in_use", lambda: folder / "db.sqlite3")
    monkeypatch.setattr(saving, "engine", sqlite.SQLite)
    return real_place
