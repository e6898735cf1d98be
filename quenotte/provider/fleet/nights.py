"""The hours in which a machine was heard, a day each, with the hours of its practice behind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from quenotte.kernel.posture.hours import Hours, Period
from quenotte.kernel.posture.quarters import QUARTER
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import hearing

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Quarters of an hour in a row, from the start of the day. ``is_outside``: while closed."""

    start: int
    length: int
    is_outside: bool = False


@dataclass(frozen=True)
class Night:
    """When a machine was heard on one day, by the practice's clock, and when that was open.

    ``gaps``: when nobody could hear it, for our own door did not listen.
    """

    day: date
    stretches: tuple[Stretch, ...]
    openings: tuple[Stretch, ...] = ()
    gaps: tuple[Stretch, ...] = ()
    has_hours: bool = False

    @property
    def unheard(self) -> str:
        """Return for how long our door did not listen: « 11 h »; "" for never."""
        slots = sum(one.length for one in self.gaps)
        return _hour(slots) if slots else ""

    @property
    def words(self) -> str:
        """Return its stretches as hours: « 8 h 30–19 h »; of many, the first and the last hour."""
        if not self.stretches:
            return _("pas entendue")
        first, last = self.stretches[0], self.stretches[-1]
        return f"{_hour(first.start)}–{_hour(last.start + last.length)}"

    @property
    def outside(self) -> str:
        """Return how long it was heard while the practice was closed: « 2 h 15 »; "" for never."""
        slots = sum(one.length for one in self.stretches if one.is_outside)
        return _hour(slots) if slots else ""


def nights_of(
    machine_id: UUID,
    hours: Hours | None,
    zone: ZoneInfo,
    now: datetime,
    *,
    is_server: bool = False,
) -> list[Night]:
    """Return the last days of a machine, the newest first: those too in which it was silent.

    The days begin with the first one that is known. ``hours``: None when the practice told none. A
    server is on while its practice is closed, and nothing is told apart.
    """
    heard = kept.heard_at([machine_id], now).get(machine_id, ())
    if not heard:
        return []
    days: dict[date, set[int]] = {}
    for at in heard:
        local = at.astimezone(zone)
        days.setdefault(local.date(), set()).add(local.hour * 4 + local.minute // 15)
    day, today = min(days), now.astimezone(zone).date()
    found = []
    gaps = hearing.gaps(now)
    while day <= today:
        night = _night(day, days.get(day, set()), hours, zone, gaps)
        found.append(_as_server(night) if is_server else night)
        day += _DAY
    return found[::-1]


def _as_server(night: Night) -> Night:
    slots = {one.start + back for one in night.stretches for back in range(one.length)}
    return replace(night, stretches=tuple(_stretches(slots)))


def _night(
    day: date, heard: set[int], hours: Hours | None, zone: ZoneInfo, gaps: Iterable[Period]
) -> Night:
    whole = _whole(day, zone)
    opened = _slots(hours.around(whole.starts_at, _DAY, 2 * _DAY), whole, zone) if hours else set()
    inside, outside = (heard & opened, heard - opened) if hours else (heard, set())
    stretches = [
        *(Stretch(one.start, one.length) for one in _stretches(inside)),
        *(Stretch(one.start, one.length, is_outside=True) for one in _stretches(outside)),
    ]
    return Night(
        day,
        tuple(sorted(stretches, key=lambda one: one.start)),
        tuple(_stretches(opened)),
        tuple(_stretches(_slots(gaps, whole, zone) - heard)),
        has_hours=hours is not None,
    )


def _whole(day: date, zone: ZoneInfo) -> Period:
    """Return a day from midnight to midnight by a clock."""
    first, last = (datetime.combine(one, time(), zone) for one in (day, day + _DAY))
    return Period(first.astimezone(UTC), last.astimezone(UTC))


def _slots(periods: Iterable[Period], within: Period, zone: ZoneInfo) -> set[int]:
    """Return the quarters of an hour of a day of which a moment lies in one of some periods."""
    found: set[int] = set()
    for period in periods:
        at = max(period.starts_at, within.starts_at)
        while at < min(period.ends_at, within.ends_at):
            local = at.astimezone(zone)
            found.add(local.hour * 4 + local.minute // 15)
            # To where the next one begins: a gap begins at any minute.
            at += QUARTER - (at - within.starts_at) % QUARTER
    return found


def _stretches(slots: Iterable[int]) -> Iterator[Stretch]:
    start = last = None
    for slot in sorted(slots):
        if last is not None and start is not None and slot != last + 1:
            yield Stretch(start, last + 1 - start)
            start = slot
        start = slot if start is None else start
        last = slot
    if start is not None and last is not None:
        yield Stretch(start, last + 1 - start)


def _hour(slot: int) -> str:
    return f"{slot // 4} h {slot % 4 * 15:02}" if slot % 4 else f"{slot // 4} h"
