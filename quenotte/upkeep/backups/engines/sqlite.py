"""SQLite: copied in one step, page for page; what is restored is the database."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from quenotte.upkeep.backups.engines import contents
from quenotte.upkeep.backups.engines.contents import Contents
from quenotte.upkeep.backups.engines.forms import (
    DatabaseCopy,
    NoDatabase,
    NoRoomForCopy,
    NotRebuilt,
    Trial,
    UnreadableDatabase,
    check_room,
)

_WAIT_S: Final = 60.0
_SOUND: Final = [("ok",)]


class SQLite:
    """The engine of a data folder."""

    #: As the file is called in the tree, which is that of a data folder.
    NAME = "db.sqlite3"

    @contextmanager
    def copied(self, folder: Path) -> Iterator[DatabaseCopy]:
        """Copy the database into ``folder`` for the work inside."""
        path = folder / self.NAME
        try:
            data_at = timezone.now()
            copy(in_use(), path)
            yield DatabaseCopy(self.NAME, path, data_at, of_file(path), path.stat().st_size)
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Trial]:
        """Look into the restored file: nothing has to be made of it."""
        try:
            with _opened(folder / self.NAME) as database:
                blobs = dict(database.execute("SELECT sha256, size_bytes FROM base_blob"))
        except sqlite3.Error as error:
            raise NotRebuilt from error
        yield Trial({}, blobs)

    def figures(self) -> Contents:
        """Return the figures of the file in use."""
        return of_file(in_use())

    def faults(self) -> tuple[str, int]:
        """Return what SQLite says of the file in use."""
        with _opened(in_use()) as database:
            said = database.execute("PRAGMA integrity_check(10)").fetchall()
            foreign = sum(1 for _ in database.execute("PRAGMA foreign_key_check"))
        return ("" if said == _SOUND else "\n".join(str(line) for (line,) in said)), foreign


def in_use() -> Path:
    """Return the file of the database in use. Raises: NoDatabase."""
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.is_file():
        raise NoDatabase
    return path


def copy(source: Path, target: Path) -> None:
    """Copy a database in one step, page for page, as it is between two transactions.

    In several steps SQLite would begin anew at each commit of somebody else. The source is opened
    for reading alone: closing it then never empties its log, which the journal follows.

    Raises: NoRoomForCopy, UnreadableDatabase.
    """
    log = source.with_name(f"{source.name}-wal")
    check_room(target.parent, sum(one.stat().st_size for one in (source, log) if one.exists()))
    uri = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(uri, uri=True, timeout=_WAIT_S)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            # It is thrown away after the run: no need to outlive a power cut.
            write.execute("PRAGMA journal_mode=OFF")
            write.execute("PRAGMA synchronous=OFF")
            read.backup(write, pages=-1)
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        raise (NoRoomForCopy if is_full else UnreadableDatabase) from error


class _Asked:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        names = self.ask(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        self.tables: dict[str, int] = {name: self._count(name) for (name,) in names}

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        return self._database.execute(question).fetchall()

    def _count(self, name: str) -> int:
        quoted = name.replace('"', '""')
        return int(self.ask(f'SELECT COUNT(*) FROM "{quoted}"')[0][0])  # noqa: S608


def of_file(path: Path) -> Contents:
    """Return the figures of a database file that nobody writes. Raises: sqlite3.Error, OSError."""
    with path.open("rb") as stream:
        pages = hashlib.file_digest(stream, "sha256").hexdigest()
    with _opened(path) as database:
        asked = _Asked(database)
        texts = asked.ask("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
        return Contents(
            engine="sqlite",
            tables=asked.tables,
            hash=pages,
            schema=contents.hash_of([text for (text,) in texts]),
            migrations=contents.migrations(asked),
            journal=contents.journal(asked),
            blobs=contents.blobs(asked),
        )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # Immutable: nothing is written beside it, and a log that is not there is not looked for.
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        yield database
