"""What the practice chooses of an act: its own fee, label and length, hidden or not, favourite."""

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue.models import MOST_CENTS, Act, ActVersion, Favourite, Fee
from quenotte.office.catalogue.operations import versions, writing

_KIND: Final = "act"


class NoSuchAct(Refusal):
    """The practice has no act of this code."""

    message = _("Cet acte n’est pas au catalogue de votre cabinet. Rien n’a été enregistré.")


class BadAmount(Refusal):
    """An amount that nobody asks: negative, or a slip of the keyboard."""

    message = _("Ce montant ne peut pas être : il va de 0 à 100 000 €. Rien n’a été enregistré.")


@transaction.atomic
def set_fee(*, actor: Actor, code: str, cents: int | None, on: date) -> int | None:
    """Ask so many cents for an act from a day on; None goes back to the tariff.

    Plans and visits of before keep what they were written with. Returns what was asked before,
    so that it can be undone. Raises: NoSuchAct, BadAmount.
    """
    if cents is not None and not 0 <= cents <= MOST_CENTS:
        raise BadAmount
    catalogue = writing.hold(actor.own_practice_id)
    act = _act(actor, code)
    before = act.fees.filter(from_on__lte=on).first()
    was = before.fee_cents if before else None
    if was == cents:
        return was
    if before is None and cents is None:
        return None
    Fee.objects.update_or_create(act=act, from_on=on, defaults={"fee_cents": cents})
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, _KIND, act.id, fields="fee_cents")
    return was


@transaction.atomic
def set_worth(
    *, actor: Actor, code: str, on: date, tariff_cents: int | None, ceiling_cents: int | None
) -> None:
    """Write a tariff and a ceiling of an act from a day on, as the practice knows them.

    Meant for what our file could not verify. Raises: NoSuchAct, BadAmount.
    """
    for cents in (tariff_cents, ceiling_cents):
        if cents is not None and not 0 <= cents <= MOST_CENTS:
            raise BadAmount
    catalogue = writing.hold(actor.own_practice_id)
    act = _act(actor, code)
    last = versions.in_force(actor.own_practice_id, on).get(act.id)
    version = last if last and last.from_on == on else ActVersion(act=act, from_on=on)
    if last is not None and version is not last:
        for name in ("coverage", "group", "modifiers"):
            setattr(version, name, getattr(last, name))
    version.tariff_cents, version.ceiling_cents = tariff_cents, ceiling_cents
    if tariff_cents is not None and version.coverage != "outside":
        version.coverage = "covered"
    version.origin = Act.Origin.OWN
    version.save()
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, _KIND, act.id, fields="tariff_cents,ceiling_cents")


@transaction.atomic
def describe(*, actor: Actor, code: str, label: str, minutes: int | None, is_hidden: bool) -> None:
    """Call an act otherwise, give it another length, hide it; upgrades leave this alone.

    Raises: NoSuchAct.
    """
    catalogue = writing.hold(actor.own_practice_id)
    act = _act(actor, code)
    act.own_label = "" if label == act.label else label[:200]
    act.own_minutes = None if minutes == act.minutes else minutes
    act.is_hidden = is_hidden
    act.save(update_fields=["own_label", "own_minutes", "is_hidden"])
    writing.changed(catalogue)
    writing.trace(actor, Action.CHANGE, _KIND, act.id, fields="own_label,own_minutes,is_hidden")


@transaction.atomic
def mark(*, actor: Actor, code: str, is_favourite: bool, for_practice: bool = False) -> None:
    """Have an act at hand, or no more: for oneself, or for the whole practice.

    Raises: NoSuchAct.
    """
    act = _act(actor, code)
    whose: dict[str, Any] = {"person_id": None if for_practice else actor.own_person_id}
    if is_favourite:
        Favourite.objects.get_or_create(act=act, **whose)
    else:
        Favourite.objects.filter(act=act, **whose).delete()
    state = "on" if is_favourite else "off"
    writing.trace(actor, Action.CHANGE, _KIND, act.id, fields="favourite", state=state)


def _act(actor: Actor, code: str) -> Act:
    act = writing.act_of(actor.own_practice_id, code)
    if act is None:
        raise NoSuchAct
    return act
