"""Opening hours: half-open minutes of a weekday on the practice's wall clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from itertools import pairwise
from typing import Final, TypeAlias

from quenotte.care.agenda.rules.periods import MINUTES_A_DAY, Period, instant_at

#: Half-open minutes from midnight for each weekday (0 is Monday), in order.
Hours: TypeAlias = Mapping[int, Sequence[tuple[int, int]]]

#: One bit a weekday, Monday first.
EVERY_DAY: Final = 0b111_1111

ANY_TIME: Final = "any"
MORNING: Final = "morning"
AFTERNOON: Final = "afternoon"
NOON_MINUTE: Final = 13 * 60


def open_periods(day: date, hours: Hours, zone: tzinfo) -> list[Period]:
    """Return when ``hours`` open on a day; the whole day when no hours are known at all."""
    spans = hours.get(day.weekday(), ()) if hours else ((0, MINUTES_A_DAY),)
    periods = (
        Period(instant_at(day, opens, zone), instant_at(day, closes, zone, is_end=True))
        for opens, closes in spans
    )
    # Hours that end as the clock jumps over their start last no time.
    return [period for period in periods if period.starts_at < period.ends_at]


def closed_minutes(day: date, hours: Hours) -> list[tuple[int, int]]:
    """Return the half-open minutes of a day in which nobody works; none without hours."""
    if not hours:
        return []
    closed, start = [], 0
    for opens, closes in sorted(hours.get(day.weekday(), ())):
        if opens > start:
            closed.append((start, opens))
        start = max(start, closes)
    if start < MINUTES_A_DAY:
        closed.append((start, MINUTES_A_DAY))
    return closed


def overlapping_hours(spans: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the (weekday, opens, closes) that begin before the one before them has ended."""
    ordered = sorted(spans)
    return [
        later
        for earlier, later in pairwise(ordered)
        if earlier[0] == later[0] and later[1] < earlier[2]
    ]


def falls_in(day_part: str, start_minute: int, end_minute: int) -> bool:
    """Tell whether half-open minutes of a day lie in the morning, the afternoon or anywhere."""
    if day_part == MORNING:
        return end_minute <= NOON_MINUTE
    if day_part == AFTERNOON:
        return start_minute >= NOON_MINUTE
    return True


def weekdays_of(bits: int) -> list[int]:
    """Return the weekdays (0 is Monday) of which the bit is set."""
    return [weekday for weekday in range(7) if bits >> weekday & 1]


def weekdays_from(weekdays: Iterable[int]) -> int:
    """Return the bits of some weekdays (0 is Monday)."""
    return sum(1 << weekday for weekday in set(weekdays))


def is_weekday_in(bits: int, day: date) -> bool:
    """Tell whether the bit of this day's weekday is set."""
    return bool(bits >> day.weekday() & 1)
