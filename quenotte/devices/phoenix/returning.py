"""One return, from an open repository to a folder that the program can open, step by step.

Each step may be cut short and begun again: nothing has its name before it is whole, and the marker
says how far the folder has come. Files (radiographs, documents) follow later, see ``pictures``.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.phoenix import (
    choosing,
    claims,
    databases,
    doubts,
    erasures,
    journals,
    logged,
    marker,
    messages,
    opening,
    servers,
)
from quenotte.devices.phoenix.choosing import Known, Wish
from quenotte.devices.phoenix.errors import BadDatabase, NoDatabase, NoRoom, NotEmpty, OtherReturn
from quenotte.devices.phoenix.marker import Marker, Secret, Stage
from quenotte.devices.phoenix.moments import moment_words
from quenotte.devices.repository.browsing import find, nodes_of
from quenotte.devices.repository.errors import Damaged, Missing, NoSuchPath
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.rest import RestStore
from quenotte.devices.repository.restoring import restore
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.store import SNAPSHOTS
from quenotte.devices.repository.trees import Node

#: What has a step of its own, and what a copy must not bring into a folder of ours.
_NOT_REST: Final = frozenset(
    {
        databases.DATABASE, servers.FOLDER, "manifest.json", "blobs", "cache", "incoming", "logs",
        "run", marker.MARKER, marker.SECRET, marker.WORKSHOP, marker.RETURNED,
    }
)  # fmt: skip
#: What is left beside an empty data folder that somebody prepared, a mount point among them.
_NOTHING: Final = frozenset({"lost+found"})
#: Room for the database twice, and some more. Bytes.
_SPARE: Final = 200_000_000


@dataclass(frozen=True)
class Told:
    """What is said of a return: to whom, in words, and in bytes."""

    say: Callable[[str], None]
    progress: Listener | None = None


def known(repository: Repository, now: datetime) -> Known:
    """Return the copies of a repository and how its place orders them.

    Raises: Damaged when there is none that can be read, Unreachable.
    """
    store = repository.store
    received = store.received(SNAPSHOTS) if isinstance(store, RestStore) else []
    copies_there = tuple(repository.snapshots())
    return Known(copies_there, tuple(received), now, journals.anew(repository).chain)


def copies(repository: Repository, now: datetime) -> list[Snapshot]:
    """Return the copies that one may come back from, the best first.

    Raises: Damaged when there is none that can be read, Unreachable.
    """
    return known(repository, now).to_try()


def check_folder(folder: Path) -> Marker | None:
    """Return the marker of a return that may go on; None for a new or an empty folder.

    Raises: NotEmpty; nothing is ever written over.
    """
    if found := marker.load(folder):
        return found
    try:
        left = [path.name for path in folder.iterdir() if not _is_nothing(path.name)]
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise NotEmpty(folder) from None
    if left:
        raise NotEmpty(folder)
    return None


def needs_server(repository: Repository, wish: Wish, now: datetime | None = None) -> bool:
    """Tell whether the copy that is wished was made of a PostgreSQL practice.

    Raises: NoCopy, NoCopyThen, UnknownCopy, Damaged, Unreachable.
    """
    return _is_on_server(
        repository, choosing.wanted(copies(repository, now or datetime.now(UTC)), wish)
    )


def _is_on_server(repository: Repository, tried: list[Snapshot]) -> bool:
    """Tell by the first copy that can be read: those that cannot are passed by later."""
    for snapshot in tried:
        with contextlib.suppress(Damaged, Missing):
            return _holds(repository, snapshot, servers.FOLDER)
    return False


def _holds(repository: Repository, snapshot: Snapshot, name: str) -> bool:
    return any(node.name == name.encode() for node in nodes_of(repository, snapshot.tree))


def _is_nothing(name: str) -> bool:
    """Tell whether a name is no practice: a disk's own, or a marker that never became one."""
    return name in _NOTHING or (name.startswith(f".{marker.MARKER}.") and name.endswith(".part"))


