"""The database first: made from the journal when that goes further than the copy, else from it."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from quenotte.devices.journal import deltas
from quenotte.devices.journal.deltas import Object
from quenotte.devices.journal.marks import Since
from quenotte.devices.journal.replay import CannotReplay, Replayed, replay
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.phoenix import journals, messages
from quenotte.devices.phoenix.errors import BadDatabase, NoDatabase
from quenotte.devices.phoenix.journals import Journal
from quenotte.devices.phoenix.moments import moment_words
from quenotte.devices.repository.errors import NoSuchPath
from quenotte.devices.repository.progress import Listener, Progress
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import find, restore
from quenotte.devices.repository.snapshots import Snapshot

#: As the database is called in a snapshot, which is laid out like a data folder.
DATABASE: Final = "db.sqlite3"
#: As the folder of a dump of PostgreSQL's is called there.
DUMP: Final = "postgres"
NAMES: Final = (DATABASE, DUMP)
_HEADER: Final = b"SQLite format 3\0"
#: Steps that followed an unreadable file and that are walked back over, at most.
_WALKED: Final = 12


@dataclass(frozen=True)
class Made:
    """A sound database and the moment that it shows (aware). ``notes`` say what was passed by.

    ``path`` is None for a database of a server, which is in its place already.
    """

    path: Path | None
    data_at: datetime
    notes: tuple[str, ...] = ()


def make(
    repository: Repository,
    snapshot: Snapshot,
    workshop: Path,
    *,
    until: datetime | None,
    with_journal: bool,
    progress: Listener | None = None,
) -> Made:
    """Make the database in a workshop, which is emptied before.

    ``with_journal``: the journal may go further than the snapshot; up to ``until`` (aware) when it
    is given.

    Raises: NoDatabase, BadDatabase, Damaged, Missing, CannotRestore, Unreachable.
    """
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(mode=0o700, parents=True)
    notes: tuple[str, ...] = ()
    if with_journal:
        made, notes = _from_journal(repository, snapshot, workshop / "journal", until, progress)
        if made is not None:
            return made
    return Made(_from_snapshot(repository, snapshot, workshop, progress), snapshot.time, notes)


def of_copy(repository: Repository, snapshot: Snapshot, workshop: Path) -> Path:
    """Bring the database of a copy into a workshop, which is emptied before: a file, or a dump.

    Raises: NoDatabase, BadDatabase, Damaged, Missing, CannotRestore, Unreachable.
    """
    try:
        find(repository, snapshot, DUMP)
    except NoSuchPath:
        made = make(repository, snapshot, workshop, until=None, with_journal=False)
        assert made.path is not None
        return made.path
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(mode=0o700, parents=True)
    restore(repository, snapshot, workshop, only=[DUMP])
    return workshop / DUMP


def settle(made: Path, target: Path) -> None:
    """Put a database in its place, without what may be left of another one. Raises: OSError."""
    for suffix in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    made.chmod(0o600)
    _sync(made, os.O_RDWR)
    made.replace(target)
    _sync(target.parent, os.O_RDONLY)


def judge(path: Path) -> None:
    """Make sure that a file is a sound database. Raises: BadDatabase."""
    try:
        with path.open("rb") as file:
            is_ours = file.read(len(_HEADER)) == _HEADER
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            is_sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.Error as error:
        raise BadDatabase from error
    if not (is_ours and is_sound):
        raise BadDatabase


def _from_snapshot(
    repository: Repository, snapshot: Snapshot, workshop: Path, progress: Listener | None
) -> Path:
    try:
        find(repository, snapshot, DATABASE)
    except NoSuchPath:
        raise NoDatabase from None
    restore(repository, snapshot, workshop, only=[DATABASE], progress=progress)
    judge(workshop / DATABASE)
    return workshop / DATABASE


def _from_journal(
    repository: Repository,
    snapshot: Snapshot,
    target: Path,
    until: datetime | None,
    progress: Listener | None,
) -> tuple[Made | None, tuple[str, ...]]:
    """Replay the journal when it leads further than the snapshot; return what was made, or why not.

    Numbers of steps tell where the place knows that of the snapshot, else the dates.
    """
    journal = journals.of(repository)
    if not journal.is_listed:
        return None, (messages.SKIPPED_JOURNAL,)
    shelves = Shelves([journal.carrier], journal.seal, deltas.opened)
    end = _end(shelves, until)
    if end is None:
        return None, ()
    since = journal.chain.since(snapshot.time, snapshot.tags)
    if not since.is_passed_by(*end):
        return None, () if until is not None else older(since, *end)
    try:
        found = _replayed(shelves, journal, target, end[0], since, _told(progress))
    except (CannotReplay, OSError):
        return None, (messages.SKIPPED_JOURNAL,)
    made_at = _moment(found)
    if not since.is_passed_by(found.sequence, made_at):
        return None, (messages.SKIPPED_JOURNAL,)
    return Made(target, made_at, _broken(found, made_at, end[0])), ()


def older(since: Since, sequence: int, made_at: datetime) -> tuple[str, ...]:
    """Say that a journal ends before the date of a copy, where nothing proves that this holds it.

    ``sequence`` and ``made_at`` are those of its last step.
    """
    if since.holds(sequence):
        return ()
    end, moment = moment_words(made_at), moment_words(since.time)
    return (messages.OLDER_JOURNAL.format(end=end, moment=moment),)


def _replayed(
    shelves: Shelves[Object],
    journal: Journal,
    target: Path,
    end: int,
    since: Since,
    told: Callable[[int, int], None] | None,
) -> Replayed:
    """Replay up to an end, or up to before what an unreadable file left in the journal.

    A base or a bridge that followed such a file hides all that came before it; so the walk goes
    back over the newest of them, as long as the chain still leads further than ``since``.

    Raises: CannotReplay, OSError.
    """
    until, left = end, _WALKED
    while True:
        try:
            return replay([journal.carrier], target, journal.seal, until=until, progress=told)
        except CannotReplay as failure:
            left -= 1
            found = shelves.newest(failure.before + 1) if failure.before and left else None
            if found is None or not since.is_passed_by(found.head.sequence, _made(found)):
                raise
            until = found.head.sequence


def _end(shelves: Shelves[Object], until: datetime | None) -> tuple[int, datetime] | None:
    """Return the last object up to a moment and when it was made; None when there is none."""
    newest = shelves.newest()
    if newest is None:
        return None
    high, made_at = newest.head.sequence, _made(newest)
    if until is None or made_at <= until:
        return high, made_at
    return _before(shelves, until, high)


def _before(shelves: Shelves[Object], until: datetime, high: int) -> tuple[int, datetime] | None:
    """Look for the last object before a moment by halves: numbers and clocks go up together."""
    low, best = 0, None
    while low < high:
        middle = (low + high) // 2
        at = _made_at(shelves, middle)
        if at is None:
            # Older ones may have been left out by the place: what is there is above.
            low = middle + 1
        elif at <= until:
            best, low = (middle, at), middle + 1
        else:
            high = middle
    return best


def _made_at(shelves: Shelves[Object], sequence: int) -> datetime | None:
    for name in shelves.names_at(sequence):
        thing = shelves.opened(name)
        if thing is not None:
            return _made(thing)
    return None


def _made(thing: Object) -> datetime:
    return datetime.fromisoformat(thing.head.made_at)


def _moment(found: Replayed) -> datetime:
    return datetime.fromisoformat(found.made_at)


def _broken(found: Replayed, made_at: datetime, end: int) -> tuple[str, ...]:
    """Say where it ends when more is there: broken, or held back from what is unreadable."""
    if found.is_whole and found.sequence == end:
        return ()
    return (messages.ENDS_AT.format(moment=moment_words(made_at)),)


def _told(progress: Listener | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(Progress(done, total, messages.JOURNAL))


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
