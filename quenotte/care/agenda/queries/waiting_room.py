"""The waiting room: who waits since when, who is in a chair, who is late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment
from quenotte.kernel.names import display_name

#: Minutes of waiting, or of delay, from which the panel says so.
LONG_WAIT_MINUTES = 15
LATE_MINUTES = 10

_COLUMNS = (
    "id",
    "version",
    "patient_id",
    "status",
    "starts_at",
    "ends_at",
    "title",
    "arrived_at",
    "seated_at",
    "previous_status",
    "practitioner_id",
    "practitioner__title",
    "practitioner__first_name",
    "practitioner__last_name",
    "chair__room__name",
    "patient__birth_name",
    "patient__used_name",
    "patient__first_birth_first_name",
)


@dataclass(frozen=True, slots=True)
class Present:
    """A patient of today's agenda as the waiting room shows her."""

    id: UUID
    version: int
    patient_id: UUID
    patient_name: str
    status: str
    starts_at: datetime
    ends_at: datetime
    title: str
    arrived_at: datetime | None
    seated_at: datetime | None
    practitioner_id: UUID
    practitioner: str
    room: str
    waited_minutes: int | None
    late_minutes: int
    is_long: bool
    is_late: bool
    can_undo: bool

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(Appointment.Status(self.status).label)


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """Today, sorted by what the desk has to do; ``now`` is the server's clock."""

    now: datetime
    waiting: list[Present]
    in_chair: list[Present]
    late: list[Present]
    expected: list[Present]


def waiting_room(practice_id: UUID, *, now: datetime | None = None) -> WaitingRoom:
    """Return who waits (longest first), sits, is late, and comes next today; one query.

    Who arrived on an earlier day and was never seated is not shown: that day is over.
    """
    now = now or timezone.now()
    today = rules.day_period(timezone.localdate(now), timezone.get_default_timezone())
    rows = Appointment.objects.filter(
        practice_id=practice_id,
        starts_at__gte=today.starts_at,
        starts_at__lt=today.ends_at,
        status__in=rules.HERE | rules.EXPECTED,
    ).order_by("starts_at", "practitioner__last_name")
    people = [_present(row, now) for row in rows.values_list(*_COLUMNS)]
    waiting = [one for one in people if one.status == "arrived"]
    return WaitingRoom(
        now=now,
        waiting=sorted(waiting, key=lambda one: one.arrived_at or one.starts_at),
        in_chair=[one for one in people if one.status == "in_chair"],
        late=[one for one in people if one.is_late],
        expected=[one for one in people if one.status in rules.EXPECTED and not one.is_late],
    )


def _present(row: tuple[Any, ...], now: datetime) -> Present:
    ident, version, patient_id, status, starts_at, ends_at, title = row[:7]
    arrived, seated, before = row[7:10]
    waited = rules.waited_minutes(arrived, seated, now)
    late = rules.minutes_since(starts_at, now) if status in rules.EXPECTED else 0
    return Present(
        id=ident,
        version=version,
        patient_id=patient_id,
        patient_name=display_name(*row[15:]),
        status=status,
        starts_at=starts_at,
        ends_at=ends_at,
        title=title,
        arrived_at=arrived,
        seated_at=seated,
        practitioner_id=row[10],
        practitioner=" ".join(filter(None, row[11:14])),
        room=row[14] or "",
        waited_minutes=waited,
        late_minutes=late,
        is_long=status == "arrived" and (waited or 0) >= LONG_WAIT_MINUTES,
        is_late=late >= LATE_MINUTES,
        can_undo=bool(before),
    )
