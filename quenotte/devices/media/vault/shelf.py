"""One repository on the vault's disk: its files, and the log that says when each came.

An object exists when the log says so: it is written aside, hashed on the way, synced, renamed,
then logged, then acknowledged. A kill in between leaves a draft that the next start removes, or a
whole file that nobody is shown until it is sent again.

The files lie as in a local restic repository, so the folder itself opens with stock restic.
"""

import contextlib
import errno
import hashlib
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from quenotte.devices.media.vault import rules
from quenotte.devices.media.vault.holdings import on_disk
from quenotte.devices.media.vault.ledger import Ledger, LogDamaged
from quenotte.devices.media.vault.rules import Kind, Reason, Refused, hash_in
from quenotte.devices.media.vault.standing import Event, Received, Standing, Wish

logger = logging.getLogger("quenotte.vault")

#: What a full disk, a quota of the system or a limit of the process answers.
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BLOCK: Final = 1 << 20
LOG: Final = "received.log"


@contextlib.contextmanager
def told_when_full() -> Iterator[None]:
    """Turn what a full disk answers into a refusal."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refused(Reason.FULL) from error
        raise


@dataclass(frozen=True)
class Finding:
    """Something amiss with a stored object: ``missing``, ``short`` or ``changed``."""

    kind: Kind
    name: str
    what: str


class Draft:
    """A body on its way in: hashed while it is written beside its place."""

    def __init__(self, path: Path, kind: Kind, name: str) -> None:
        self.path, self.kind, self.name = path, kind, name
        self.size = 0
        self._hash = hashlib.sha256()
        with told_when_full():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    @property
    def hash(self) -> str:
        """The SHA-256 of what was written so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Add a part of the body.

        Raises: Refused, OSError.
        """
        self.size += len(data)
        if self.size > rules.LIMITS[self.kind]:
            raise Refused(Reason.TOO_BIG)
        self._hash.update(data)
        view = memoryview(data)
        with told_when_full():
            while view:
                view = view[os.write(self._descriptor, view) :]

    def check(self) -> None:
        """Compare the body with its name, then put it on the disk.

        Raises: Refused, OSError.
        """
        promised = hash_in(self.kind, self.name)
        if promised and promised != self.hash:
            raise Refused(Reason.WRONG_HASH)
        if self.kind is Kind.KEYS:
            rules.check_key(self.path.read_bytes())
        with told_when_full():
            os.fsync(self._descriptor)

    def drop(self) -> None:
        """Forget the body; nothing happens when it was kept."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self.path.unlink(missing_ok=True)


