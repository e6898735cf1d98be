"""What the agenda is drawn with: its columns, the types of appointments, its settings."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.base.practice import queries as places
from quenotte.care.agenda.models import AgendaSettings, AppointmentType


@dataclass(frozen=True, slots=True)
class Column:
    """A practitioner or a chair."""

    id: UUID
    name: str


def practitioners(practice_id: UUID, *, also: Collection[UUID] = ()) -> list[Column]:
    """Return those who treat patients here now, and ``also`` these, by name."""
    here = Q(role=Role.DENTIST.value, is_active=True)
    found = people.accounts(practice_id).filter(here | Q(id__in=also))
    rows = found.values_list("id", "title", "first_name", "last_name")
    return [Column(row[0], " ".join(filter(None, row[1:]))) for row in rows]


def chairs(practice_id: UUID) -> list[Column]:
    """Return the chairs in their order: the room's name, and the chair's where it has several."""
    rows = list(places.chairs(practice_id).values_list("id", "name", "room_id", "room__name"))
    rooms = [row[2] for row in rows]
    return [
        Column(ident, f"{room}, {name}" if rooms.count(room_id) > 1 else room)
        for ident, name, room_id, room in rows
    ]


def types(
    practice_id: UUID, *, also: Collection[UUID] = (), with_retired: bool = False
) -> QuerySet[AppointmentType]:
    """Return the types offered, and ``also`` these, in their order."""
    found = AppointmentType.objects.filter(practice_id=practice_id)
    return found if with_retired else found.filter(Q(is_active=True) | Q(id__in=also))


def settings_of(practice_id: UUID) -> AgendaSettings:
    """Return how the practice draws its agenda; the usual way when nobody chose."""
    found = AgendaSettings.objects.filter(practice_id=practice_id).first()
    return found or AgendaSettings(practice_id=practice_id)
