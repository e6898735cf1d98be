"""Who would come at short notice, and who suits a slot that was freed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from quenotte.care.agenda import rules
from quenotte.care.agenda.models import ShortNotice
from quenotte.care.patients.rules import shown_phone


@dataclass(frozen=True, slots=True)
class Waiting:
    """A patient on the list, with what one says on the telephone."""

    entry: ShortNotice
    patient_name: str
    phone: str
    practitioner: str
    kind: str
    gives_up_at: datetime | None

    @property
    def id(self) -> UUID:
        """The entry's."""
        return self.entry.id

    @property
    def weekdays(self) -> list[int]:
        """The weekdays on which she can come, 0 is Monday."""
        return rules.weekdays_of(self.entry.weekdays)


def waiting_list(practice_id: UUID) -> list[Waiting]:
    """Return who waits, longest first; an entry whose last day is over waits no more."""
    rows = (
        ShortNotice.objects.filter(practice_id=practice_id, closed_at=None)
        .select_related("patient", "practitioner", "kind", "appointment")
        .order_by("created_at")
    )
    today = timezone.localdate()
    return [
        _waiting(entry) for entry in rows if entry.until_day is None or entry.until_day >= today
    ]


def matches(
    practice_id: UUID,
    *,
    starts_at: datetime,
    minutes: int,
    practitioner_id: UUID | None = None,
) -> list[Waiting]:
    """Return who could take a free slot of some minutes with this practitioner, longest first.

    Who gives up a later appointment is not offered a slot that comes after it.
    """
    day = timezone.localdate(starts_at)
    zone = timezone.get_default_timezone()
    start = rules.local_minute(starts_at, day, zone)
    return [
        one
        for one in waiting_list(practice_id)
        if one.entry.minutes <= minutes
        and one.entry.from_day <= day
        and (one.entry.until_day is None or day <= one.entry.until_day)
        and rules.is_weekday_in(one.entry.weekdays, day)
        and rules.falls_in(one.entry.day_part, start, start + one.entry.minutes)
        and one.entry.practitioner_id in {None, practitioner_id or one.entry.practitioner_id}
        and (one.gives_up_at is None or starts_at < one.gives_up_at)
    ]


def _waiting(entry: ShortNotice) -> Waiting:
    later = entry.appointment
    is_later_kept = later is not None and later.status in rules.EXPECTED
    return Waiting(
        entry=entry,
        patient_name=entry.patient.full_name,
        phone=shown_phone(entry.patient.phone),
        practitioner=entry.practitioner.full_name if entry.practitioner else "",
        kind=entry.kind.name if entry.kind else "",
        gives_up_at=later.starts_at if later is not None and is_later_kept else None,
    )