class Shelf:
    """A repository: receives, lists, reads, and never gives anything away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.standing = Standing()
        #: The log cannot be followed to its end: what lies on the disk is shown, nothing taken.
        self.is_damaged = False
        self._lost: dict[Kind, frozenset[str]] = {}
        self._lock = threading.RLock()
        self.ledger = Ledger(folder / LOG, self.standing.apply)

    def create(self, now: int, by: str) -> None:
        """Begin the repository; one that exists stays as it is.

        Raises: LogDamaged, OSError.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(self.folder.parent)
        with self._lock, self.ledger.alone():
            if not self.ledger.chain.number:
                self.ledger.append(now, Event.CREATED, name=self.folder.name, by=by)
                _sync(self.folder)

    def exists(self) -> bool:
        """Tell whether the repository was begun and has not retired.

        Raises: LogDamaged, OSError.
        """
        with self._lock:
            try:
                self.ledger.refresh()
            except FileNotFoundError:
                return False
            return bool(self.ledger.chain.number) and not self.standing.is_retired

    def is_readable(self) -> bool:
        """Tell whether the repository can be read, if need be without its log.

        Raises: OSError.
        """
        try:
            found = self.exists()
        except LogDamaged:
            self.is_damaged = True
            return True
        self.is_damaged = False
        return found

    def check_open(self, kind: Kind, name: str, now: int) -> None:
        """Refuse, before a byte is read, what is closed.

        Raises: Refused.
        """
        is_new = (kind, name) not in self.standing.objects
        if kind in rules.FROZEN and is_new and not self.standing.are_keys_open(now):
            raise Refused(Reason.FROZEN)

    def draft(self, kind: Kind, name: str, drafts: Path) -> Draft:
        """Begin to take a body in.

        Raises: Refused, OSError.
        """
        return Draft(drafts / secrets.token_hex(16), kind, name)

    def keep(self, draft: Draft, now: int, by: str) -> bool:
        """Give a checked draft its place; False when a whole one was there already.

        Raises: Refused, LogDamaged, OSError.
        """
        with self._lock, told_when_full(), self.ledger.alone():
            self.check_open(draft.kind, draft.name, now)
            if (draft.kind, draft.name) in self.standing.objects:
                return self._heal(draft, now, by)
            path = self._place(draft)
            try:
                name = draft.hash if draft.kind is Kind.CONFIG else draft.name
                self.ledger.append(now, draft.kind, name=name, size=draft.size, by=by)
            except OSError:
                path.unlink(missing_ok=True)
                raise
            return True

    def _heal(self, draft: Draft, now: int, by: str) -> bool:
        """Replace a stored object that is no longer what its name says, by one that is."""
        if draft.kind is Kind.CONFIG and draft.hash != self.standing.config_hash:
            raise Refused(Reason.NO_OVERWRITE)
        if _hash_of(self.path(draft.kind, draft.name)) == draft.hash:
            return False
        self._place(draft)
        name = f"{draft.kind}/{draft.name}"
        self.ledger.append(now, Event.HEALED, name=name, size=draft.size, by=by)
        return False

    def _place(self, draft: Draft) -> Path:
        path = self.path(draft.kind, draft.name)
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(path.parent.parent)
            _sync(self.folder)
        draft.path.replace(path)
        _sync(path.parent)
        return path

    def say(self, event: Event, now: int, by: str, note: str = "") -> None:
        """Write a word of somebody in the log.

        Raises: LogDamaged, OSError.
        """
        with self._lock, self.ledger.alone():
            self.ledger.append(now, event, name=note, by=by)

    def path(self, kind: Kind, name: str) -> Path:
        """Return where an object lies."""
        if kind is Kind.CONFIG:
            return self.folder / kind
        if kind is Kind.DATA:
            return self.folder / kind / name[:2] / name
        return self.folder / kind / name

    def open(self, kind: Kind, name: str, as_of: int | None) -> tuple[BinaryIO, int]:
        """Open an object that had been received by then; the second value is its size in bytes.

        Raises: Refused, OSError.
        """
        received = self.standing.objects.get((kind, name))
        if not self._sees_disk(as_of) and (
            received is None or (as_of is not None and received.at > as_of)
        ):
            raise Refused(Reason.NOT_FOUND)
        try:
            stream = self.path(kind, name).open("rb")
        except FileNotFoundError:
            raise Refused(Reason.NOT_FOUND) from None
        return stream, os.fstat(stream.fileno()).st_size

    def open_log(self) -> BinaryIO:
        """Open the log of what was received.

        Raises: OSError.
        """
        return (self.folder / LOG).open("rb")

    def names(self, kind: Kind, as_of: int | None) -> list[tuple[str, int]]:
        """Return names and sizes (bytes) of what was received and is there, the first one first.

        What was there before junk is read before it, however the name of the junk sorts. What the
        disk lost is not listed, and what it cut short is listed as long as it is: so whoever sent
        it learns of it, and sends it again.

        Raises: Refused, OSError: a disk that does not answer has lost nothing yet.
        """
        if self._sees_disk(as_of):
            return sorted(on_disk(self.folder, kind))
        # The log first: what it tells of was in its place before.
        received = self._received(kind)
        there = dict(on_disk(self.folder, kind))
        if as_of is None:
            self._note_lost(kind, [one for one in received if there.get(one) != received[one].size])
        return [
            (name, there[name])
            for name, one in received.items()
            if name in there and (as_of is None or one.at <= as_of)
        ]

    def _received(self, kind: Kind) -> dict[str, Received]:
        with self._lock:
            held = self.standing.objects.items()
            return {name: received for (its_kind, name), received in held if its_kind is kind}

    def _note_lost(self, kind: Kind, names: list[str]) -> None:
        """Write into the log of the vault, once, what is no longer there as it was received."""
        with self._lock:
            news = [name for name in names if name not in self._lost.get(kind, ())]
            self._lost[kind] = frozenset(names)
        if news:
            logger.error(
                "%s: %d objects of %s are missing or cut short, %s/%s first",
                self.folder.name, len(news), kind, kind, news[0],
            )  # fmt: skip

    def _sees_disk(self, as_of: int | None) -> bool:
        """Tell whether the disk is to be believed, for want of a log.

        Raises: Refused for an instant that the log no longer reaches.
        """
        if self.is_damaged and as_of is not None and as_of > self.ledger.chain.at:
            raise Refused(Reason.DAMAGED_LOG)
        return self.is_damaged and as_of is None

    def adopt(self, now: int, by: str) -> int:
        """Receive anew what lies here whole and no line tells of; return how many there were.

        Raises: LogDamaged, OSError.
        """
        lost = [
            (kind, name, size)
            for kind in (Kind.KEYS, Kind.DATA, Kind.INDEX, Kind.SNAPSHOTS, Kind.JOURNAL)
            for name, size in sorted(on_disk(self.folder, kind))
            if (kind, name) not in self.standing.objects
            and _hash_of(self.path(kind, name)) == hash_in(kind, name)
        ]
        config = self.path(Kind.CONFIG, "")
        if config.is_file() and not self.standing.config_hash:
            lost.insert(0, (Kind.CONFIG, _hash_of(config), config.stat().st_size))
        with self._lock, self.ledger.alone():
            for kind, name, size in lost:
                self.ledger.append(now, kind, name=name, size=size, by=by)
        return len(lost)

    def findings(self, *, read_data: bool) -> Iterator[Finding]:
        """Compare what lies on the disk with what the log says was received."""
        for kind in Kind:
            received = self._received(kind)
            there = dict(on_disk(self.folder, kind)) if received else {}
            for name, one in received.items():
                if name not in there:
                    yield Finding(kind, name, "missing")
                elif there[name] != one.size:
                    yield Finding(kind, name, "short")
                elif read_data and not self._is_whole(kind, name):
                    yield Finding(kind, name, "changed")

    def _is_whole(self, kind: Kind, name: str) -> bool:
        promised = hash_in(kind, name) or self.standing.config_hash
        return _hash_of(self.path(kind, name)) == promised

    def retire(self, now: int, by: str, target: Path) -> None:
        """Let the repository go; its log stays, for whoever remembers its heads.

        Raises: Refused, LogDamaged, OSError.
        """
        with self._lock, self.ledger.alone():
            at = self.standing.retires_at()
            if at is None or now < at:
                raise Refused(Reason.NO_DELETE)
            self.ledger.append(now, Event.RETIRED, by=by)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            self.folder.replace(target)
            _sync(target.parent)
            _sync(self.folder.parent)
        for kind in Kind:
            shutil.rmtree(target / kind, ignore_errors=True)
        (target / Kind.CONFIG).unlink(missing_ok=True)


def wish_events(wish: Wish) -> tuple[Event, Event]:
    """Return how the provider's word and the practice's are written."""
    return {
        Wish.RETIRE: (Event.ASKED_RETIRE, Event.AGREED_RETIRE),
        Wish.REOPEN: (Event.ASKED_REOPEN, Event.AGREED_REOPEN),
    }[wish]


def _hash_of(path: Path) -> str:
    """Return the SHA-256 of a file; "" when it cannot be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
    except OSError:
        return ""
    return found.hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
