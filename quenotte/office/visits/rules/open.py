"""Which open visits were forgotten, or cut short."""

from datetime import date, datetime, timedelta
from typing import Final

#: Nobody stays so long in a chair: the visit was left open.
LEFT_OPEN_HOURS: Final = 4


def is_left_open(opened_at: datetime, now: datetime, *, opened_on: date, today: date) -> bool:
    """Tell whether an open visit is of another day, or of too many hours ago. Days are local."""
    return opened_on < today or now - opened_at > timedelta(hours=LEFT_OPEN_HOURS)
