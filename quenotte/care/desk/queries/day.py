"""The day as Aujourd’hui tells it, from one read of the agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from quenotte.care.agenda import queries as agenda
from quenotte.care.agenda import rules as times
from quenotte.care.agenda.queries import Present, WaitingRoom
from quenotte.care.desk.rules.waiting import late_minutes, minutes_since, tone_of
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import shown_phone

#: How far ahead an appointment that nobody confirmed is worth a call: Friday sees Monday.
_AHEAD = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who waits, with the colour of her wait."""

    present: Present
    minutes: int | None
    tone: str


@dataclass(frozen=True, slots=True)
class Chair:
    """A dentist's chair now. ``late_minutes`` is how late the next appointment is, at least."""

    current: Present | None
    coming: Present | None
    coming_waits: int | None
    coming_tone: str
    late_minutes: int
    others_wait: int
    after: list[Present]

    @property
    def coming_is_here(self) -> bool:
        """Whether the next patient waits already."""
        return self.coming is not None and self.coming.status == "arrived"


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room with who is in its chair, and who comes next."""

    name: str
    current: Present | None
    coming: Present | None
    coming_waits: int | None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An appointment that nobody has confirmed yet."""

    patient_id: UUID
    patient_name: str
    phone: str
    dialled: str
    starts_at: datetime
    practitioner: str
    is_today: bool


def chair_of(room: WaitingRoom, practitioner_id: UUID) -> Chair:
    """Return how the day of a practitioner stands."""
    current = _first(room.in_chair, practitioner_id)
    waiting = [one for one in room.waiting if one.practitioner_id == practitioner_id]
    ahead = [one for one in (*room.late, *room.expected) if one.practitioner_id == practitioner_id]
    by_time = sorted((*waiting, *ahead), key=lambda one: one.starts_at)
    # Who is here goes in first; who is only expected comes when nobody waits.
    coming = next(iter(sorted(waiting, key=lambda one: one.starts_at)), None) or _next(by_time)
    waits = minutes_since(coming.arrived_at, room.now) if coming else None
    return Chair(
        current=current,
        coming=coming,
        coming_waits=waits,
        coming_tone=tone_of(waits),
        late_minutes=_delay(current, coming, room.now),
        others_wait=sum(one is not coming for one in waiting),
        after=[one for one in by_time if one is not coming],
    )


def rooms_of(room: WaitingRoom, names: Sequence[str]) -> list[RoomNow]:
    """Return each room of the practice as it stands; a room without anybody is free."""
    # Who is here goes in before who is only expected.
    ahead = [
        *sorted(room.waiting, key=lambda one: one.starts_at),
        *sorted((*room.late, *room.expected), key=lambda one: one.starts_at),
    ]
    return [
        RoomNow(
            name=name,
            current=next((one for one in room.in_chair if one.room == name), None),
            coming=(coming := next((one for one in ahead if one.room == name), None)),
            coming_waits=minutes_since(coming.arrived_at, room.now) if coming else None,
        )
        for name in names
    ]


def waits(room: WaitingRoom) -> list[Wait]:
    """Return who waits, longest first, each with the colour of the wait."""
    found = [(one, minutes_since(one.arrived_at, room.now)) for one in room.waiting]
    return [Wait(one, minutes, tone_of(minutes)) for one, minutes in found]


def unconfirmed(practice_id: UUID, now: datetime) -> list[Unconfirmed]:
    """Return the next appointments that nobody has confirmed: the rest of today, and the next
    day on which the practice has any; one query."""
    rows = agenda.within(practice_id, times.Period(now, now + _AHEAD), None)
    found = rows.filter(status="booked", starts_at__gte=now).select_related(
        "patient", "practitioner"
    )
    today = timezone.localdate(now)
    lines = [
        Unconfirmed(
            patient_id=one.patient_id,
            patient_name=one.patient.full_name,
            phone=shown_phone(one.patient.mobile_phone or one.patient.other_phone),
            dialled=one.patient.mobile_phone or one.patient.other_phone,
            starts_at=one.starts_at,
            practitioner=one.practitioner.full_name,
            is_today=timezone.localdate(one.starts_at) == today,
        )
        for one in found.order_by("starts_at")
    ]
    later = [one for one in lines if not one.is_today]
    next_day = timezone.localdate(later[0].starts_at) if later else None
    return [one for one in lines if one.is_today or timezone.localdate(one.starts_at) == next_day]


def alerts_of(patient_ids: Sequence[UUID]) -> dict[UUID, list[patients.Alert]]:
    """Return the alerts that hold for each of these patients, the most severe first; one query."""
    return patients.alerts_of_each(patient_ids)


def _first(people: Sequence[Present], practitioner_id: UUID) -> Present | None:
    return next((one for one in people if one.practitioner_id == practitioner_id), None)


def _next(people: Sequence[Present]) -> Present | None:
    return people[0] if people else None


def _delay(current: Present | None, coming: Present | None, now: datetime) -> int:
    """Return how late the chair is: the next patient should sit, or the current one be done."""
    if coming is not None and coming.status == "arrived":
        return late_minutes(coming.starts_at, now)
    return late_minutes(current.ends_at, now) if current is not None else 0
