"""Steps that a place has no more, or no longer as they were: found, and put again from elsewhere.

A return ends before the first of them: all that the chain holds after it is out of reach, up to
the base that follows. A place lists its objects; only reading one tells whether it is whole.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from quenotte.devices.journal import marks
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.repository.errors import Refused, Unreachable

#: Steps after the last that opens which may have rotted; more are junk that somebody put there.
_LOOKED_INTO: Final = 20


@dataclass(frozen=True)
class Gap:
    """What one chain lacks at a place.

    ``missing``: the first and the last number of each row of steps that are not there; ``damaged``:
    names of those that are there and do not open. ``since``: the moment up to which a return comes,
    None when the base itself is broken and none is before it; ``until``: that of the chain's end,
    None when nothing of it is left. ``is_last``: no base follows, the newest return ends there.
    """

    base: int
    end: int
    missing: tuple[tuple[int, int], ...]
    damaged: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    is_last: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Return what is lacking as it is named: by number where nobody knows the hash."""
        return (*(_named(*row) for row in self.missing), *self.damaged)


def gaps(
    carrier: Carrier,
    seal: Seal,
    *,
    known_to: int = 0,
    is_read: Callable[[], bool] = lambda: True,
    only_last: bool = False,
) -> list[Gap]:
    """Return what the chains of a place lack, the newest chain first.

    ``known_to``: the number of the last step that the place is known to have taken. ``is_read`` is
    asked before each step whether it is to be read; else its name has to do. ``only_last``: no more
    than the chain of the newest return.

    Raises: OSError when the place does not answer.
    """
    shelves: Shelves[Any] = Shelves([carrier], seal, marks.opened)
    if shelves.newest() is None:
        # A place that is away, which the walk would pass over in silence, says so here.
        for name in list(carrier.names())[:1]:
            _body(carrier, name)
    found: list[Gap] = []
    end, is_last = 0, True
    for base in shelves.bases():
        newest = shelves.newest(end or None)
        assert newest is not None
        last = newest.head.sequence
        # The tail of a chain whose base never came here is no chain: who joins is given a base.
        if is_last or shelves.names_at(base):
            walk = _Walk(carrier, shelves, base, last)
            if is_last:
                walk.end = max(last, known_to, walk.rotten_end() if is_read() else 0)
            gap = walk.gap(_made_at(newest), is_read=is_read, is_last=is_last)
            found += [gap] if gap is not None else []
        if only_last:
            break
        end, is_last = min(base, last), False
    if known_to and shelves.newest() is None:
        found.append(Gap(known_to, known_to, ((known_to, known_to),), (), None, None, is_last=True))
    return found


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


@dataclass
class _Walk:
    """One walk along a chain of a place, from its base to its end."""

    carrier: Carrier
    shelves: Shelves[Any]
    base: int
    end: int
    missing: list[tuple[int, int]] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    since: datetime | None = None

    def gap(self, until: datetime, *, is_read: Callable[[], bool], is_last: bool) -> Gap | None:
        expected = self.base
        previous: str | None = None
        for sequence in self._numbers():
            previous = None if self._miss(expected, sequence - 1) else previous
            expected = sequence + 1
            previous = self._looked_at(sequence, previous, is_read=is_read())
        self._miss(expected, self.end)
        if not (self.missing or self.damaged):
            return None
        since = self.since if self.since is not None else self._moment_before()
        missing, damaged = tuple(self.missing), tuple(self.damaged)
        return Gap(self.base, self.end, missing, damaged, since, until, is_last)

    def rotten_end(self) -> int:
        """Return the number of a step after the last that opens which has rotted; 0 for none.

        Junk that somebody put there is what its name says.
        """
        for sequence in range(self.end + _LOOKED_INTO, self.end, -1):
            for name in self.shelves.names_at(sequence):
                if hashlib.sha256(_body(self.carrier, name)).hexdigest() != name.partition("-")[2]:
                    return sequence
        return 0

    def _numbers(self) -> Iterator[int]:
        return (one for one in self.shelves.numbers() if self.base <= one <= self.end)

    def _miss(self, first: int, last: int) -> bool:
        """Note a row of numbers that are not there; tell whether there is one."""
        if first > last:
            return False
        self._stop(first)
        self.missing.append((first, last))
        return True

    def _looked_at(self, sequence: int, previous: str | None, *, is_read: bool) -> str | None:
        """Look at one number; return the hash that the next one has to name, None for any."""
        if not is_read:
            return None
        step = self.shelves.next_one(sequence, previous)
        if step is not None:
            return step[0].partition("-")[2]
        damaged = [one for one in self.shelves.names_at(sequence) if self._is_damaged(one)]
        if not damaged:
            # What lies there is of another branch: a machine was set back and went on.
            self._miss(sequence, sequence)
            return None
        self._stop(sequence)
        self.damaged += damaged
        return None

    def _is_damaged(self, name: str) -> bool:
        return not _body(self.carrier, name) or self.shelves.opened(name) is None

    def _stop(self, sequence: int) -> None:
        """Note up to when a return comes, at the first break."""
        if not (self.missing or self.damaged):
            self.since = self._moment_of(sequence - 1) if sequence > self.base else None

    def _moment_of(self, sequence: int) -> datetime | None:
        for name in self.shelves.names_at(sequence):
            thing = self.shelves.opened(name)
            if thing is not None:
                return _made_at(thing)
        return None

    def _moment_before(self) -> datetime | None:
        """Return when the chain before ended, which a return falls back to."""
        before = self.shelves.newest(self.base)
        return _made_at(before) if before is not None else None


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
