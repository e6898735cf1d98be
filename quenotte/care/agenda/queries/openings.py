"""When the first practice of this server opens again, for whoever knows no agenda."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from quenotte.base.practice import queries as practices
from quenotte.care.agenda.queries.opening import Opening, opening
from quenotte.kernel.posture import hours as posture

#: Holidays of a practice last no longer than it is looked ahead, in days.
_AHEAD: Final = 40


def next_opening(after: datetime) -> datetime | None:
    """Return the first opening of any practice after an aware moment, None without hours."""
    found = (_of(one, after) for one in practices.practice_ids())
    return min((one for one in found if one), default=None)


def _of(practice_id: UUID, after: datetime) -> datetime | None:
    first = timezone.localdate(after)
    known = opening(practice_id, first, first + timedelta(days=_AHEAD))
    # Without hours a practice never closes: it does not open either.
    for offset in range(_AHEAD + 1 if known.hours else 0):
        starts = [
            period.starts_at
            for who in known.hours
            for period in known.open_periods(first + timedelta(days=offset), who)
            if period.starts_at > after
        ]
        if starts:
            return min(starts)
    return None


def week_of(practice_id: UUID, at: datetime) -> posture.Hours | None:
    """Return when somebody works in the weeks about an aware moment, None without hours.

    A day on which everybody is on leave is closed, as a public holiday is.
    """
    around = timedelta(days=_AHEAD)
    first, last = timezone.localdate(at - around), timezone.localdate(at + around)
    known = opening(practice_id, first, last)
    if not known.hours:
        return None
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return posture.Hours(
        known.zone,
        tuple(_openings(known)),
        frozenset(day for day in days if not _is_worked(known, day)),
        territory=None,
    )


def _openings(known: Opening) -> Iterator[posture.Opening]:
    for week in known.hours.values():
        for weekday, periods in week.items():
            yield from (posture.Opening(weekday, opens, closes) for opens, closes in periods)


def _is_worked(known: Opening, day: date) -> bool:
    return any(known.open_periods(day, who) for who in known.hours)
