"""When a message leaves: so long before, never at night, again after a failure, never too late."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from quenotte.care.reminders.rules.states import Kind
from quenotte.kernel.holidays import public_holidays

#: A reminder that would come later than this before the appointment only disturbs.
LEAST_NOTICE: Final = timedelta(hours=2)
#: A letter that one recipient's server keeps putting off is given up after so many attempts.
MOST_ATTEMPTS: Final = 8
#: An appointment taken so recently needs no « your appointment is taken » any more.
FRESH: Final = timedelta(hours=12)
_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(hours=4)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nobody is disturbed: from an hour of the evening to one of the morning, wall clock.

    ``from_hour`` equal to ``to_hour`` means never by hour. ``days_off``: Sundays and public
    holidays too.
    """

    from_hour: int = 20
    to_hour: int = 8
    days_off: bool = True

    def holds(self, local: datetime) -> bool:
        """Tell whether a local instant lies in the quiet."""
        if self.days_off and is_day_off(local.date()):
            return True
        if self.from_hour == self.to_hour:
            return False
        if self.from_hour < self.to_hour:
            return self.from_hour <= local.hour < self.to_hour
        return local.hour >= self.from_hour or local.hour < self.to_hour


def is_day_off(day: date) -> bool:
    """Tell whether a day is a Sunday or a public holiday of metropolitan France."""
    return day.weekday() == 6 or day in _holidays(day.year)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(public_holidays(year))


def before(starts_at: datetime, hours: int, zone: ZoneInfo) -> datetime:
    """Return the instant ``hours`` before, by the wall clock: a day before 9:00 is 9:00.

    On the night of the change a time that does not exist becomes the next that does.
    """
    naive = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=hours)
    return _real(naive, zone)


def due_at(starts_at: datetime, hours: int, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Return when a reminder leaves: after the quiet, or before it when that would be too late."""
    moment = before(starts_at, hours, zone)
    later = first_allowed(moment, quiet, zone)
    if later <= starts_at - LEAST_NOTICE:
        return later
    return last_allowed(moment, quiet, zone)


def first_allowed(moment: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Return the instant itself, or the next one outside the quiet."""
    return _outside(moment, quiet, zone, step=1)


def last_allowed(moment: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Return the instant itself, or the last full minute before the quiet began."""
    return _outside(moment, quiet, zone, step=-1)


def too_late_at(kind: str, starts_at: datetime) -> datetime:
    """Return from when on a message is not sent any more."""
    if kind in {Kind.MOVED, Kind.CANCELLED}:
        return starts_at
    return starts_at - LEAST_NOTICE


def was_booked_in_time(booked_at: datetime, due: datetime) -> bool:
    """Tell whether a reminder makes sense: who booked after its moment knows the date."""
    return booked_at < due


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 5, 15, 45 minutes … 4 hours."""
    return min(_FIRST_WAIT * 3 ** min(attempts - 1, 10), _LONGEST_WAIT)


def _outside(moment: datetime, quiet: Quiet, zone: ZoneInfo, *, step: int) -> datetime:
    local = moment.astimezone(zone)
    if not quiet.holds(local):
        return moment
    for day in range(12):
        for edge in _edges(local.date() + timedelta(days=day * step), quiet, zone, step):
            if (edge - moment) * step > timedelta(0):
                return edge
    # A quiet that never ends does not hold a message up for ever.
    return moment


def _edges(day: date, quiet: Quiet, zone: ZoneInfo, step: int) -> list[datetime]:
    """Return where the quiet ends (forward) or began (backward) on a day, nearest first."""
    midnight = datetime.combine(day, time())
    hours = {0, quiet.to_hour} if step > 0 else {24, quiet.from_hour}
    found = [
        _real(midnight + timedelta(hours=hour), zone) - (_MINUTE if step < 0 else timedelta(0))
        for hour in sorted(hours, reverse=step < 0)
    ]
    return [edge for edge in found if not quiet.holds(edge.astimezone(zone))]


def _real(naive: datetime, zone: ZoneInfo) -> datetime:
    """Return the aware instant; what the spring night skips is moved on by the hour skipped."""
    aware = naive.replace(tzinfo=zone)
    return aware.astimezone(ZoneInfo("UTC")).astimezone(zone)
