"""Half-open periods of time, and how the wall clock of a practice names instants.

Instants are compared and subtracted in UTC alone: Python compares two times of one zone by
their wall clock, which is wrong in the nights when the clock is set.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

MINUTES_A_DAY: Final = 24 * 60


class NoSuchTime(ValueError):
    """The wall clock never shows this time: the clock was set forward over it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The instants from ``starts_at`` to ``ends_at``, the last not included; both in UTC."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))

    def overlaps(self, other: "Period") -> bool:
        """Tell whether the two share an instant; one that ends as the other starts does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: "Period") -> bool:
        """Tell whether the other lies entirely within this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Return the real minutes between two instants, rounded; negative when they are swapped."""
    return round((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).total_seconds() / 60)


def instant_of(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant at which the wall clock shows ``local`` (naive), the first if twice.

    Raises: NoSuchTime in the hour that the clock jumps over.
    """
    aware = local.replace(tzinfo=zone, fold=0)
    instant = aware.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(local.isoformat())
    return instant


def instant_at(day: date, minute: int, zone: tzinfo, *, is_end: bool = False) -> datetime:
    """Return the instant of a wall-clock minute of a day, from 0 to 1440 (next midnight).

    A minute that the clock jumps over is as much later as the clock is set forward; one that
    it shows twice is the first, or the last for the end of a period.
    """
    if minute == MINUTES_A_DAY:
        day, minute = day + timedelta(days=1), 0
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return local.replace(fold=1 if is_end and _is_twice(local) else 0).astimezone(UTC)


def day_period(day: date, zone: tzinfo) -> Period:
    """Return a local day: 23 or 25 hours when the clock is set."""
    return Period(instant_at(day, 0, zone), instant_at(day, MINUTES_A_DAY, zone))


def local_minute(instant: datetime, day: date, zone: tzinfo) -> int:
    """Return the wall-clock minute of an instant, counted from the midnight of ``day``."""
    local = instant.astimezone(zone)
    return (local.date() - day).days * MINUTES_A_DAY + local.hour * 60 + local.minute


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the same instants as periods that neither touch nor overlap, in order."""
    kept: list[Period] = []
    for period in sorted(periods):
        if period.starts_at >= period.ends_at:
            continue
        if kept and period.starts_at <= kept[-1].ends_at:
            kept[-1] = Period(kept[-1].starts_at, max(kept[-1].ends_at, period.ends_at))
        else:
            kept.append(period)
    return kept


def subtracted(periods: Iterable[Period], cuts: Iterable[Period]) -> list[Period]:
    """Return the instants of ``periods`` that are in none of ``cuts``, in order."""
    removed = merged(cuts)
    left: list[Period] = []
    for period in merged(periods):
        start = period.starts_at
        for cut in removed:
            if cut.ends_at <= start or cut.starts_at >= period.ends_at:
                continue
            if cut.starts_at > start:
                left.append(Period(start, cut.starts_at))
            start = cut.ends_at
        if start < period.ends_at:
            left.append(Period(start, period.ends_at))
    return left


def _is_twice(local: datetime) -> bool:
    """Tell whether the wall clock shows this time twice."""
    first, last = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and last is not None and last < first