def bring_back(
    folder: Path,
    repository: Repository,
    secret: Secret,
    wish: Wish,
    told: Told,
    *,
    now: datetime | None = None,
) -> Marker:
    """Bring database, keys and settings back into a folder; go on where a return was cut short.

    When this ends, the practice can be opened; its files are still away. A practice of PostgreSQL
    comes back into the database that ``secret`` names, which has to be empty.

    Raises: NotEmpty, OtherReturn, Busy, NoCopy, NoCopyThen, UnknownCopy, NoDatabase, BadDatabase,
        NoRoom, NoServerNamed, BadAddress, NoServer, DatabaseNotEmpty, NoRestoreProgram, NotTaken,
        Damaged, Missing, CannotRestore, Refused, Unreachable.
    """
    begun = check_folder(folder)
    if begun is not None and _is_other(begun, repository, wish):
        raise OtherReturn
    now = now or datetime.now(UTC)
    # Somebody may have thought about which copy to take for as long as the old server still wrote.
    journals.forget(repository)
    held = known(repository, now)
    tried = choosing.wanted(held.to_try(), wish)
    is_waiting = begun is None or begun.stage is Stage.DATABASE
    if is_waiting and _is_on_server(repository, tried):
        servers.check(secret.database, begun)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with marker.turn(folder) if begun else _begun(folder, repository, secret, now):
        found = marker.load(folder)
        assert found is not None
        if found.is_open:
            return found
        marker.save_secret(folder, secret)
        back = _Return(folder, repository, found, wish, told, secret.database, held)
        return back.run(tried)


def _is_other(begun: Marker, repository: Repository, wish: Wish) -> bool:
    is_named = bool(wish.snapshot and begun.snapshot)
    return begun.repository != repository.id or (
        is_named and not begun.snapshot.startswith(wish.snapshot.lower())
    )


@contextmanager
def _begun(folder: Path, repository: Repository, secret: Secret, now: datetime) -> Iterator[None]:
    """Mark a folder before anything else is in it, so that a cut leaves no unknown folder."""
    marker.save(
        folder,
        Marker(
            Stage.DATABASE, opening.label_of(secret.place), repository.id, "",
            now.isoformat(timespec="seconds"),
        ),
    )  # fmt: skip
    with marker.turn(folder):
        yield


