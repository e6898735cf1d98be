"""Autoclaves, their daily tests, and how the practice sterilises."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.sterilisation import rules
from quenotte.care.sterilisation.models import (
    Autoclave,
    SterilisationSettings,
    SteriliserTest,
)
from quenotte.care.sterilisation.operations.refusals import NameTaken, NotOurs
from quenotte.care.sterilisation.operations.writing import autoclave_of, locked_settings, tell


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an autoclave; ``programmes`` one a line."""

    name: str
    programmes: str
    serial: str = ""
    letter: str = "B"
    is_active: bool = True


@transaction.atomic
def save_settings(*, actor: Actor, shelf_days: int, kits: str) -> SterilisationSettings:
    """Say how long a pouch keeps and what pouches usually hold."""
    row = locked_settings(actor)
    row.shelf_days, row.kits = shelf_days, kits.strip()
    row.save()
    tell(actor, Action.CHANGE, "sterilisation", actor.own_practice_id)
    return row


@transaction.atomic
def add_autoclave(*, actor: Actor, described: Described) -> Autoclave:
    """Add an autoclave. Raises: NameTaken."""
    return _describe(actor, Autoclave(practice_id=actor.own_practice_id), described, Action.CREATE)


@transaction.atomic
def change_autoclave(*, actor: Actor, autoclave_id: UUID, described: Described) -> Autoclave:
    """Save an autoclave again. Raises: NameTaken, NotOurs."""
    return _describe(actor, autoclave_of(actor, autoclave_id), described, Action.CHANGE)


@transaction.atomic
def note_test(*, actor: Actor, autoclave_id: UUID, kind: str, passed: bool) -> SteriliserTest:
    """Write the result of a test of today. Raises: NotOurs."""
    if kind not in rules.TESTS:
        raise NotOurs
    test = SteriliserTest.objects.create(
        autoclave=autoclave_of(actor, autoclave_id),
        day=timezone.localdate(),
        kind=kind,
        passed=passed,
        at=timezone.now(),
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
    )
    tell(actor, Action.CREATE, "steriliser_test", test.id, state="ok" if passed else "failed")
    return test


def _describe(
    actor: Actor, autoclave: Autoclave, described: Described, action: Action
) -> Autoclave:
    for name in Described.__slots__:
        setattr(autoclave, name, getattr(described, name))
    try:
        with transaction.atomic():
            autoclave.save()
    except IntegrityError as error:
        raise NameTaken from error
    tell(actor, action, "autoclave", autoclave.id)
    return autoclave
