"""Steps that a place has no more, or no longer as they were: found, and put again from elsewhere.

A return ends before the first of them: all that the chain holds after it is out of reach, up to
the base that follows. A place lists its objects; only reading one tells whether it is whole.
"""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from quenotte.devices.journal import deltas, marks, pieces
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.repository.errors import Refused, Unreachable

#: Steps after the last that opens which may have rotted; more are junk that somebody put there.
_LOOKED_INTO: Final = 20
_BASES: Final = (deltas.BASE, pieces.BASE)


@dataclass(frozen=True)
class Gap:
    """What one chain lacks at a place.

    ``missing``: the first and the last number of each row of steps that are not there; ``damaged``:
    names of those that are there and do not open. ``since``: the moment up to which a return comes,
    None when the base itself is broken and none is before it. ``is_last``: no whole base follows,
    the newest return ends there; ``is_arriving``: one follows of which the last part is to come.
    """

    base: int
    end: int
    missing: tuple[tuple[int, int], ...]
    damaged: tuple[str, ...]
    since: datetime | None
    is_last: bool
    is_arriving: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return what is lacking as it is named: by number where nobody knows the hash."""
        return (*(_named(*row) for row in self.missing), *self.damaged)


def gaps(
    carrier: Carrier,
    seal: Seal,
    *,
    known: int = 0,
    is_read: Callable[[], bool] = lambda: True,
    suspects: Collection[str] = (),
    only_last: bool = False,
) -> list[Gap]:
    """Return what the chains of a place lack, the newest chain first.

    ``known``: the last step that the place is known to have taken, 0 for none. ``is_read`` is asked
    before each step whether it is to be read; else its name has to do, but for ``suspects``: names
    of a gap that was found before, read in any case; an end that they name is lost until the base
    that arrives is whole.
    ``only_last``: no more than the chain of the newest return.

    Raises: OSError when the place does not answer.
    """
    shelves: Shelves[Any] = Shelves([carrier], seal, marks.opened)
    top = shelves.newest()
    if top is None:
        # A place that is away, which the walk would pass over in silence, says so here.
        for name in list(carrier.names())[:1]:
            _body(carrier, name)
        return [Gap(known, known, ((known, known),), (), None, is_last=True)] if known else []
    look = _Look(carrier, shelves, is_read, _alone(suspects))
    found: list[Gap] = []
    end, is_last, is_arriving = 0, True, False
    for base in shelves.bases():
        newest = shelves.newest(end or None)
        assert newest is not None
        walk = _Walk(look, base, newest.head.sequence)
        if is_last and is_arriving:
            walk.reach_noted(suspects, before=end)
        elif is_last:
            walk.reach(known)
        end = min(base, newest.head.sequence)
        if is_last and walk.end == newest.head.sequence and is_unfinished(newest):
            # A return goes by the chain before until the last part of this base is there.
            is_arriving = True
            continue
        # The tail of a chain whose base never came here is no chain: who joins is given a base.
        if is_last or shelves.names_at(base):
            gap = walk.gap(is_last=is_last, is_arriving=is_arriving and is_last)
            found += [gap] if gap is not None else []
        is_last = False
        if only_last:
            break
    return found


def is_unfinished(thing: Any) -> bool:
    """Tell whether an object is a part of a base, and not the last one."""
    return thing.head.kind in _BASES and not thing.head.is_last


def rows_of(names: Iterable[str]) -> list[tuple[int, int]]:
    """Return the first and the last number of what each name of a gap speaks of."""
    rows = []
    for name in names:
        first, _, last = name.partition("-")[0].partition("…")
        rows.append((int(first), int(last or first)))
    return rows


def without(names: Iterable[str], left: Iterable[str]) -> list[str]:
    """Return what names of a gap speak of and ``left`` does not, in names of the same form."""
    rest, holes = [], sorted(rows_of(left))
    for name in names:
        ((first, last),) = rows_of([name])
        rows = list(_between(first, last, holes))
        rest += [name] if rows == [(first, last)] else [_named(*row) for row in rows]
    return rest


def fill(gap: Gap, carrier: Carrier, others: Sequence[Carrier], seal: Seal) -> int:
    """Put again what other places have of a gap; return how many steps.

    Raises: OSError when the place takes nothing.
    """
    shelves: Shelves[Any] = Shelves([carrier, *others], seal, marks.opened)
    lost, count = set(gap.damaged), 0
    previous: str | None = None
    for sequence in range(gap.base, gap.end + 1):
        step = shelves.next_one(sequence, previous)
        if step is None:
            return count
        name, _thing = step
        previous = name.partition("-")[2]
        if name in lost or _is_missing(gap, sequence):
            count += _put_again(name, carrier, others)
    return count


@dataclass(frozen=True)
class _Look:
    """A place that is looked at: ``suspects`` are numbers that are read whatever ``is_read``."""

    carrier: Carrier
    shelves: Shelves[Any]
    is_read: Callable[[], bool]
    suspects: frozenset[int]

    def reads(self, sequence: int) -> bool:
        """Tell whether a step is read; what is beside a suspect tells which one is meant there."""
        return not self.suspects.isdisjoint((sequence, sequence + 1)) or self.is_read()


@dataclass
class _Walk:
    """One walk along a chain of a place, from its base to its end."""

    look: _Look
    base: int
    end: int
    missing: list[tuple[int, int]] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    since: datetime | None = None

    def reach(self, known: int) -> None:
        """Go up to what the place took or what rotted there, though no step of it opens."""
        rotten = self.rotten_end() if self.look.suspects or self.look.is_read() else 0
        self.end = max(self.end, known, rotten)

    def reach_noted(self, names: Iterable[str], *, before: int) -> None:
        """Go up to what a gap that was found before lacked of this chain, below a later base."""
        ends = [min(last, before - 1) for first, last in rows_of(names) if first < before]
        self.end = max(self.end, *ends, 0)

    def gap(self, *, is_last: bool, is_arriving: bool) -> Gap | None:
        expected = self.base
        previous: str | None = None
        for sequence in self._numbers():
            previous = None if self._miss(expected, sequence - 1) else previous
            expected = sequence + 1
            previous = self._looked_at(sequence, previous)
        self._miss(expected, self.end)
        if not (self.missing or self.damaged):
            return None
        since = self.since if self.since is not None else self._moment_before()
        missing, damaged = tuple(self.missing), tuple(self.damaged)
        return Gap(self.base, self.end, missing, damaged, since, is_last, is_arriving)

    def rotten_end(self) -> int:
        """Return the number of a step after the last that opens which has rotted; 0 for none.

        Junk that somebody put there is what its name says.
        """
        for sequence in range(self.end + _LOOKED_INTO, self.end, -1):
            for name in self.look.shelves.names_at(sequence):
                body = _body(self.look.carrier, name)
                if hashlib.sha256(body).hexdigest() != name.partition("-")[2]:
                    return sequence
        return 0

    def _numbers(self) -> Iterator[int]:
        return (one for one in self.look.shelves.numbers() if self.base <= one <= self.end)

    def _miss(self, first: int, last: int) -> bool:
        """Note a row of numbers that are not there; tell whether there is one."""
        if first > last:
            return False
        self._stop(first)
        self.missing.append((first, last))
        return True

    def _looked_at(self, sequence: int, previous: str | None) -> str | None:
        """Look at one number; return the hash that the next one has to name, None for any."""
        if not self.look.reads(sequence):
            return None
        step = self.look.shelves.next_one(sequence, previous)
        if step is not None:
            return step[0].partition("-")[2]
        damaged = [one for one in self.look.shelves.names_at(sequence) if self._is_damaged(one)]
        if not damaged:
            # What lies there is of another branch: a machine was set back and went on.
            self._miss(sequence, sequence)
            return None
        self._stop(sequence)
        self.damaged += damaged
        return None

    def _is_damaged(self, name: str) -> bool:
        return not _body(self.look.carrier, name) or self.look.shelves.opened(name) is None

    def _stop(self, sequence: int) -> None:
        """Note up to when a return comes, at the first break."""
        if not (self.missing or self.damaged):
            self.since = self._moment_up_to(sequence - 1)

    def _moment_up_to(self, sequence: int) -> datetime | None:
        """Return the moment of the last whole step up to a number, None when there is none."""
        while sequence >= self.base:
            names = self.look.shelves.names_at(sequence)
            thing = next(filter(None, map(self.look.shelves.opened, names)), None)
            if thing is None:
                return None
            if thing.head.is_last:
                return _made_at(thing)
            sequence -= max(1, thing.head.part)
        return None

    def _moment_before(self) -> datetime | None:
        """Return up to when the chain before leads, which a return falls back to."""
        before = self.look.shelves.newest(self.base)
        if before is None:
            return None
        base = before.head.base or before.head.sequence
        walk = _Walk(replace(self.look, is_read=lambda: False), base, before.head.sequence)
        if is_unfinished(before):
            return walk._moment_before()
        gap = walk.gap(is_last=False, is_arriving=False)
        return gap.since if gap is not None else _made_at(before)


def _alone(names: Iterable[str]) -> frozenset[int]:
    """Return the numbers of single steps, which only reading found; rows show by their absence."""
    return frozenset(first for first, last in rows_of(names) if first == last)


def _named(first: int, last: int) -> str:
    return f"{first:012d}" if first == last else f"{first:012d}…{last}"


def _between(first: int, last: int, holes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the rows from ``first`` to ``last`` that no hole covers; holes come in their order."""
    for begin, end in holes:
        if first <= min(last, begin - 1):
            yield first, min(last, begin - 1)
        first = max(first, end + 1)
    if first <= last:
        yield first, last


def _is_missing(gap: Gap, sequence: int) -> bool:
    return any(first <= sequence <= last for first, last in gap.missing)


def _put_again(name: str, carrier: Carrier, others: Sequence[Carrier]) -> int:
    for other in others:
        with contextlib.suppress(OSError):
            body = other.get(name)
            if hashlib.sha256(body).hexdigest() == name.partition("-")[2]:
                carrier.put(name, body)
                return 1
    return 0


def _body(carrier: Carrier, name: str) -> bytes:
    """Return a step as it lies at a place, nothing of one that does not come.

    Raises: OSError when the place went away meanwhile, which speaks of no step.
    """
    try:
        return carrier.get(name)
    except OSError as error:
        if isinstance(error.__cause__, (Refused, Unreachable)):
            raise
        return b""


def _made_at(thing: Any) -> datetime:
    return datetime.fromisoformat(thing.head.made_at)
