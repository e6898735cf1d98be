"""Where a copy stands in the chain of the journal: by numbers of steps, which no clock moves.

A copy bears a tag (``journal:<number>-<hash>+<more>``): the last step that was known when it was
begun, the beginning of that step's hash, and how many came while the database was read. At the
place the hash tells whether the number is one of this chain; another machine counts for itself.
"""

import contextlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from quenotte.devices.journal import deltas, pieces
from quenotte.devices.journal.deltas import Damaged, Object, Seal
from quenotte.devices.journal.pieces import Piece
from quenotte.devices.journal.shelves import Shelves

_TAG: Final = re.compile(r"journal:([0-9]{1,12})-([0-9a-f]{16})(?:\+([0-9]{1,9}))?")
_DIGITS: Final = 16


@dataclass(frozen=True)
class Mark:
    """Where a copy stands: its database holds all up to step ``sequence``, and nothing that step
    ``last`` and those after it do not hold.

    ``digest``: the beginning of the hash of step ``sequence``.
    """

    sequence: int
    digest: str
    last: int

    @property
    def tag(self) -> str:
        """Return it as a snapshot bears it."""
        more = f"+{self.last - self.sequence}" if self.last > self.sequence else ""
        return f"journal:{self.sequence}-{self.digest}{more}"


def mark_in(tags: Iterable[str]) -> Mark | None:
    """Return the mark among the tags of a snapshot; None on those of before, or of others."""
    for found in filter(None, map(_TAG.fullmatch, tags)):
        sequence = int(found[1])
        return Mark(sequence, found[2], sequence + int(found[3] or 0))
    return None


def of_name(name: str) -> Mark:
    """Return the mark of a copy that is made after the step with this name."""
    number, _, digest = name.partition("-")
    return Mark(int(number), digest[:_DIGITS], int(number))


def remembered(folder: Path) -> str:
    """Return the name of the last step that a journal remembers in its folder, "" for none."""
    try:
        told: dict[str, Any] = json.loads((folder / "state.json").read_text("utf-8"))
        name = f"{int(told['sequence']):012d}-{told['previous']}"
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ""
    return name if deltas.is_name(name) else ""


def opened(name: str, sealed: bytes, seal: Seal) -> Object | Piece:
    """Return an object of the journal, whichever engine it is of. Raises: Damaged."""
    with contextlib.suppress(Damaged):
        return deltas.opened(name, sealed, seal)
    return pieces.opened(name, sealed, seal)


@dataclass(frozen=True)
class Since:
    """From where on the journal leads further than a copy.

    ``mark`` is None where the place does not know it: then the dates have to do. ``time``: that
    which the copy claims (aware).
    """

    time: datetime
    mark: Mark | None = None

    def is_passed_by(self, sequence: int, made_at: datetime) -> bool:
        """Tell whether a step of the journal leads further."""
        if self.mark is not None and sequence > self.mark.last:
            return True
        if self.mark is not None and sequence <= self.mark.sequence:
            return False
        return made_at > self.time

    def holds(self, sequence: int) -> bool:
        """Tell whether the copy is known to hold a step, whatever dates say."""
        return self.mark is not None and sequence <= self.mark.last


class Chain:
    """What the journal of a place says of the copies there; empty where it holds none."""

    def __init__(self, shelves: Shelves[Any]) -> None:
        self._shelves = shelves
        newest = shelves.newest()
        #: The number of the last step, and when its clock said it was made (aware).
        self.end: int = newest.head.sequence if newest else 0
        self.ends_at: datetime | None = _made_at(newest) if newest else None

    def mark(self, tags: Iterable[str]) -> Mark | None:
        """Return the mark of a copy, if it is one of this chain."""
        found = mark_in(tags)
        return found if found is not None and self._knows(found) else None

    def since(self, time: datetime, tags: Iterable[str]) -> Since:
        """Return from where on the journal leads further than a copy."""
        return Since(time, self.mark(tags))

    def is_stranger(self, time: datetime, tags: Iterable[str]) -> bool:
        """Tell whether a copy claims to be newer than all that the chain holds, and the chain
        knows nothing of it.

        One that speaks of steps which are not here (yet, or no more) is none.
        """
        if self.ends_at is None or time <= self.ends_at:
            return False
        found = mark_in(tags)
        if found is None:
            return True
        return bool(self._shelves.names_at(found.sequence)) and not self._knows(found)

    def followed_at(self, mark: Mark) -> datetime | None:
        """Return when the step after a copy says it was made, None when none follows."""
        for name in self._shelves.names_at(mark.last + 1):
            thing = self._shelves.opened(name)
            if thing is not None:
                return _made_at(thing)
        return self.ends_at if self.end > mark.last else None

    def _knows(self, mark: Mark) -> bool:
        begin = f"{mark.sequence:012d}-{mark.digest}"
        return any(name.startswith(begin) for name in self._shelves.names_at(mark.sequence))


def _made_at(thing: Any) -> datetime:
    return datetime.fromisoformat(thing.head.made_at)
