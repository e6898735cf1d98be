"""Looks at one database: its log while we hold it, and all its pages at one moment."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from quenotte.devices.journal import frames, moments
from quenotte.devices.journal.deltas import BRIDGE
from quenotte.devices.journal.frames import Found, NotContinuous, Position
from quenotte.devices.journal.holding import Holder
from quenotte.devices.journal.states import Why
from quenotte.devices.journal.steps import Step


class Watch:
    """A database whose log is held from the first look on."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self._holder: Holder | None = None
        #: Where all of the log was in the database, under this hold: nothing else is copied into
        #: the database since, and the log may begin anew there without our missing anything.
        self.settled: Position | None = None

    @property
    def holder(self) -> Holder:
        """What holds the log. Raises: sqlite3.Error, OSError, NotContinuous."""
        if self._holder is None:
            self._holder = Holder(self.database)
            self.settled = None
        return self._holder

    def is_replaced(self) -> bool:
        """Tell whether another file took the place of the one that we hold."""
        return self._holder is not None and self._holder.is_replaced()

    def let_go(self) -> None:
        """Hold the log no longer."""
        if self._holder is not None:
            self._holder.close()
            self._holder = None
        self.settled = None

    @contextlib.contextmanager
    def log(self) -> Iterator[int]:
        """Open the log. Raises: NotContinuous when there is none."""
        log = self.holder.open_log()
        try:
            yield log
        finally:
            os.close(log)

    @contextlib.contextmanager
    def now(self, kind: str = BRIDGE, why: Why = Why.NOTHING) -> Iterator[Step]:
        """Give all pages as of the last commit, and where that is."""
        with self._log_that_holds_something() as log:
            whole = None
            if log is not None:
                # What lies before is in the database, and SQLite reads it there.
                whole = frames.since(log, self.settled, may_restart=self.settled is not None)
            yield self.all_pages(log, whole, kind, why)

    @contextlib.contextmanager
    def at(self, position: Position | None) -> Iterator[Step]:
        """Give all pages as of a position that was read under this hold."""
        with self._log_that_holds_something() as log:
            if log is None or position is None or position == self.settled:
                yield self.all_pages(None, None)
            else:
                yield self.all_pages(log, frames.since(log, None, until=position.frames))

    def all_pages(
        self, log: int | None, whole: Found | None, kind: str = BRIDGE, why: Why = Why.NOTHING
    ) -> Step:
        """Return all pages as of the end of ``whole``, before which all is in the database."""
        holder, found = self.holder, whole or Found(None)
        size, page_size = found.size or holder.size, holder.page_size
        if log is None:
            pages = moments.file_pages(holder.descriptor, size, page_size)
        else:
            pages = moments.held_pages(holder.descriptor, log, found, size, page_size)
        return Step(kind, pages, size, page_size, found.position, why, found.frames, found.commits)

    @contextlib.contextmanager
    def _log_that_holds_something(self) -> Iterator[int | None]:
        with contextlib.ExitStack() as stack:
            try:
                log = stack.enter_context(self.log())
            except NotContinuous:
                yield None
                return
            yield log if frames.read_header(log) is not None else None
