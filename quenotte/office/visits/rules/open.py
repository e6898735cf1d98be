"""Which open visits were forgotten, or cut short."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

#: Nobody stays so long in a chair: the visit was left open.
LEFT_OPEN_HOURS: Final = 4


def is_left_open(opened_at: datetime, now: datetime, *, opened_on: date, today: date) -> bool:
    """Tell whether an open visit is of another day, or of too many hours ago. Days are local."""
    return opened_on < today or now - opened_at > timedelta(hours=LEFT_OPEN_HOURS)


def is_passed(
    *, opened_on: date, today: date, appointment: UUID | None, asked: UUID | None
) -> bool:
    """Tell whether an open visit gives way: it is of another day, for another appointment."""
    return asked is not None and asked != appointment and opened_on < today
