"""How an appointment goes from booked to done: which steps are legal, and their times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

STATUSES: Final = ("booked", "confirmed", "arrived", "in_chair", "done", "missed", "cancelled")

#: Statuses in which nobody is occupied.
OFF: Final = frozenset({"missed", "cancelled"})
#: Statuses of somebody who is still expected.
EXPECTED: Final = frozenset({"booked", "confirmed"})
#: Statuses of somebody who is in the practice.
HERE: Final = frozenset({"arrived", "in_chair"})

#: Where each status may go; going back is an undo, not a move. Who is noted as missed may
#: still come late, and what was cancelled may be booked again in its place.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    "booked": frozenset({"confirmed", "arrived", "in_chair", "missed", "cancelled"}),
    "confirmed": frozenset({"arrived", "in_chair", "missed", "cancelled"}),
    "arrived": frozenset({"in_chair", "done", "cancelled"}),
    "in_chair": frozenset({"done"}),
    "done": frozenset(),
    "missed": frozenset({"arrived", "booked", "cancelled"}),
    "cancelled": frozenset({"booked"}),
}

#: The column that keeps when a status was reached.
TIME_FIELDS: Final[Mapping[str, str]] = {
    "confirmed": "confirmed_at",
    "arrived": "arrived_at",
    "in_chair": "seated_at",
    "done": "done_at",
    "missed": "missed_at",
    "cancelled": "cancelled_at",
}

#: How long one step may be undone, in minutes: later, history is history.
UNDO_MINUTES: Final = 24 * 60

_ORDER: Final = ("confirmed_at", "arrived_at", "seated_at", "done_at")
#: Steps that are about the day itself, not about a day to come.
_OF_THE_DAY: Final = frozenset({"arrived", "in_chair", "done"})


@dataclass(frozen=True, slots=True)
class Step:
    """What one step writes: the status, what an undo comes back to, and the times."""

    status: str
    previous: str
    times: Mapping[str, datetime | None]


def may_become(status: str, wanted: str) -> bool:
    """Tell whether ``wanted`` may follow ``status``; unknown ones never."""
    return wanted in MOVES.get(status, frozenset())


def may_move(status: str, *, is_same_day: bool) -> bool:
    """Tell whether an appointment may be put elsewhere.

    Somebody who is here may still change chairs or wait a little; what is over stays.
    """
    return status in EXPECTED or (is_same_day and status in HERE)


def when_fault(
    wanted: str, *, starts_at: datetime, now: datetime, starts_on: date, today: date
) -> str:
    """Return why a step comes too soon, or nothing.

    « day »: nobody arrives for an appointment of a day to come; « start »: nobody is missed
    before the time of the appointment. The dates are local.
    """
    if wanted in _OF_THE_DAY and starts_on > today:
        return "day"
    return "start" if wanted == "missed" and now < starts_at else ""


def step_to(
    status: str, wanted: str, *, times: Mapping[str, datetime | None], now: datetime
) -> Step:
    """Return what a legal step writes.

    A clock that was set back never makes a step end before the one before it. Coming back
    from missed or cancelled forgets that time and the steps that it undoes.
    """
    changed: dict[str, datetime | None] = {}
    if status in OFF:
        changed[TIME_FIELDS[status]] = None
    if wanted in TIME_FIELDS:
        changed[TIME_FIELDS[wanted]] = _not_before(times.values(), now)
    if status in OFF and wanted == "booked":
        changed |= dict.fromkeys(_ORDER)
    return Step(wanted, status, changed)


def undo_of(
    status: str, previous: str, *, times: Mapping[str, datetime | None], now: datetime
) -> Step | None:
    """Return the step back, or None when there is none to undo or it is too old.

    The time of the undone step is forgotten; an undo cannot be undone.
    """
    if not previous:
        return None
    changed: dict[str, datetime | None] = {}
    field = TIME_FIELDS.get(status)
    reached = times.get(field) if field else None
    if reached is not None and minutes_since(reached, now) > UNDO_MINUTES:
        return None
    if field:
        changed[field] = None
    if previous in OFF:
        changed[TIME_FIELDS[previous]] = now
    return Step(previous, "", changed)


def minutes_since(then: datetime, now: datetime) -> int:
    """Return whole minutes from an instant to another, never less than none."""
    return max(0, int((now - then).total_seconds() // 60))


def waited_minutes(
    arrived_at: datetime | None, seated_at: datetime | None, now: datetime
) -> int | None:
    """Return how long somebody waited, or waits, in minutes; None before she arrived."""
    if arrived_at is None:
        return None
    return minutes_since(arrived_at, seated_at or now)


def _not_before(times: Iterable[datetime | None], now: datetime) -> datetime:
    return max([now, *(time for time in times if time is not None)])
