"""The next free slots: open, not taken, with a free chair."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.utils import timezone

from quenotte.base.practice import queries as places
from quenotte.care.agenda import rules
from quenotte.care.agenda.queries.appointments import occupying
from quenotte.care.agenda.queries.assistants import assistants
from quenotte.care.agenda.queries.columns import practitioners, settings_of
from quenotte.care.agenda.queries.opening import Opening, opening

#: How many days ahead the search reads at once, and how far it goes.
_CHUNK_DAYS = 14
_FARTHEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time at which somebody could be booked; half-open, aware."""

    starts_at: datetime
    ends_at: datetime
    practitioner_id: UUID
    practitioner: str
    chair_id: UUID | None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; an empty ``practitioner_ids`` means anybody.

    For ``assistant_minutes`` from the start on, an assistant must be free, if there is any.
    """

    minutes: int
    practitioner_ids: Sequence[UUID] = ()
    day_part: str = rules.ANY_TIME
    weekdays: int = rules.EVERY_DAY
    chair_id: UUID | None = None
    assistant_minutes: int = 0


@dataclass(frozen=True, slots=True)
class _Busy:
    """What is taken in some days: by practitioner, by chair, and when somebody assists."""

    people: dict[UUID, list[rules.Period]]
    chairs: dict[UUID, list[rules.Period]]
    usual_chairs: dict[UUID, UUID]
    assisted: list[rules.Period]
    assistants: int


def free_slots(
    practice_id: UUID, search: Search, *, since: datetime, limit: int = 12
) -> list[FreeSlot]:
    """Return the next slots, earliest first, at most one start each full ``minutes`` of a gap.

    Starts lie on the step of the grid. Reads two weeks at a time and stops after a year.
    """
    return list(islice(_slots(practice_id, search, since), limit))


def _slots(practice_id: UUID, search: Search, since: datetime) -> Iterator[FreeSlot]:
    names = {it.id: it.name for it in practitioners(practice_id)}
    wanted = [
        ident for ident in names if not search.practitioner_ids or ident in search.practitioner_ids
    ]
    step = settings_of(practice_id).step_minutes
    chairs = list(places.chairs(practice_id).values_list("id", flat=True))
    helpers = assistants(practice_id) if search.assistant_minutes else 0
    first, length = timezone.localdate(since), timedelta(minutes=search.minutes)
    for offset in range(0, _FARTHEST_DAYS, _CHUNK_DAYS):
        days = [first + timedelta(days=offset + n) for n in range(_CHUNK_DAYS)]
        known = opening(practice_id, days[0], days[-1])
        busy = _busy(practice_id, days[0], days[-1], helpers)
        for day in days:
            if not rules.is_weekday_in(search.weekdays, day):
                continue
            found = [
                FreeSlot(start, start + length, who, names[who], chair)
                for who in wanted
                for start, chair in _of_day(known, busy, search, day, who, since, step, chairs)
            ]
            yield from sorted(found, key=lambda slot: (slot.starts_at, slot.practitioner))


def _of_day(
    known: Opening,
    busy: _Busy,
    search: Search,
    day: date,
    who: UUID,
    since: datetime,
    step: int,
    chairs: Sequence[UUID],
) -> Iterator[tuple[datetime, UUID | None]]:
    """Yield the starts of a day that do not overlap each other, each with a free chair."""
    taken_until = since
    for start in rules.free_starts(
        known.open_periods(day, who),
        busy.people.get(who, ()),
        minutes=search.minutes,
        step_minutes=step,
        not_before=since,
    ):
        period = rules.Period(start, start + timedelta(minutes=search.minutes))
        if start < taken_until or not _is_in_part(search.day_part, period, day, known):
            continue
        if not _has_assistant(busy, search, start):
            continue
        is_found, chair = _free_chair(busy, search.chair_id, who, period, chairs)
        if is_found:
            yield start, chair
            taken_until = period.ends_at


def _has_assistant(busy: _Busy, search: Search, start: datetime) -> bool:
    wanted = rules.assisted(start, search.assistant_minutes)
    return rules.shortage(wanted, busy.assisted, busy.assistants) is None


def _is_in_part(day_part: str, period: rules.Period, day: date, known: Opening) -> bool:
    start = rules.local_minute(period.starts_at, day, known.zone)
    return rules.falls_in(day_part, start, rules.local_minute(period.ends_at, day, known.zone))


def _free_chair(
    busy: _Busy, wanted: UUID | None, who: UUID, period: rules.Period, chairs: Sequence[UUID]
) -> tuple[bool, UUID | None]:
    """Return whether a chair is free, and which: the one asked, else her usual one first."""
    if not chairs:
        return True, None
    usual = busy.usual_chairs.get(who)
    order = [wanted] if wanted else sorted(chairs, key=lambda chair: chair != usual)
    for chair in order:
        if not any(period.overlaps(other) for other in busy.chairs.get(chair, ())):
            return True, chair
    return False, None


def _busy(practice_id: UUID, first: date, last: date, helpers: int) -> _Busy:
    zone = timezone.get_default_timezone()
    whole = rules.Period(
        rules.day_period(first, zone).starts_at, rules.day_period(last, zone).ends_at
    )
    people: dict[UUID, list[rules.Period]] = {}
    chairs: dict[UUID, list[rules.Period]] = {}
    seats: dict[UUID, Counter[UUID]] = {}
    rows = occupying(practice_id, whole).values_list(
        "practitioner_id", "chair_id", "starts_at", "ends_at", "assistant_minutes"
    )
    assisted = []
    for who, chair, starts_at, ends_at, minutes in rows:
        period = rules.Period(starts_at, ends_at)
        people.setdefault(who, []).append(period)
        if minutes and helpers:
            assisted.append(rules.assisted(starts_at, minutes))
        if chair is not None:
            chairs.setdefault(chair, []).append(period)
            seats.setdefault(who, Counter())[chair] += 1
    usual = {who: counted.most_common(1)[0][0] for who, counted in seats.items()}
    return _Busy(people, chairs, usual, assisted, helpers)
