"""The search for free slots, on periods alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from quenotte.care.agenda.rules.periods import Period, subtracted


def free_starts(
    opened: Iterable[Period],
    busy: Iterable[Period],
    *,
    minutes: int,
    step_minutes: int,
    not_before: datetime,
) -> Iterator[datetime]:
    """Yield the instants at which ``minutes`` begin that are open and free, earliest first.

    Starts lie on the grid: whole steps after the opening of their period. A gap that begins
    off the grid is also offered from its first minute, so that no gap is lost.
    """
    step = timedelta(minutes=step_minutes)
    for period in sorted(opened):
        for gap in subtracted([period], busy):
            yield from _in_gap(period, gap, timedelta(minutes=minutes), step, not_before)


def _in_gap(
    period: Period, gap: Period, length: timedelta, step: timedelta, not_before: datetime
) -> Iterator[datetime]:
    start = gap.starts_at
    while start + length <= gap.ends_at:
        if start >= not_before:
            yield start
        off_grid = (start - period.starts_at) % step
        start += step - off_grid
