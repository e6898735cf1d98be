"""What the shape of an appointment may be: how long, on one day, not in another age."""

from datetime import date, timedelta
from typing import Final

SHORTEST_MINUTES: Final = 5
LONGEST_MINUTES: Final = 12 * 60
#: Nobody books more days ahead: a year was mistyped.
FARTHEST_DAYS: Final = 5 * 366


def duration_fault(minutes: int) -> str:
    """Return « short » or « long » when nobody works so few or so many minutes, or nothing."""
    if minutes < SHORTEST_MINUTES:
        return "short"
    return "long" if minutes > LONGEST_MINUTES else ""


def period_fault(*, minutes: int, starts_on: date, last_day: date, today: date) -> str:
    """Return why an appointment cannot have this shape, or nothing.

    « short », « long »; « night »: it goes on after midnight; « far »: years ahead. The days
    are local; ``last_day`` is that of its last minute.
    """
    if fault := duration_fault(minutes):
        return fault
    if last_day != starts_on:
        return "night"
    return "far" if starts_on - today > timedelta(days=FARTHEST_DAYS) else ""


def assistant_time(wanted: int | None, usual: int, minutes: int) -> int:
    """Return the assistant's minutes: what was asked, else the type's, within the appointment."""
    return max(0, min(usual if wanted is None else wanted, minutes))
