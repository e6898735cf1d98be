"""The pinboard of the practice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from quenotte.care.agenda.models import Pin
from quenotte.kernel.names import display_name


@dataclass(frozen=True, slots=True)
class Pinned:
    """An appointment that somebody carries; it still has its place, half-open."""

    appointment_id: UUID
    version: int
    starts_at: datetime
    ends_at: datetime
    patient_name: str
    title: str
    kind_id: UUID | None
    practitioner_id: UUID
    chair_id: UUID | None
    person_id: UUID
    person: str

    @property
    def minutes(self) -> int:
        """How long it lasts, in minutes."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


def pinboard(practice_id: UUID) -> list[Pinned]:
    """Return what the practice's people carry, first pinned first; one query."""
    rows = Pin.objects.filter(person__practice_id=practice_id).order_by("created_at")
    return [
        _pinned(row)
        for row in rows.values_list(
            "appointment_id",
            "appointment__version",
            "appointment__starts_at",
            "appointment__ends_at",
            "appointment__title",
            "appointment__kind_id",
            "appointment__practitioner_id",
            "appointment__chair_id",
            "person_id",
            "person__title",
            "person__first_name",
            "person__last_name",
            "appointment__patient__birth_name",
            "appointment__patient__used_name",
            "appointment__patient__first_birth_first_name",
        )
    ]


def _pinned(row: tuple[Any, ...]) -> Pinned:
    return Pinned(
        appointment_id=row[0],
        version=row[1],
        starts_at=row[2],
        ends_at=row[3],
        patient_name=display_name(*row[12:]),
        title=row[4],
        kind_id=row[5],
        practitioner_id=row[6],
        chair_id=row[7],
        person_id=row[8],
        person=" ".join(filter(None, row[9:12])),
    )
