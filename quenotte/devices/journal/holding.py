"""Keeps the write-ahead log for us: nobody else can empty it before we have read it.

While a reader is in a transaction, SQLite lets others copy the log into the database up to what
the reader sees, never begin the log anew. A reader that begins when all of the log is in the
database sees the database alone: then the log may be begun anew once, and nothing more is copied
into the database until that reader ends. So under a reader that never ends before its successor
has begun, the log holds everything that came after the reader's beginning.
Source: https://www.sqlite.org/walformat.html#wal_locks
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from quenotte.devices.journal.frames import NotContinuous
from quenotte.devices.journal.states import Why

#: How long we wait for a writer before we try again at the next turn, in seconds.
_PATIENCE_S: Final = 0.5
#: How often a settling is tried while others write.
_TRIES: Final = 5

#: Descriptors of databases, by device and inode. Closing one would take away every lock that this
#: process has on that file (POSIX), SQLite's among them: they stay open as long as the process.
_KEPT: dict[tuple[int, int], int] = {}


def descriptor_of(database: Path) -> int:
    """Return a descriptor from which the database is read, the same one for ever.

    Raises: OSError.
    """
    found = database.stat()
    key = (found.st_dev, found.st_ino)
    if key not in _KEPT:
        _KEPT[key] = os.open(database, os.O_RDONLY | os.O_CLOEXEC)
    return _KEPT[key]


def let_go(database: Path) -> None:
    """Close what reads a database: for a process in which no connection to it is left."""
    found = database.stat()
    descriptor = _KEPT.pop((found.st_dev, found.st_ino), None)
    if descriptor is not None:
        os.close(descriptor)


class Holder:
    """Holds the log of one database, and brings it into the database when we have read it.

    Raises: sqlite3.Error, OSError; NotContinuous when the database keeps no write-ahead log.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._open: list[sqlite3.Connection] = []
        try:
            self._worker = self._connect()
            (mode,) = self._worker.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                raise NotContinuous(Why.NOT_WAL)
            self._reader = self._begun()
            self.descriptor = descriptor_of(database)
        except BaseException:
            self.close()
            raise
        found = os.fstat(self.descriptor)
        self._key = (found.st_dev, found.st_ino)

    def _connect(self) -> sqlite3.Connection:
        connection = _connected(self._database)
        self._open.append(connection)
        return connection

    def _begun(self) -> sqlite3.Connection:
        """Return a connection that reads what is committed now, and goes on seeing that alone."""
        connection = self._connect()
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        return connection

    @property
    def page_size(self) -> int:
        """The size of a page, in bytes."""
        return int(self._reader.execute("PRAGMA page_size").fetchone()[0])

    @property
    def size(self) -> int:
        """The size of the database as the reader sees it, in pages."""
        return int(self._reader.execute("PRAGMA page_count").fetchone()[0])

    def is_replaced(self) -> bool:
        """Tell whether another file took the database's place."""
        try:
            found = self._database.stat()
        except OSError:
            return True
        return (found.st_dev, found.st_ino) != self._key

    def open_log(self) -> int:
        """Return a descriptor of the log, to be closed by the caller; SQLite locks nothing there.

        Raises: NotContinuous when there is none.
        """
        try:
            path = self._database.with_name(f"{self._database.name}-wal")
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise NotContinuous(Why.LOG_GONE) from None

    def renew(self, read_on: Callable[[], None]) -> None:
        """Hold from now on; ``read_on`` reads the log to its end before the old hold ends."""
        before, now = self._reader, self._begun()
        try:
            read_on()
        except BaseException:
            self._end(now)
            raise
        self._reader = now
        self._end(before)

    def settle(
        self, read_on: Callable[[], None], is_read: Callable[[], bool], *, insist: bool = False
    ) -> bool:
        """Bring the log into the database; tell whether its next writer may begin it anew.

        ``read_on`` reads the log to its end and stores what is there; ``is_read`` tells whether
        nothing came since. Writers wait for neither: when something came, we let them on and try
        again, at the next turn in the end. ``insist``: make them wait instead.
        """
        for _ in range(_TRIES):
            self.renew(read_on)
            self._copy_in()
            try:
                self._worker.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                # Somebody writes for long: at the next turn.
                return False
            try:
                if insist:
                    read_on()
                if is_read():
                    return self._settled()
            finally:
                self._worker.execute("ROLLBACK")
        return False

    def _settled(self) -> bool:
        """Hold the database alone, now that nobody writes and everything is read."""
        self.renew(_nothing)
        if not self._copy_in():
            return False
        self.renew(_nothing)
        return True

    def _copy_in(self) -> bool:
        """Copy into the database what no reader still needs elsewhere; tell whether it is all."""
        connection = self._connect()
        try:
            found = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            self._end(connection)
        busy, frames, copied = found
        return not busy and frames == copied

    def _end(self, connection: sqlite3.Connection) -> None:
        self._open.remove(connection)
        connection.close()

    def close(self) -> None:
        """Hold no longer."""
        while self._open:
            self._open.pop().close()


def _connected(database: Path) -> sqlite3.Connection:
    address = f"file:{_quoted(database)}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=_PATIENCE_S, check_same_thread=False
    )
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def shorten_log(database: Path) -> None:
    """Bring into the database what nobody holds, so that the log does not grow without end.

    Raises: sqlite3.Error.
    """
    with contextlib.closing(_connected(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def copy(database: Path, target: Path) -> int:
    """Copy a database by SQLite's own means, in one step; return the size of its pages, in bytes.

    Raises: sqlite3.Error.
    """
    target.unlink(missing_ok=True)
    with (
        contextlib.closing(_connected(database)) as source,
        contextlib.closing(sqlite3.connect(target)) as made,
    ):
        # It is read at once and thrown away: no power cut matters to it.
        made.execute("PRAGMA synchronous=OFF")
        # In several steps it would begin again at every commit of another process.
        source.backup(made, pages=-1)
        return int(source.execute("PRAGMA page_size").fetchone()[0])


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _nothing() -> None:
    """Read nothing: no writer could write."""
