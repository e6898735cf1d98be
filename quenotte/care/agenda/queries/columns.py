"""What the agenda is drawn with: its columns, the types of appointments, its settings."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.base.practice import queries as places
from quenotte.base.prepared import prepared
from quenotte.care.agenda.models import AgendaSettings, AppointmentType


@dataclass(frozen=True, slots=True)
class Column:
    """A practitioner or a chair."""

    id: UUID
    name: str


def practitioners(practice_id: UUID, *, also: Collection[UUID] = ()) -> list[Column]:
    """Return those who treat patients here now, and ``also`` these, by name."""
    rows = _practitioner_rows(practice_id, *also)
    return [Column(row[0], " ".join(filter(None, row[1:]))) for row in rows]


@prepared
def _practitioner_rows(practice_id: UUID, *also: UUID) -> QuerySet[Any, tuple[Any, ...]]:
    here = Q(role=Role.DENTIST.value, is_active=True)
    found = people.accounts(practice_id).filter(here | Q(id__in=also) if also else here)
    return found.values_list("id", "title", "first_name", "last_name")


def chairs(practice_id: UUID) -> list[Column]:
    """Return the chairs in their order: the room's name, and the chair's where it has several."""
    rows = _chair_rows(practice_id)
    rooms = [row[2] for row in rows]
    return [
        Column(ident, f"{room}, {name}" if rooms.count(room_id) > 1 else room)
        for ident, name, room_id, room in rows
    ]


@prepared
def _chair_rows(practice_id: UUID) -> QuerySet[Any, tuple[UUID, str, UUID, str]]:
    return places.chairs(practice_id).values_list("id", "name", "room_id", "room__name")


@prepared
def offered_types(practice_id: UUID) -> QuerySet[AppointmentType]:
    """Return the types offered, in their order; a prepared read."""
    return types(practice_id)


def types(
    practice_id: UUID, *, also: Collection[UUID] = (), with_retired: bool = False
) -> QuerySet[AppointmentType]:
    """Return the types offered, and ``also`` these, in their order."""
    found = AppointmentType.objects.filter(practice_id=practice_id)
    if with_retired:
        return found
    offered = Q(is_active=True)
    return found.filter(offered | Q(id__in=also) if also else offered)


def settings_of(practice_id: UUID) -> AgendaSettings:
    """Return how the practice draws its agenda; the usual way when nobody chose."""
    for found in _settings(practice_id):
        return found
    return AgendaSettings(practice_id=practice_id)


@prepared
def _settings(practice_id: UUID) -> QuerySet[AgendaSettings]:
    return AgendaSettings.objects.filter(practice_id=practice_id)
