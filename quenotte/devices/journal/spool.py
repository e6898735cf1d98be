"""What is on its way: objects wait on our own disk until every carrier has them."""

import contextlib
import errno
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from quenotte.devices.journal import deltas, durable
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import Damaged, Seal, is_name

#: How many of the last names a carrier has are looked into before we take them for junk.
_LOOKED_INTO: Final = 20


class Spool:
    """A folder of sealed objects, and drafts of those that are being made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._drafts = path / "drafts"
        self._drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        #: Objects up to this one are counted in the state: they may go once they are delivered.
        self.counted = 0
        #: Where the base begins that what waits here builds on; 0: there is none.
        self.base = 0

    def names(self) -> list[str]:
        """Return the names of what waits, in their order."""
        return sorted(entry.name for entry in self.path.iterdir() if is_name(entry.name))

    def read(self, name: str) -> bytes:
        """Return an object. Raises: OSError."""
        return (self.path / name).read_bytes()

    def bytes_waiting(self) -> int:
        """Return how much waits, in bytes."""
        found = 0
        for name in self.names():
            with contextlib.suppress(FileNotFoundError):
                found += (self.path / name).stat().st_size
        return found

    @contextlib.contextmanager
    def whole_step(self) -> Iterator[None]:
        """Leave no drafts behind when a step comes to nothing."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(OSError):
                self.drop_drafts()
            raise

    def draft(self, name: str, body: bytes) -> None:
        """Write an object of a step that is not whole yet. Raises: OSError."""
        durable.written(self._drafts / name, body)

    def publish(self, names: Sequence[str]) -> None:
        """Let the objects of a whole step go. Raises: OSError."""
        for name in names:
            (self._drafts / name).replace(self.path / name)
        durable.names_kept(self.path)

    def lend(self, names: Sequence[str], carrier: Carrier) -> None:
        """Let objects that a carrier has wait here again, for one that lacks them.

        Raises: OSError.
        """
        for name in names:
            body = carrier.get(name)
            if hashlib.sha256(body).hexdigest() != name.partition("-")[2]:
                raise OSError(errno.EIO, "not what its name says", name)
            self.draft(name, body)
        self.publish(names)

    def drop_drafts(self) -> None:
        """Forget a step that came to nothing; nobody has seen it."""
        for path in self._drafts.iterdir():
            path.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Forget an object that every carrier has."""
        (self.path / name).unlink(missing_ok=True)


class Courier:
    """Brings what waits to one carrier, in order."""

    def __init__(
        self,
        carrier: Carrier,
        spool: Spool,
        seal: Seal,
        opened: Callable[[str, bytes, Seal], object] = deltas.opened,
    ) -> None:
        self.carrier = carrier
        self._opened = opened
        self._spool = spool
        self._seal = seal
        self._has: set[str] | None = None
        #: The last object of ours that it has.
        self.delivered = 0
        #: The last object that it had and that this chain does not know: sequence and hash.
        self.ahead: tuple[int, str] = (0, "")
        #: What the carrier said the last time it refused; empty when it did not.
        self.trouble = ""
        #: It lacks something that the chain's end builds on: a place that came, or comes back.
        self.is_behind = False
        #: It has each step since the base: one that is only asked for brings nobody back.
        self.is_whole = True

    def has(self, name: str) -> bool:
        """Tell whether the carrier is known to keep an object."""
        return self._has is not None and name in self._has

    def greet(self) -> bool:
        """Ask once what the carrier has; tell whether it answered."""
        if self._has is None:
            try:
                names = {name for name in self.carrier.names() if is_name(name)}
                name = self._highest(names)
            except OSError as error:
                self.trouble = _said(error)
                return False
            self._has = names
            self.is_behind = bool(self.lacking())
            self.is_whole = not self.is_behind
            self.delivered = deltas.sequence_of(name) or 0
            if self._is_of_another_chain(name):
                self.ahead = (self.delivered, name.partition("-")[2])
        return True

    def lacking(self) -> set[int]:
        """Return the steps since the base that it misses and that do not wait here either."""
        if not self._spool.base or self._has is None:
            return set()
        return self._missing(*self._has, *self._spool.names())

    def _missing(self, *names: str) -> set[int]:
        there = {deltas.sequence_of(name) for name in names}
        return {*range(self._spool.base, self._spool.counted + 1)} - there

    def named(self, sequences: set[int]) -> list[str]:
        """Return the names of the objects that it has of some steps; none unless it has all."""
        names = [one for one in self._has or () if deltas.sequence_of(one) in sequences]
        return sorted(names) if {deltas.sequence_of(one) for one in names} == sequences else []

    def _is_of_another_chain(self, name: str) -> bool:
        """Tell whether an object came neither from here nor from before what waits here."""
        waiting = self._spool.names()
        if name in waiting:
            return False
        first = deltas.sequence_of(waiting[0]) if waiting else None
        return self.delivered > self._spool.counted or self.delivered >= (first or 10**12)

    def _highest(self, names: set[str]) -> str:
        """Return the name of the last object that we sealed; junk does not count."""
        for name in sorted(names, reverse=True)[:_LOOKED_INTO]:
            with contextlib.suppress(Damaged):
                self._opened(name, self.carrier.get(name), self._seal)
                return name
        return ""

    def deliver(self) -> bool:
        """Bring what waits; tell whether the carrier has everything now."""
        if not self.greet():
            return False
        assert self._has is not None
        for name in self._spool.names():
            if name in self._has:
                continue
            try:
                self.carrier.put(name, self._spool.read(name))
            except OSError as error:
                self.trouble = _said(error)
                return False
            self._has.add(name)
            self.delivered = deltas.sequence_of(name) or 0
        self.trouble = ""
        if not self.is_whole and self._spool.base:
            self.is_whole = not self._missing(*self._has)
        return True


def sweep(spool: Spool, couriers: Sequence[Courier]) -> None:
    """Forget what every carrier has and the state counts."""
    for name in spool.names():
        if (deltas.sequence_of(name) or 0) > spool.counted:
            return
        if couriers and all(courier.has(name) for courier in couriers):
            spool.remove(name)


def _said(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
