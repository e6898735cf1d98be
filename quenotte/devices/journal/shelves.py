"""Follows a chain through what several carriers hold together."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from quenotte.devices.journal import deltas
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import Damaged, Seal


class Linked(Protocol):
    """What every head says of its place in a chain."""

    @property
    def sequence(self) -> int:
        """Its number."""
        ...

    @property
    def previous(self) -> str:
        """The hash in the name of the one before."""
        ...

    @property
    def base(self) -> int:
        """Where the base begins that it builds on."""
        ...


class HasHead(Protocol):
    """An object, opened."""

    @property
    def head(self) -> Linked:
        """What it says of itself."""
        ...


T = TypeVar("T", bound=HasHead)


class Shelves(Generic[T]):
    """What several carriers hold; ``opened`` opens one object or raises Damaged."""

    def __init__(
        self,
        carriers: Sequence[Carrier],
        seal: Seal,
        opened: Callable[[str, bytes, Seal], T],
        until: int | None = None,
    ) -> None:
        self._carriers = carriers
        self._seal = seal
        self._open = opened
        self._at: dict[int, list[str]] = {}
        self.junk: list[str] = []
        #: Where the chain that was followed last broke off; empty when it did not.
        self.broken_at = ""
        #: The highest sequence number of an object that opens, once the newest was asked for.
        self.last = 0
        for name in self._names():
            sequence = deltas.sequence_of(name)
            if sequence is not None and (until is None or sequence <= until):
                self._at.setdefault(sequence, []).append(name)

    def _names(self) -> set[str]:
        names: set[str] = set()
        for carrier in self._carriers:
            # The others may have it all.
            with contextlib.suppress(OSError):
                names.update(carrier.names())
        return names

    def opened(self, name: str) -> T | None:
        """Return an object from the first carrier that has it whole; None when none has."""
        for carrier in self._carriers:
            with contextlib.suppress(OSError, Damaged):
                return self._open(name, carrier.get(name), self._seal)
        self.junk.append(name)
        return None

    def newest(self, below: int | None = None) -> T | None:
        """Return the newest object that opens."""
        for sequence in sorted(self._at, reverse=True):
            if below is not None and sequence >= below:
                continue
            for name in self.names_at(sequence):
                found = self.opened(name)
                if found is not None:
                    self.last = max(self.last, sequence)
                    return found
        return None

    def names_at(self, sequence: int) -> list[str]:
        """Return the names of one sequence number: one, unless somebody forged or forked."""
        return sorted(self._at.get(sequence, []))

    def numbers(self) -> list[int]:
        """Return the numbers of which something is there, in their order."""
        return sorted(self._at)

    def bases(self) -> Iterator[int]:
        """Yield where bases begin, from the newest on."""
        below: int | None = None
        while (found := self.newest(below)) is not None:
            if found.head.base:
                yield found.head.base
            below = min(found.head.sequence, found.head.base or found.head.sequence)

    def follow(self, base: int) -> Iterator[T]:
        """Yield the objects of a chain from a base on, as far as each names the one before."""
        previous: str | None = None
        self.broken_at = ""
        for sequence in range(base, self.last + 1):
            found = self.next_one(sequence, previous)
            if found is None:
                self.broken_at = f"{sequence:012d}"
                return
            name, thing = found
            previous = name.partition("-")[2]
            yield thing

    def next_one(self, sequence: int, previous: str | None) -> tuple[str, T] | None:
        """Return name and content of a number that follows ``previous`` (a hash; None: any)."""
        found = []
        for name in self.names_at(sequence):
            thing = self.opened(name)
            if thing is not None and previous in {None, thing.head.previous}:
                found.append((name, thing))
        if len(found) > 1:
            # A machine was set back and went on: the branch that goes on is the one.
            later = map(self.opened, self.names_at(sequence + 1))
            named = {thing.head.previous for thing in later if thing is not None}
            found.sort(key=lambda pair: pair[0].partition("-")[2] not in named)
        return found[0] if found else None
