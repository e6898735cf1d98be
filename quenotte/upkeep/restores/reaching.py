"""Moments of the past: made beside the practice by the worker, kept for a while, thrown away.

A moment is a database of the past in a folder that this account alone can read. How far its making
has come stands in a small file beside it, as with the copies: it is worth nothing tomorrow.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.base import rings
from quenotte.devices.phoenix import databases, opening
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.errors import NoRoom
from quenotte.devices.repository.browsing import find
from quenotte.devices.repository.errors import NoSuchPath
from quenotte.devices.repository.progress import Listener, Progress
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.restores.beside import chosen

#: How long a moment stays after somebody looked at it last, in seconds.
KEPT_S: Final = 2 * 3_600.0
#: Moments that stay at once; each is as large as the practice's database.
_MOST: Final = 3
#: What was asked for is believed to be about to begin for so long, in seconds.
_SOON_S: Final = 120.0
_EVERY_S: Final = 0.3
#: What says in a moment's folder of when it is.
_ABOUT: Final = "about.json"
#: Room that a moment leaves on the disk, in bytes.
_SPARE: Final = 200_000_000


class NotReady(Refusal):
    """A moment was never made, or was thrown away since."""

    message = _("Ce moment n’est plus à portée : il a été rangé.")
    next_step = _("Rien n’a été modifié. Demandez-le de nouveau, puis recommencez.")


class Full(Refusal):
    """The disk filled up meanwhile."""

    message = _("Le disque du serveur est plein : ce moment n’a pas pu être préparé.")
    next_step = _("Le cabinet et ses copies n’ont rien. Libérez de la place, puis recommencez.")


class Stage(StrEnum):
    """How far a moment is."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Moment:
    """The practice as a place holds it: at its last copy, or as near before ``as_of`` as it goes.

    ``search`` is the practice through all of whose rows somebody searches.
    """

    destination_id: UUID
    as_of: datetime | None = None
    search: UUID | None = None

    @property
    def key(self) -> str:
        """Return the name of its folder."""
        words = f"{self.destination_id}|{self.as_of.isoformat() if self.as_of else ''}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def work(self) -> str:
        """Return the name of what is made of it: its database, or a search through that."""
        return f"{self.key}-{self.search.hex}" if self.search else self.key


@dataclass(frozen=True)
class State:
    """How far it has come: ``done`` of ``total`` bytes (0: nobody knows), ``at`` Unix seconds.

    ``data_at`` is the instant that it shows (ISO 8601), ``words`` why it failed, ``notes`` what was
    passed by.
    """

    stage: Stage
    pid: int = 0
    done: int = 0
    total: int = 0
    at: float = 0.0
    data_at: str = ""
    snapshot: str = ""
    words: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def is_under_way(self) -> bool:
        """Tell whether somebody should wait."""
        return self.stage in {Stage.ASKED, Stage.MAKING}

    @property
    def percent(self) -> int | None:
        """Return how much of it is done, None while nobody knows."""
        return min(100, 100 * self.done // self.total) if self.total and self.done else None

    @property
    def moment(self) -> datetime:
        """Return the instant that it shows."""
        return datetime.fromisoformat(self.data_at)


def home() -> Path:
    """Return the folder of the moments; nobody but this account reads it, no copy holds it."""
    path = Path(settings.DATA_DIR) / "cache" / "past"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def folder_of(moment: Moment) -> Path:
    """Return the folder of a moment, there or not."""
    return home() / moment.key


def state_of(moment: Moment) -> State | None:
    """Return how far a moment is; None when nobody asked for it, or when it was thrown away.

    One that was made stays what it is for whoever looks at it, until somebody asks anew.
    """
    made, found = _made(moment), _read(_told(moment))
    if found is not None and found.is_under_way:
        return found if _is_alive(found) else made
    return made if found is None or (made is not None and made.at >= found.at) else found


def is_overtaken(moment: Moment, made: State) -> bool:
    """Tell whether a newer copy came since the last one was made; a moment by its hour stays."""
    if moment.as_of is not None or made.stage is not Stage.READY:
        return False
    newest = backups.standing_of(backups.destination(moment.destination_id)).last_whole_copy
    if newest is None or newest.ended_at is None:
        return False
    return newest.ended_at.timestamp() > made.at


def path_of(moment: Moment) -> Path:
    """Return the database of a moment that is ready, which stays a while longer.

    Raises: NotReady.
    """
    found = state_of(moment)
    path = _database_in(folder_of(moment))
    if found is None or found.stage is not Stage.READY or path is None:
        raise NotReady
    with contextlib.suppress(OSError):
        os.utime(path.parent)
    return path


def note(moment: Moment, state: State) -> None:
    """Write how far a moment is; a full disk stops nothing."""
    with contextlib.suppress(OSError):
        write(_told(moment), asdict(state))


def search_of(moment: Moment) -> Path:
    """Return the file in which what a search found is kept, with the moment and as long as it."""
    assert moment.search is not None
    return folder_of(moment) / f"search-{moment.search.hex}.json"


def write(path: Path, told: dict[str, Any]) -> None:
    """Write a file for this account alone, in one step. Raises: OSError."""
    draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file)
    draft.replace(path)


