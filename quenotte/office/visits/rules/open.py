"""Which open visits were forgotten, or cut short."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

#: Nobody stays so long in a chair: the visit was left open.
LEFT_OPEN_HOURS: Final = 4
#: Who is treated longer before an appointment comes for something else, and comes back for it.
EARLY: Final = timedelta(hours=2)


def is_left_open(opened_at: datetime, now: datetime, *, opened_on: date, today: date) -> bool:
    """Tell whether an open visit is of another day, or of too many hours ago. Days are local."""
    return opened_on < today or now - opened_at > timedelta(hours=LEFT_OPEN_HOURS)


def is_passed(
    *, opened_on: date, today: date, appointment: UUID | None, asked: UUID | None
) -> bool:
    """Tell whether an open visit gives way: it is of another day, for another appointment."""
    return asked is not None and asked != appointment and opened_on < today


def due_now(found: Sequence[tuple[bool, datetime]], now: datetime) -> int | None:
    """Return which appointment of today somebody who is treated now came for; None for none.

    ``found`` says of each whether the patient arrived for it, and when it starts: who arrived
    comes for that one, else for the nearest one that is not ``EARLY`` ahead.
    """
    near = [n for n, (arrived, starts_at) in enumerate(found) if arrived or starts_at - now < EARLY]
    return min(near, key=lambda n: (not found[n][0], abs(found[n][1] - now)), default=None)


def moment_of_care(
    opened_at: datetime, until: datetime, *, opened_on: date, until_on: date
) -> datetime:
    """Return when something was done that is noted at a moment, or was forgotten until then.

    ``until`` is now while the visit goes on, else its end. On another day the visit was left
    open: care was given when it began. Days are local.
    """
    return until if opened_on == until_on else opened_at
