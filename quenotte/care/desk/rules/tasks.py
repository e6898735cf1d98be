"""Tasks between colleagues: whom they concern, and how urgent they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from unicodedata import category
from uuid import UUID

LONGEST_TASK: Final = 500
LONGEST_COMMENT: Final = 1_000
LONGEST_WORD: Final = 1_000
LONGEST_REASON: Final = 200
#: How far ahead something may be due, in days.
FURTHEST_DAYS: Final = 730
#: Days that a pinned word stays when nobody says otherwise, and at most.
USUAL_PIN_DAYS: Final = 7
LONGEST_PIN_DAYS: Final = 90
#: How long what is over is kept, in days.
KEPT_DAYS: Final = 365
#: How long the calls are kept, in days.
CALLS_KEPT_DAYS: Final = 30


class Due(StrEnum):
    """How urgent something is on a day."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    OPEN_ENDED = "open_ended"


#: What is due within so many days is soon.
_SOON_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a task was given to; neither person nor role: to everybody."""

    author_id: UUID
    person_id: UUID | None
    role: str
    #: Whether the person it was given to can no longer log in.
    is_orphan: bool = False


def concerns(scope: Scope, person_id: UUID, roles: Collection[str], *, manages: bool) -> bool:
    """Tell whether a person reads a task: she wrote it, or it was given to her, alone or not.

    What was given to somebody who left is read by who runs the practice: nothing waits for ever.
    """
    if person_id in {scope.author_id, scope.person_id}:
        return True
    if scope.person_id is not None:
        return scope.is_orphan and manages
    return not scope.role or scope.role in roles


def is_mine(scope: Scope, person_id: UUID, roles: Collection[str]) -> bool:
    """Tell whether a task waits for a person; what she gave to others does not."""
    if scope.person_id is not None:
        return scope.person_id == person_id
    return not scope.role or scope.role in roles


def due_of(due_on: date | None, today: date) -> Due:
    """Return how urgent something is."""
    if due_on is None:
        return Due.OPEN_ENDED
    days = (due_on - today).days
    if days < 0:
        return Due.LATE
    if days == 0:
        return Due.TODAY
    return Due.SOON if days <= _SOON_DAYS else Due.LATER


def tidy(text: str) -> str:
    """Return what was typed without the signs that nobody sees; lines are kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    seen = ("".join(filter(_is_seen, line)).rstrip() for line in lines)
    return "\n".join(seen).strip()


def _is_seen(sign: str) -> bool:
    # French puts unbreakable spaces before « : » and into numbers.
    return sign.isprintable() or category(sign) == "Zs"