class _Return:
    """The steps of one return; the turn is held."""

    def __init__(
        self,
        folder: Path,
        repository: Repository,
        found: Marker,
        wish: Wish,
        told: Told,
        database: str,
        held: Known,
    ) -> None:
        self._folder, self._repository, self._told = folder, repository, told
        self._marker, self._wish, self._server = found, wish, database
        self._held = held
        self._workshop = folder / marker.WORKSHOP

    def run(self, tried: list[Snapshot]) -> Marker:
        """Do what is left to do."""
        if self._marker.stage is Stage.DATABASE:
            self._database(tried)
        if self._marker.engine == servers.ENGINE:
            servers.forget(self._server)
        snapshot = self._repository.snapshot(self._marker.snapshot)
        self._told.say(messages.KEYS)
        self._rest(snapshot)
        self._erasures()
        shutil.rmtree(self._workshop, ignore_errors=True)
        # What was restored outlives a power cut from here on.
        os.sync()
        self._is_at(Stage.PICTURES)
        return self._marker

    def _database(self, tried: list[Snapshot]) -> None:
        """Make the database from the best copy that is sound, and put it in its place."""
        self._told.say(messages.DATABASE)
        for number, snapshot in enumerate(self._begun_first(tried), start=1):
            try:
                made = self._made(snapshot)
            except (BadDatabase, Damaged, Missing, NoDatabase):
                if number == len(tried):
                    raise
                self._note(messages.STEPPED_OVER.format(moment=said(snapshot.time)))
                continue
            claimed = claims.notes(self._held, snapshot, self._wish)
            doubted = doubts.notes(self._held, snapshot, self._wish, made)
            for note in (*claimed, *made.notes, *doubted):
                self._note(note)
            self._settle(made)
            self._marker = replace(
                self._marker,
                snapshot=snapshot.id,
                data_at=made.data_at.isoformat(),
                copy_at=snapshot.time.isoformat(),
            )
            self._is_at(Stage.REST)
            return

    def _begun_first(self, tried: list[Snapshot]) -> list[Snapshot]:
        """Return the copies to try; one that is in the server's database already comes first."""
        if not _is_on_server(self._repository, tried):
            return tried
        begun = servers.brought(self._server, servers.Purpose.of(self._marker))
        return sorted(tried, key=lambda one: begun is None or one.id != begun.snapshot)

    def _settle(self, made: databases.Made) -> None:
        if made.path is None:
            self._marker = replace(self._marker, engine=servers.ENGINE)
            return
        if self._server:
            self._note(messages.SERVER_UNUSED)
        databases.settle(made.path, self._folder / databases.DATABASE)

    def _made(self, snapshot: Snapshot) -> databases.Made:
        if _holds(self._repository, snapshot, servers.FOLDER):
            return self._made_on_server(snapshot)
        self._check_room(snapshot)
        return databases.make(
            self._repository,
            snapshot,
            self._workshop,
            until=self._wish.as_of,
            with_journal=doubts.allow_journal(self._held, snapshot, self._wish),
            progress=self._told.progress,
        )

    def _made_on_server(self, snapshot: Snapshot) -> databases.Made:
        """Bring a dump into the database that was named; a return cut short finds its own work."""
        purpose = servers.Purpose.of(self._marker)
        begun = servers.brought(self._server, purpose)
        if begun is not None and begun.snapshot == snapshot.id:
            return databases.Made(None, datetime.fromisoformat(begun.data_at))
        nodes = nodes_of(self._repository, self._node(snapshot, servers.FOLDER).subtree or b"")
        self._check_bytes(sum(node.size for node in nodes))
        shutil.rmtree(self._workshop, ignore_errors=True)
        self._workshop.mkdir(mode=0o700)
        wanted, progress = [servers.FOLDER], self._told.progress
        restore(self._repository, snapshot, self._workshop, only=wanted, progress=progress)
        dump = self._workshop / servers.FOLDER
        found = self._further(dump, snapshot)
        self._told.say(messages.INTO_SERVER)
        filled = servers.Filled(snapshot.id, found.data_at.isoformat())
        servers.bring(self._server, found.dump or dump, purpose, filled)
        return databases.Made(None, found.data_at, found.notes)

    def _further(self, dump: Path, snapshot: Snapshot) -> logged.Further:
        """Go past a copy by the journal, where that is allowed; else stay with the copy."""
        if not doubts.allow_journal(self._held, snapshot, self._wish):
            return logged.Further(None, snapshot.time)
        return logged.further(
            self._repository,
            dump,
            self._held.since(snapshot),
            until=self._wish.as_of,
            owner=servers.account_of(self._server),
            say=self._told.say,
        )

    def _check_room(self, snapshot: Snapshot) -> None:
        self._check_bytes(2 * self._node(snapshot, databases.DATABASE).size)

    def _node(self, snapshot: Snapshot, name: str) -> Node:
        try:
            return find(self._repository, snapshot, name)
        except NoSuchPath:
            raise NoDatabase from None

    def _check_bytes(self, size: int) -> None:
        needed = size + _SPARE
        if shutil.disk_usage(self._folder).free < needed:
            raise NoRoom(needed)

    def _rest(self, snapshot: Snapshot) -> None:
        """Bring back keys and settings; a key that was drawn here meanwhile gives way."""
        names = [node.name.decode("utf-8", "replace") for node in self._top(snapshot)]
        wanted = [name for name in names if name not in _NOT_REST]
        restore(self._repository, snapshot, self._folder, only=wanted)
        for name in wanted:
            _close(self._folder / name)

    def _erasures(self) -> None:
        """Take the notes of the newest copy that can be read; those brought back stay."""
        for snapshot in self._held.to_try():
            with contextlib.suppress(Damaged, Missing):
                erasures.gather(self._repository, snapshot, self._folder)
                return

    def _top(self, snapshot: Snapshot) -> list[Node]:
        return nodes_of(self._repository, snapshot.tree)

    def _note(self, words: str) -> None:
        self._told.say(words)
        self._marker = replace(self._marker, notes=(*self._marker.notes, words))

    def _is_at(self, stage: Stage) -> None:
        self._marker = marker.save(self._folder, replace(self._marker, stage=stage))


def _close(path: Path) -> None:
    """Leave what came back to this account alone, whatever the copy says of it."""
    if path.is_symlink():
        return
    if path.is_dir():
        path.chmod(0o700)
        for one in path.iterdir():
            _close(one)
    else:
        path.chmod(0o600)


def said(moment: datetime) -> str:
    """Return a moment as people say it, in the time of the practice."""
    return moment_words(moment)
