"""Makes the database again from what the carriers hold, and proves that it is the one.

Objects are followed by their hashes, never by a clock. One that is missing or damaged on a carrier
is taken from another. A step counts when all its objects are there; replay ends at the last step
that follows without a break, and says what it could not use.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quenotte.devices.journal import deltas, durable
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import BASE, DELTA, Head, Object, Seal
from quenotte.devices.journal.hashes import total_of
from quenotte.devices.journal.moments import file_pages
from quenotte.devices.journal.shelves import Shelves

Progress = Callable[[int, int], None]


class CannotReplay(Exception):
    """Nothing that the carriers hold makes a database, or what it makes is not the right one.

    ``before``: the sequence number up to which the chain is free of the step that is suspected,
    the newest that brought pages which no commit of SQLite's wrote; 0 when there is none.
    """

    def __init__(self, words: str, before: int = 0) -> None:
        super().__init__(words)
        self.before = before


@dataclass(frozen=True)
class Replayed:
    """What was made."""

    sequence: int
    made_at: str
    size: int
    page_size: int
    steps: int
    commits: int
    #: Steps by which a gap was closed: nobody can go back to moments within it.
    holes: tuple[int, ...] = ()
    #: True when everything that the carriers hold of this chain was used.
    is_whole: bool = True
    #: Where it broke off; empty when it did not.
    broken_at: str = ""
    junk: tuple[str, ...] = field(default=())
    #: The last number before the newest step that is no delta: a base, a bridge, a copy.
    before: int = 0


def replay(
    carriers: Sequence[Carrier],
    target: Path,
    seal: Seal,
    *,
    until: int | None = None,
    progress: Progress | None = None,
) -> Replayed:
    """Write to ``target`` the database as it was after the last whole step, up to ``until``.

    ``until``: a sequence number. ``progress`` is called with the objects done and those there are.

    Raises: CannotReplay, OSError.
    """
    shelves = Shelves(carriers, seal, deltas.opened, until)
    for base in shelves.bases():
        target.unlink(missing_ok=True)
        made = _made_from(shelves, base, target, progress)
        if made is not None:
            _judge(target, made[0], made[1].before)
            return made[1]
    raise CannotReplay("no whole base of the journal is there")


def _made_from(
    shelves: Shelves[Object], base: int, target: Path, progress: Progress | None
) -> tuple[Head, Replayed] | None:
    last: Head | None = None
    steps, commits, holes, before = 0, 0, [], 0
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        for step in _steps(shelves.follow(base)):
            head = step[-1].head
            if last is None and head.kind != BASE:
                return None
            _write(descriptor, step)
            last, steps, commits = head, steps + 1, commits + head.commits
            if head.why and head.sequence - head.part + 1 != base:
                holes.append(head.sequence)
            if head.kind != DELTA:
                before = head.sequence - head.part
            if progress is not None:
                progress(head.sequence - base + 1, shelves.last - base + 1)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    durable.names_kept(target.parent)
    if last is None:
        return None
    return last, Replayed(
        last.sequence, last.made_at, last.size, last.page_size, steps, commits, tuple(holes),
        not shelves.broken_at, shelves.broken_at, tuple(shelves.junk), before,
    )  # fmt: skip


def _steps(objects: Iterable[Object]) -> Iterator[list[Object]]:
    """Yield whole steps; void ones are passed over."""
    step: list[Object] = []
    for thing in objects:
        step = [thing] if thing.head.part == 1 else [*step, thing]
        if thing.head.is_last and len(step) == thing.head.part:
            yield step
            step = []
        elif thing.head.part != len(step):
            step = []


def _write(descriptor: int, step: Iterable[Object]) -> None:
    """Bring the pages of a step to their places, then cut the file to its size."""
    size = 0
    for thing in step:
        page_size, size = thing.head.page_size, thing.head.size * thing.head.page_size
        if thing.head.part == 1:
            # Pages that a shorter database lost come back empty.
            os.ftruncate(descriptor, min(size, os.fstat(descriptor).st_size))
        for number, image in thing.pages:
            os.pwrite(descriptor, image, (number - 1) * page_size)
    os.ftruncate(descriptor, size)


def _judge(target: Path, head: Head, before: int) -> None:
    """Prove that the file is what the last step says.

    Raises: CannotReplay.
    """
    descriptor = os.open(target, os.O_RDONLY | os.O_CLOEXEC)
    try:
        pages = file_pages(descriptor, head.size, head.page_size)
        total = total_of(pages, head.size, head.page_size)
    finally:
        os.close(descriptor)
    if total != head.total:
        raise CannotReplay("the pages are not those that the last step states", before)
    if head.size:
        try:
            with contextlib.closing(sqlite3.connect(target)) as connection:
                said = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            # The journal followed a file that somebody had made unreadable, faithfully.
            raise CannotReplay(f"SQLite does not know it: {error}", before) from error
        if said != ("ok",):
            raise CannotReplay(f"SQLite finds fault with it: {said[0]}", before)
