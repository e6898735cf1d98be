"""Django's SQLite backend, where the writers of one process wait for one lock.

SQLite lets one writer in at a time and the others ask again, less and less often: after a
quarter of a second, ten times a second. With forty people that costs seconds while the processor
sleeps. Here a thread waits for the lock of its process and is woken at once when it is free, in no
promised order; other processes are still waited for in SQLite's way, and both waits together are
no longer than SQLite's alone.

While the journal follows the log, writers leave it alone; without one they bring it into the
database whenever it is long, as SQLite does.
"""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, operations

from quenotte.devices.journal import presence

_writing = threading.Lock()

#: Statements whose placeholders were written SQLite's way once: a page asks the same thirty.
_STATEMENTS = 512
#: Longer ones bring rows in by the hundred, each time another number of them.
_LONGEST = 4_000
#: From so many pages on a writer brings the log into the database, when nobody follows it:
#: SQLite's own number.
_LOG_PAGES = 1000
#: How often a connection that writes looks whether the journal follows the log, in seconds.
_LOOK_EVERY_S = 5.0


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor; it need not look for the placeholders of a statement it has seen."""

    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        """Return the statement with the placeholders of SQLite."""
        if param_names is None and len(query) <= _LONGEST:
            return _converted(query)
        return str(super().convert_query(query, param_names=param_names))


@lru_cache(_STATEMENTS)
def _converted(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Operations(operations.DatabaseOperations):
    """Django's operations; instants, of which a record reads a hundred, are read in one step."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return an instant with its zone, UTC where the column says none, as Django does."""
        if type(value) is not str or self.connection.timezone is not UTC:
            return super().convert_datetimefield_value(value, expression, connection)
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return super().convert_datetimefield_value(value, expression, connection)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that begins to write when the writer before it in this process has ended."""

    ops_class = Operations

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._is_writing = False
        self._look_at = 0.0
        self._log_pages = _LOG_PAGES

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a new connection, of which nothing is known yet."""
        self._look_at, self._log_pages = 0.0, _LOG_PAGES
        return super().get_new_connection(conn_params)

    def _leave_the_log_to_the_journal(self) -> None:
        """Look now and then who brings the log into the database: the journal, else we do."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_EVERY_S
        pages = 0 if presence.is_followed(Path(self.settings_dict["NAME"])) else _LOG_PAGES
        if pages != self._log_pages:
            self.connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
            self._log_pages = pages

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of the kind above."""
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        self._leave_the_log_to_the_journal()
        waited_ms = self._wait()
        try:
            self._begin(waited_ms)
        except BaseException:
            self._let_the_next_one_in()
            raise

    def _begin(self, waited_ms: int) -> None:
        """Begin with what is left of the patience; SQLite waits for the other processes."""
        begin = super()._start_transaction_under_autocommit  # type: ignore[misc]
        if not waited_ms:
            begin()
            return
        patience_ms = self._patience_ms()
        self._be_patient(max(0, patience_ms - waited_ms))
        try:
            begin()
        finally:
            self._be_patient(patience_ms)

    def _patience_ms(self) -> int:
        (patience_ms,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
        return int(patience_ms)

    def _be_patient(self, patience_ms: int) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {patience_ms}")

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._let_the_next_one_in()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_the_next_one_in()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_the_next_one_in()

    def _wait(self) -> int:
        """Wait for our turn, no longer than SQLite itself would; return how long, in ms.

        Raises: OperationalError, in SQLite's own words, when the turn does not come.
        """
        waited_ms = 0
        if not self._is_writing and not _writing.acquire(blocking=False):
            since = time.monotonic()
            if not _writing.acquire(timeout=self._patience_ms() / 1000):
                raise OperationalError("database is locked")
            waited_ms = round((time.monotonic() - since) * 1000)
        self._is_writing = True
        return waited_ms

    def _let_the_next_one_in(self) -> None:
        if self._is_writing:
            self._is_writing = False
            _writing.release()
