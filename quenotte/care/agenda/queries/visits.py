"""Reads of the agenda: for now, the appointments of one patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from quenotte.base.prepared import prepared
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment
from quenotte.kernel.names import display_name

#: Appointments shown on the patient page before « Tous les rendez-vous ».
SHOWN = 4

_COLUMNS = (
    "id",
    "starts_at",
    "ends_at",
    "title",
    "status",
    "assistant_minutes",
    "practitioner__title",
    "practitioner__first_name",
    "practitioner__last_name",
)

#: Statuses that nothing follows.
_OVER: Final = frozenset({*rules.OFF, "done"})
#: How long after its end somebody who came may still be in the practice.
_LATE: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as a line of a list; half-open period [starts_at, ends_at)."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str
    status: str
    practitioner: str
    assistant_minutes: int = 0

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(Appointment.Status(self.status).label)

    def is_past(self, now: datetime) -> bool:
        """Whether it is over: one that goes on is not, nor who sits in the chair past its end."""
        if self.starts_at >= now:
            return False
        if self.status in rules.HERE and self.ends_at > now - _LATE:
            return False
        return self.ends_at <= now or self.status in _OVER

    @property
    def is_off(self) -> bool:
        """Whether nobody came or will come."""
        return self.status in rules.OFF

    @property
    def minutes(self) -> int:
        """How long it lasts, in minutes."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Visits:
    """The appointments of a patient: to come, soonest first; past, latest first."""

    coming: list[Visit]
    past: list[Visit]


@dataclass(frozen=True, slots=True)
class DayVisit:
    """An appointment as a line of the day."""

    visit: Visit
    patient_id: UUID
    patient_name: str
    chair: str


def visits_of_day(practice_id: UUID, day: date) -> list[DayVisit]:
    """Return the appointments that begin on a day, earliest first; one query."""
    opens = timezone.make_aware(datetime.combine(day, time()))
    closes = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    rows = Appointment.objects.filter(
        practice_id=practice_id, starts_at__gte=opens, starts_at__lt=closes
    ).order_by("starts_at", "chair__position")
    return [
        DayVisit(
            _visit(row[: len(_COLUMNS)]),
            row[-5],
            display_name(*row[-4:-1]),
            row[-1] or "",
        )
        for row in rows.values_list(
            *_COLUMNS,
            "patient_id",
            "patient__birth_name",
            "patient__used_name",
            "patient__first_birth_first_name",
            "chair__room__name",
        )
    ]


def visits_around(patient_id: UUID, now: datetime, limit: int) -> Visits:
    """Return the appointments around an instant, at most ``limit`` in all; one query."""
    found = [_visit(row) for row in _rows_of(patient_id, limit=limit)]
    coming = [visit for visit in found if not visit.is_past(now)]
    return Visits(coming[::-1], [visit for visit in found if visit.is_past(now)])


@prepared
def _rows_of(patient_id: UUID, *, limit: int) -> QuerySet[Appointment, tuple[Any, ...]]:
    rows = Appointment.objects.filter(patient_id=patient_id).order_by("-starts_at")
    return rows.values_list(*_COLUMNS)[:limit]


def next_visits(patient_id: UUID, after: datetime, limit: int) -> list[Visit]:
    """Return the appointments that go on or are to come, soonest first."""
    rows = Appointment.objects.filter(~_past(after), patient_id=patient_id)
    return _visits(rows.order_by("starts_at"), limit)


def past_visits(patient_id: UUID, before: datetime, limit: int) -> list[Visit]:
    """Return the appointments that are over and began before an instant, latest first."""
    rows = Appointment.objects.filter(
        _past(timezone.now()), patient_id=patient_id, starts_at__lt=before
    )
    return _visits(rows.order_by("-starts_at"), limit)


def _past(at: datetime) -> Q:
    """Return what ``Visit.is_past`` tells, for the database."""
    is_here = Q(status__in=rules.HERE, ends_at__gt=at - _LATE)
    goes_on = Q(ends_at__gt=at) & ~Q(status__in=_OVER)
    return Q(starts_at__lt=at) & ~is_here & ~goes_on


def _visits(rows: QuerySet[Appointment], limit: int) -> list[Visit]:
    return [_visit(row) for row in rows.values_list(*_COLUMNS)[:limit]]


def _visit(row: tuple[Any, ...]) -> Visit:
    visit_id, starts_at, ends_at, title, status, assisted, *names = row
    practitioner = " ".join(name for name in names if name)
    return Visit(visit_id, starts_at, ends_at, title, status, practitioner, assisted)


def last_done(practice_id: UUID) -> dict[UUID, date]:
    """Return the local day on which each patient was last treated; one query."""
    return {one: timezone.localdate(at) for one, at in last_treated(practice_id).items()}


def last_treated(practice_id: UUID) -> dict[UUID, datetime]:
    """Return when the last visit of each patient that took place began; one query."""
    rows = Appointment.objects.filter(
        practice_id=practice_id, status=Appointment.Status.DONE
    ).order_by()
    return dict(rows.values_list("patient_id").annotate(last=Max("starts_at")))


def treatments_of_each(patient_ids: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    """Return when the visits of each of these patients that took place began, earliest first."""
    rows = Appointment.objects.filter(
        patient_id__in=list(patient_ids), status=Appointment.Status.DONE
    ).order_by("starts_at")
    found: dict[UUID, list[datetime]] = {}
    for patient_id, starts_at in rows.values_list("patient_id", "starts_at"):
        found.setdefault(patient_id, []).append(starts_at)
    return found


def next_of_each(patient_ids: Iterable[UUID], now: datetime) -> dict[UUID, datetime]:
    """Return when each of these patients comes next, for those who do; one query."""
    rows = Appointment.objects.filter(patient_id__in=list(patient_ids), starts_at__gte=now)
    rows = rows.exclude(status__in=rules.OFF).order_by()
    return dict(rows.values_list("patient_id").annotate(next=Min("starts_at")))
