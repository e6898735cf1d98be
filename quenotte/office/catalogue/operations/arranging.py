"""What the practice arranges around its acts: macros, rules of billing, rates."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice.rules import moved
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue.models import Check, Macro, Rate
from quenotte.office.catalogue.operations import writing

CHECK_FIELDS: Final = frozenset(
    {"kind", "codes", "others", "times", "months", "is_by_tooth", "reason", "source", "is_active"}
)
RATE_FIELDS: Final = frozenset({"permille", "amount_cents", "is_verified"})


class NotHere(Refusal):
    """Somebody removed it, or it belongs to another practice."""

    message = _("Cet élément n’existe plus. Rien n’a été modifié.")


class MacroNameTaken(Refusal):
    """Two macros of one name would be mistaken for each other."""

    message = _(
        "Un enchaînement porte déjà ce nom. Rien n’a été enregistré : choisissez-en un autre."
    )


class ShippedRule(Refusal):
    """A rule that Quenotte ships can be turned off, not removed."""

    message = _("Cette règle vient de Quenotte : désactivez-la plutôt que de la retirer.")


@transaction.atomic
def save_macro(*, actor: Actor, name: str, lines: list[str], macro_id: UUID | None = None) -> Macro:
    """Add a macro, last in order, or change one. Raises: NotHere, MacroNameTaken."""
    catalogue = writing.hold(actor.own_practice_id)
    mine = Macro.objects.filter(practice_id=actor.own_practice_id)
    macro = mine.filter(id=macro_id).first() if macro_id else None
    if macro is None:
        if macro_id:
            raise NotHere
        macro = Macro(practice_id=actor.own_practice_id, position=mine.count())
    macro.name, macro.lines = name, lines
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        raise MacroNameTaken from error
    writing.changed(catalogue)
    action = Action.CHANGE if macro_id else Action.CREATE
    writing.trace(actor, action, "macro", macro.id)
    return macro


@transaction.atomic
def move_macro(*, actor: Actor, macro_id: UUID, step: int) -> None:
    """Move a macro by ``step`` places in the list. Raises: NotHere."""
    catalogue = writing.hold(actor.own_practice_id)
    macro = _macro(actor, macro_id)
    others = list(Macro.objects.filter(practice_id=actor.own_practice_id))
    for position, other in enumerate(moved(others, macro, step)):
        other.position = position
        other.save(update_fields=["position"])
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, "macro", macro.id, fields="position")


@transaction.atomic
def remove_macro(*, actor: Actor, macro_id: UUID) -> Macro:
    """Remove a macro; return it, so that it can be put back. Raises: NotHere."""
    catalogue = writing.hold(actor.own_practice_id)
    macro = _macro(actor, macro_id)
    Macro.objects.filter(id=macro.id).delete()
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, "macro", macro_id, state="removed")
    return macro


@transaction.atomic
def save_check(*, actor: Actor, values: Mapping[str, Any], check_id: UUID | None = None) -> Check:
    """Add a rule of billing, or change one; upgrades then leave it alone.

    Raises: NotHere; ValueError when a field is not one of ``CHECK_FIELDS``.
    """
    if unknown := values.keys() - CHECK_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    catalogue = writing.hold(actor.own_practice_id)
    check = _check(actor, check_id) if check_id else Check(practice_id=actor.own_practice_id)
    for name, value in values.items():
        setattr(check, name, value)
    check.is_changed = True
    check.save()
    writing.changed(catalogue)
    action = Action.CHANGE if check_id else Action.CREATE
    writing.trace(actor, action, "check", check.id, fields=",".join(sorted(values)))
    return check


@transaction.atomic
def remove_check(*, actor: Actor, check_id: UUID) -> None:
    """Remove a rule of the practice's own. Raises: NotHere, ShippedRule."""
    catalogue = writing.hold(actor.own_practice_id)
    check = _check(actor, check_id)
    if check.key:
        raise ShippedRule
    check.delete()
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, "check", check_id, state="removed")


@transaction.atomic
def save_rate(*, actor: Actor, rate_id: UUID, values: Mapping[str, Any]) -> None:
    """Write a rate as the practice knows it; upgrades then leave it alone.

    Raises: NotHere; ValueError when a field is not one of ``RATE_FIELDS``.
    """
    if unknown := values.keys() - RATE_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    catalogue = writing.hold(actor.own_practice_id)
    rate = Rate.objects.filter(id=rate_id, practice_id=actor.own_practice_id).first()
    if rate is None:
        raise NotHere
    for name, value in values.items():
        setattr(rate, name, value)
    rate.is_changed = True
    rate.save()
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, "rate", rate.id, fields=",".join(sorted(values)))


def _macro(actor: Actor, macro_id: UUID) -> Macro:
    found = Macro.objects.filter(id=macro_id, practice_id=actor.own_practice_id).first()
    if found is None:
        raise NotHere
    return found


def _check(actor: Actor, check_id: UUID) -> Check:
    found = Check.objects.filter(id=check_id, practice_id=actor.own_practice_id).first()
    if found is None:
        raise NotHere
    return found
