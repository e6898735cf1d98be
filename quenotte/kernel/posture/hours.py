"""When a practice is open: what a silence or a lit screen is judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from quenotte.kernel.holidays import METROPOLE, public_holidays

#: How far an opening is looked for: nobody closes for longer without saying so.
HORIZON: Final = timedelta(days=35)
_DAY: Final = timedelta(days=1)


class Opening(NamedTuple):
    """A half-open period of a weekday, Monday is 0; in minutes from midnight, 1440 ends the day."""

    weekday: int
    opens_minute: int
    closes_minute: int


class Period(NamedTuple):
    """A half-open period between two aware instants."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """The week of a practice, without public holidays and the days on which it is away.

    Openings may overlap, as those of several practitioners do. ``territory``: whose holidays;
    None: those on which it is closed are among ``closed_on``.
    """

    zone: tzinfo
    openings: tuple[Opening, ...]
    closed_on: frozenset[date] = frozenset()
    territory: str | None = METROPOLE

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody is expected to work at a moment."""
        return any(one.starts_at <= at < one.ends_at for one in self.around(at, _DAY, _DAY))

    def next_open(self, at: datetime) -> datetime | None:
        """Return a moment itself when it is in hours, else the next opening; None: none is near."""
        coming = self.around(at, _DAY, HORIZON)
        return next((max(at, one.starts_at) for one in coming if one.ends_at > at), None)

    def after_open(self, at: datetime, worked: timedelta) -> datetime | None:
        """Return when so much time of opening has passed since a moment; None: not soon."""
        for one in self.around(at, _DAY, HORIZON):
            starts_at = max(at, one.starts_at)
            if one.ends_at - starts_at >= worked:
                return starts_at + worked
            worked -= max(one.ends_at - starts_at, timedelta())
        return None

    def open_between(self, first: datetime, last: datetime) -> timedelta:
        """Return how much time of opening lies between two moments."""
        spans = (
            min(one.ends_at, last) - max(one.starts_at, first)
            for one in self.around(first, _DAY, last - first + _DAY)
        )
        return sum((max(one, timedelta()) for one in spans), timedelta())

    def last_closure(self, at: datetime, longer_than: timedelta) -> Period | None:
        """Return the newest closure that began before a moment; shorter ones are breaks."""
        # Nearly always it is one of the last days, which are soon walked through.
        for back in (4 * _DAY, HORIZON):
            spans = pairwise(self.around(at, back, HORIZON))
            gaps = (Period(one.ends_at, two.starts_at) for one, two in spans)
            begun = takewhile(lambda gap: gap.starts_at <= at, gaps)
            long = [gap for gap in begun if gap.ends_at - gap.starts_at > longer_than]
            if long:
                return long[-1]
        return None

    def around(self, at: datetime, back: timedelta, ahead: timedelta) -> Iterator[Period]:
        """Yield the openings of the days about a moment in order, those that touch as one."""
        held: Period | None = None
        for one in self._openings(at - back, at + ahead):
            if held and one.starts_at <= held.ends_at:
                held = Period(held.starts_at, max(held.ends_at, one.ends_at))
                continue
            if held:
                yield held
            held = one
        if held:
            yield held

    def _openings(self, first: datetime, last: datetime) -> Iterator[Period]:
        day, after = (at.astimezone(self.zone).date() for at in (first, last + _DAY))
        while day < after:
            yield from self._of_day(day)
            day += _DAY

    def _of_day(self, day: date) -> list[Period]:
        if day in self.closed_on or self._is_holiday(day):
            return []
        today = sorted(one for one in self.openings if one.weekday == day.weekday())
        return [
            Period(self._instant(day, one.opens_minute), self._instant(day, one.closes_minute))
            for one in today
        ]

    def _is_holiday(self, day: date) -> bool:
        territory = self.territory
        return territory is not None and day in public_holidays(day.year, territory=territory)

    def _instant(self, day: date, minute: int) -> datetime:
        # By the clock on the wall, then to UTC: a night of summer time is an hour shorter.
        wall = datetime.combine(day, time(), self.zone) + timedelta(minutes=minute)
        return wall.astimezone(UTC)
