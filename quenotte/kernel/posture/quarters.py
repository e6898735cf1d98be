"""The quarters of an hour of a day in which a machine was heard: a bit each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

#: A day is kept as quarters of an hour, in two numbers.
_SLOT_S: Final = 900
QUARTER: Final = timedelta(seconds=_SLOT_S)
_HALF: Final = 48


def slot_of(at: datetime) -> tuple[int, int]:
    """Return the bit of an instant's quarter of an hour in its day (UTC): early half, late half."""
    moment = at.astimezone(UTC)
    slot = (moment.hour * 3600 + moment.minute * 60 + moment.second) // _SLOT_S
    return (1 << slot, 0) if slot < _HALF else (0, 1 << (slot - _HALF))


def slots(early: int, late: int) -> list[bool]:
    """Return the 96 quarters of an hour of a day (UTC), True where the machine was seen."""
    return [bool(half >> slot & 1) for half in (early, late) for slot in range(_HALF)]


def moments(day: date, early: int, late: int) -> Iterator[datetime]:
    """Yield when each quarter of an hour of a day (UTC) began in which a machine was seen."""
    midnight = datetime.combine(day, time(), UTC)
    for number, was_seen in enumerate(slots(early, late)):
        if was_seen:
            yield midnight + timedelta(seconds=number * _SLOT_S)