@contextmanager
def shown(moment: Moment) -> Iterator[Listener]:
    """Give a listener for the work inside, and show why it fails when it does.

    Raises: what is not expected; a refusal ends here, it is shown to who asked.
    """
    begun = State(Stage.MAKING, pid=os.getpid(), at=time.time())
    last = [0.0]
    note(moment, begun)

    def listen(progress: Progress) -> None:
        if time.monotonic() - last[0] >= _EVERY_S:
            last[0] = time.monotonic()
            note(moment, replace(begun, done=progress.done_bytes, total=progress.total_bytes))

    try:
        yield listen
        _told(moment).unlink(missing_ok=True)
    except Refusal as refusal:
        note(moment, State(Stage.FAILED, at=time.time(), words=str(refusal)))
    except BaseException:
        words = str(_("Un incident a interrompu ce travail : il est repris dans un instant."))
        note(moment, State(Stage.FAILED, at=time.time(), words=words))
        raise


def make(moment: Moment, listener: Listener | None = None) -> None:
    """Make the database of a moment, unless it is there.

    The journal of the base goes on from the copy where it comes nearer to the moment.

    Raises: Full, NoRoom, NoCopy, NoCopyThen, UnknownCopy, NoDatabase, BadDatabase, NotThere,
        Damaged, Missing, CannotRestore, Refused, Unreachable, Destination.DoesNotExist.
    """
    plain = replace(moment, search=None)
    with _turn(plain):
        made = _made(plain)
        if made is None or is_overtaken(plain, made):
            _make(plain, listener)
    forget_old()


def forget_old(now: float | None = None) -> int:
    """Throw away the moments that nobody looked at for a while; return how many.

    What a killed worker left half made goes as well.
    """
    now, place = now or time.time(), home()
    folders = [path for path in place.iterdir() if path.is_dir()]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    kept = [path for path in folders if not _is_workshop(path)][:_MOST]
    old = [path for path in folders if now - path.stat().st_mtime > KEPT_S]
    gone = {*old, *(path for path in folders if path not in kept and not _is_workshop(path))}
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    for path in place.iterdir():
        if path.is_file() and now - path.stat().st_mtime > KEPT_S:
            path.unlink(missing_ok=True)
    return len(gone)


def _make(moment: Moment, listener: Listener | None) -> None:
    place = backups.destination(moment.destination_id).place
    trust, wish = backups.trust_of(place), Wish(as_of=moment.as_of)
    repository, _secret = opening.opened(place, settings.BACKUP_KEY, wish=wish, **trust)
    snapshot = chosen(repository, wish)
    workshop = home() / f"{moment.key}.new"
    try:
        _check_room(repository, snapshot)
        path, data_at, notes = _database(repository, snapshot, workshop, moment, listener)
        about = State(
            Stage.READY, at=time.time(), data_at=data_at.isoformat(),
            snapshot=snapshot.id, notes=notes,
        )  # fmt: skip
        _settle(moment, path, workshop, about)
    except OSError as error:
        raise Full from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _database(
    repository: Repository,
    snapshot: Snapshot,
    workshop: Path,
    moment: Moment,
    listener: Listener | None,
) -> tuple[Path, datetime, tuple[str, ...]]:
    """Return the database nearest to the moment, or the dump of a server's, with its instant."""
    try:
        find(repository, snapshot, databases.DUMP)
    except NoSuchPath:
        made = databases.make(
            repository, snapshot, workshop,
            until=moment.as_of, with_journal=moment.as_of is not None, progress=listener,
        )  # fmt: skip
        assert made.path is not None
        return made.path, made.data_at, made.notes
    return databases.of_copy(repository, snapshot, workshop), snapshot.time, ()


def _settle(moment: Moment, made: Path, workshop: Path, about: State) -> None:
    """Give a database its place in one step, with what says of when it is."""
    folder = folder_of(moment)
    if made.name not in databases.NAMES:
        made = made.replace(workshop / databases.DATABASE)
    made.chmod(0o700 if made.is_dir() else 0o600)
    write(workshop / _ABOUT, asdict(about))
    workshop.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    workshop.replace(folder)


def _database_in(folder: Path) -> Path | None:
    """Return the database in a folder: a file, or the folder of a dump."""
    return next((path for path in map(folder.joinpath, databases.NAMES) if path.exists()), None)


def _told(moment: Moment) -> Path:
    return home() / f"{moment.work}.json"


def _check_room(repository: Repository, snapshot: Snapshot) -> None:
    with contextlib.suppress(NoSuchPath):
        needed = 2 * find(repository, snapshot, databases.DATABASE).size + _SPARE
        if shutil.disk_usage(home()).free < needed:
            raise NoRoom(needed)


@contextmanager
def _turn(moment: Moment) -> Iterator[None]:
    """Let one worker at a time make a moment; another one waits and finds it there."""
    handle = os.open(home() / f"{moment.key}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.utime(handle)
        yield
    finally:
        os.close(handle)


def _made(moment: Moment) -> State | None:
    """Return what is told of a moment whose files are there, the search through it too."""
    if _database_in(folder_of(moment)) is None:
        return None
    is_searched = moment.search is None or search_of(moment).is_file()
    return _read(folder_of(moment) / _ABOUT) if is_searched else None


def _is_alive(found: State) -> bool:
    if found.stage is Stage.ASKED:
        return time.time() - found.at < _SOON_S
    return rings.is_alive(found.pid)


def _is_workshop(path: Path) -> bool:
    return path.suffix == ".new"


def _read(path: Path) -> State | None:
    try:
        told = json.loads(path.read_text("utf-8"))
        return State(**{**told, "stage": Stage(told["stage"]), "notes": tuple(told["notes"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
