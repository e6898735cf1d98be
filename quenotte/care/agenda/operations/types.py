"""The types of appointments that the practice offers."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice.rules import moved
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import AppointmentType
from quenotte.care.agenda.operations.obstacles import BadShape
from quenotte.care.agenda.operations.writing import tell
from quenotte.kernel.errors import Refusal

#: What a person may type of a type.
FIELDS: Final = frozenset({"name", "minutes", "assistant_minutes", "colour", "is_active"})
_KIND: Final = "appointment_type"


class NoSuchType(Refusal):
    """The type is not offered any more, or belongs to another practice."""

    message = _("Ce type de rendez-vous n’est plus proposé. Rien n’a été enregistré.")


class TypeNameTaken(Refusal):
    """Two types of one name would be mistaken for each other."""

    message = _("Un type porte déjà ce nom. Rien n’a été enregistré : choisissez-en un autre.")


@transaction.atomic
def save_type(
    *, actor: Actor, values: Mapping[str, Any], type_id: UUID | None = None
) -> AppointmentType:
    """Add a type (last in order) or change one; appointments keep what they were booked with.

    Raises: NoSuchType, TypeNameTaken, BadShape; ValueError when a field is not one of ``FIELDS``.
    """
    if unknown := values.keys() - FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    kind = _locked(actor, type_id) if type_id else _new(actor)
    for name, value in values.items():
        setattr(kind, name, value)
    if fault := rules.duration_fault(kind.minutes):
        raise BadShape(fault)
    kind.assistant_minutes = rules.assistant_time(None, kind.assistant_minutes, kind.minutes)
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as error:
        raise TypeNameTaken from error
    _traced(actor, kind, Action.CHANGE if type_id else Action.CREATE, ",".join(sorted(values)))
    return kind


@transaction.atomic
def move_type(*, actor: Actor, type_id: UUID, step: int) -> None:
    """Move a type by ``step`` places in the list. Raises: NoSuchType."""
    kind = _locked(actor, type_id)
    others = list(AppointmentType.objects.filter(practice_id=actor.own_practice_id))
    for position, other in enumerate(moved(others, kind, step)):
        other.position = position
        other.save(update_fields=["position"])
    _traced(actor, kind, Action.CHANGE, "position")


def type_of(actor: Actor, type_id: UUID | None) -> AppointmentType | None:
    """Return a type that the practice offers; None when none is asked. Raises: NoSuchType."""
    if type_id is None:
        return None
    found = AppointmentType.objects.filter(
        id=type_id, practice_id=actor.own_practice_id, is_active=True
    ).first()
    if found is None:
        raise NoSuchType
    return found


def _new(actor: Actor) -> AppointmentType:
    count = AppointmentType.objects.filter(practice_id=actor.own_practice_id).count()
    return AppointmentType(practice_id=actor.own_practice_id, position=count)


def _locked(actor: Actor, type_id: UUID) -> AppointmentType:
    found = (
        AppointmentType.objects.select_for_update(no_key=True)
        .filter(id=type_id, practice_id=actor.own_practice_id)
        .first()
    )
    if found is None:
        raise NoSuchType
    return found


def _traced(actor: Actor, kind: AppointmentType, action: Action, fields: str) -> None:
    tell(actor, ())
    audit.record(
        action=action,
        actor=actor,
        object_kind=_KIND,
        object_id=str(kind.id),
        detail={"fields": fields},
    )
