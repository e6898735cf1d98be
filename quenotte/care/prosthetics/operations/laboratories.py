"""The laboratories of a practice, and how it works with them."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.prosthetics.models import Laboratory, LaboratorySettings
from quenotte.care.prosthetics.operations.refusals import LaboratoryTaken, NotHere
from quenotte.care.prosthetics.operations.writing import locked_settings, tell


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a laboratory."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    is_active: bool = True


@transaction.atomic
def save_settings(*, actor: Actor, hides_names: bool, days_before: int) -> LaboratorySettings:
    """Say whether sheets name the patient, and how early missing work is told."""
    row = locked_settings(actor)
    row.hides_names, row.days_before = hides_names, days_before
    row.save()
    tell(actor, Action.CHANGE, "laboratory_settings", actor.own_practice_id)
    return row


@transaction.atomic
def add_laboratory(*, actor: Actor, described: Described) -> Laboratory:
    """Add a laboratory. Raises: LaboratoryTaken."""
    return _describe(actor, Laboratory(practice_id=actor.own_practice_id), described, Action.CREATE)


@transaction.atomic
def change_laboratory(*, actor: Actor, laboratory_id: UUID, described: Described) -> Laboratory:
    """Save a laboratory again. Raises: LaboratoryTaken, NotHere."""
    rows = Laboratory.objects.select_for_update().filter(practice_id=actor.own_practice_id)
    found = rows.filter(id=laboratory_id).first()
    if found is None:
        raise NotHere
    return _describe(actor, found, described, Action.CHANGE)


def _describe(
    actor: Actor, laboratory: Laboratory, described: Described, action: Action
) -> Laboratory:
    for name in Described.__slots__:
        setattr(laboratory, name, getattr(described, name))
    try:
        with transaction.atomic():
            laboratory.save()
    except IntegrityError as error:
        raise LaboratoryTaken from error
    tell(actor, action, "laboratory", laboratory.id)
    return laboratory
