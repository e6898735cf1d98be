"""Django's SQLite backend, where the writers of one process wait in a queue.

SQLite lets one writer in at a time and the others ask again, less and less often: after a
quarter of a second, ten times a second. With forty people that costs seconds while the processor
sleeps. Here a thread waits for the one before it and is woken at once; other processes are still
waited for in SQLite's way.
"""

import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_writing = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that begins to write when the writer before it in this process has ended."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._is_writing = False

    def _start_transaction_under_autocommit(self) -> None:
        self._wait()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_the_next_one_in()
            raise

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

    def _wait(self) -> None:
        """Wait for our turn, no longer than SQLite itself would.

        Raises: OperationalError, in SQLite's own words, when the turn does not come.
        """
        if not self._is_writing and not _writing.acquire(blocking=False):
            (patience_ms,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
            if not _writing.acquire(timeout=patience_ms / 1000):
                raise OperationalError("database is locked")
        self._is_writing = True

    def _let_the_next_one_in(self) -> None:
        if self._is_writing:
            self._is_writing = False
            _writing.release()
