"""When the practice and its practitioners work: hours, leave, public holidays."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.practice import queries as places
from quenotte.base.prepared import prepared
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import AgendaSettings, Leave, OpeningPeriod
from quenotte.care.agenda.queries.columns import settings_of
from quenotte.kernel.dates import clock
from quenotte.kernel.holidays import public_holidays, territory_of


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a time is no good: a code (past, holiday, leave, closed, patient) and its words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Closure:
    """Half-open minutes of a day in which somebody (None: the practice) does not work."""

    day: date
    start_minute: int
    end_minute: int
    practitioner_id: UUID | None
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything that decides when a practice works between two days; read once."""

    zone: tzinfo
    settings: AgendaSettings
    hours: dict[UUID | None, dict[int, list[tuple[int, int]]]]
    leaves: list[Leave]
    holidays: dict[date, str] = field(default_factory=dict)

    def hours_for(self, practitioner_id: UUID | None) -> rules.Hours:
        """Return her own hours, else the practice's; nothing known means never closed."""
        return self.hours.get(practitioner_id) or self.hours.get(None) or {}

    def leaves_of(self, practitioner_id: UUID | None) -> Iterator[Leave]:
        """Yield the absences that keep her from working: hers and the practice's."""
        for leave in self.leaves:
            if leave.practitioner_id is None or leave.practitioner_id == practitioner_id:
                yield leave

    def open_periods(self, day: date, practitioner_id: UUID | None) -> list[rules.Period]:
        """Return when she works on a day, in order."""
        if day in self.holidays:
            return []
        cuts = [rules.Period(it.starts_at, it.ends_at) for it in self.leaves_of(practitioner_id)]
        opened = rules.open_periods(day, self.hours_for(practitioner_id), self.zone)
        return rules.subtracted(opened, cuts)


def opening(practice_id: UUID, first: date, last: date) -> Opening:
    """Return when the practice works from ``first`` to ``last``, both included; four queries."""
    zone = timezone.get_default_timezone()
    settings = settings_of(practice_id)
    return Opening(
        zone=zone,
        settings=settings,
        hours=hours_of(practice_id),
        leaves=_leaves_between(
            practice_id,
            rules.day_period(first, zone).starts_at,
            rules.day_period(last, zone).ends_at,
        ),
        holidays={} if settings.works_on_holidays else _holidays(practice_id, first, last),
    )


def hours_of(practice_id: UUID) -> dict[UUID | None, dict[int, list[tuple[int, int]]]]:
    """Return the hours kept, by practitioner (None: the practice), then by weekday."""
    found: dict[UUID | None, dict[int, list[tuple[int, int]]]] = {}
    for who, weekday, opens, closes in _hours(practice_id):
        found.setdefault(who, defaultdict(list))[weekday].append((opens, closes))
    return found


@prepared
def _hours(practice_id: UUID) -> QuerySet[OpeningPeriod, tuple[Any, ...]]:
    rows = OpeningPeriod.objects.filter(practice_id=practice_id)
    return rows.values_list("practitioner_id", "weekday", "opens_minute", "closes_minute")


@prepared
def _leaves_between(practice_id: UUID, start: datetime, end: datetime) -> QuerySet[Leave]:
    return leaves(practice_id).filter(ends_at__gt=start, starts_at__lt=end)


def leaves(practice_id: UUID) -> QuerySet[Leave]:
    """Return the absences of the practice and of its people, earliest first."""
    return Leave.objects.filter(practice_id=practice_id).select_related("practitioner")


def closures(
    practice_id: UUID, first: date, last: date, practitioner_ids: list[UUID]
) -> list[Closure]:
    """Return what the grid shades, for the practice (None) and for each practitioner.

    Both days included. A practitioner who works as the practice does is not named.
    """
    return closures_in(opening(practice_id, first, last), first, last, practitioner_ids)


def closures_in(
    known: Opening, first: date, last: date, practitioner_ids: list[UUID]
) -> list[Closure]:
    """Return what ``closures`` does, from what is known already."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        closure
        for day in days
        for who in (None, *practitioner_ids)
        for closure in _closures(known, day, who)
    ]


def obstacles(
    practice_id: UUID,
    practitioner_id: UUID,
    period: rules.Period,
    *,
    now: datetime,
    is_elsewhere: bool = False,
    shortage: rules.Shortage | None = None,
) -> list[Obstacle]:
    """Return why nobody should book this period with her; empty when nothing speaks against.

    ``is_elsewhere``: the patient has another appointment then; ``shortage``: too few assistants.
    """
    day = timezone.localdate(period.starts_at)
    known = opening(practice_id, day, day)
    found = [*_calendar_obstacles(known, day, practitioner_id, period)]
    if day < timezone.localdate(now):
        found.insert(0, Obstacle("past", _("Ce jour est passé.")))
    if is_elsewhere:
        found.append(Obstacle("patient", _("Ce patient a déjà un rendez-vous à cette heure.")))
    if shortage is not None:
        found.append(Obstacle("assistant", _shortage_words(shortage)))
    return found


def _shortage_words(shortage: rules.Shortage) -> str:
    return _("Il faudrait %(n)s assistantes à %(time)s : toutes sont déjà prises.") % {
        "n": shortage.wanted,
        "time": clock(timezone.localtime(shortage.at)),
    }


def _calendar_obstacles(
    known: Opening, day: date, practitioner_id: UUID, period: rules.Period
) -> Iterator[Obstacle]:
    if day in known.holidays:
        name = known.holidays[day]
        yield Obstacle("holiday", _("Jour férié : %(name)s.") % {"name": name})
        return
    for leave in known.leaves_of(practitioner_id):
        if period.overlaps(rules.Period(leave.starts_at, leave.ends_at)):
            yield Obstacle("leave", _leave_words(leave))
            return
    opened = rules.open_periods(day, known.hours_for(practitioner_id), known.zone)
    if not any(one.holds(period) for one in rules.merged(opened)):
        yield Obstacle("closed", _("En dehors des horaires d’ouverture."))


def _closures(known: Opening, day: date, who: UUID | None) -> Iterator[Closure]:
    if who is None and day in known.holidays:
        yield Closure(day, 0, rules.MINUTES_A_DAY, None, "holiday", known.holidays[day])
        return
    if day in known.holidays:
        return
    if who is None or who in known.hours:
        for start, end in rules.closed_minutes(day, known.hours_for(who)):
            yield Closure(day, start, end, who, "closed", _("Fermé"))
    for leave in known.leaves:
        if leave.practitioner_id == who and (span := _minutes_in(day, leave, known.zone)):
            yield Closure(day, *span, who, "leave", _leave_words(leave))


def _minutes_in(day: date, leave: Leave, zone: tzinfo) -> tuple[int, int] | None:
    start = max(0, rules.local_minute(leave.starts_at, day, zone))
    end = min(rules.MINUTES_A_DAY, rules.local_minute(leave.ends_at, day, zone))
    return (start, end) if start < end else None


def _leave_words(leave: Leave) -> str:
    """Return « Congés (Dr Alice Kermarec). » or « Fermeture du cabinet. »."""
    if leave.practitioner is None:
        return f"{leave.get_kind_display()}."
    return f"{leave.get_kind_display()} ({leave.practitioner.full_name})."


def _holidays(practice_id: UUID, first: date, last: date) -> dict[date, str]:
    territory = territory_of(places.practice(practice_id).postcode)
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(year, territory=territory).items()
        if first <= day <= last
    }
