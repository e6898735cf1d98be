"""Writing licences down, changing them, taking them away."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice.rules import stamp
from quenotte.kernel.errors import Refusal
from quenotte.provider.customers import operations as customers
from quenotte.provider.licences.models import Licence

#: What a licence says, and its form.
FIELDS: Final = ("name", "software", "seats", "ends_on", "note")


class WrittenAlready(Refusal):
    """Two licences of a practice under one name: nobody could tell which one ends."""

    message = _("Ce cabinet a déjà une licence de ce nom.")
    next_step = _("Rien n’a été écrit. Modifiez celle qui existe, ou ajoutez au nom ce qui change.")


class LicenceMoved(Refusal):
    """Somebody else saved the same licence since a form of it was shown; ``known`` is it now."""

    message = _("Une autre personne a modifié cette licence entre-temps. Rien n’a été écrit.")
    next_step = _(
        "Ce qui est enregistré est écrit sous chaque champ où il diffère. Regardez, puis "
        "enregistrez de nouveau."
    )

    def __init__(self, known: Licence) -> None:
        super().__init__()
        self.known = known


class LicenceGone(Refusal):
    """Somebody else took the licence away since a form of it was shown."""

    message = _("Une autre personne a retiré cette licence entre-temps. Rien n’a été écrit.")
    next_step = _("Si elle existe toujours, notez-la de nouveau.")


def write(
    *,
    customer_id: UUID,
    actor: Actor,
    name: str,
    software: str = "",
    seats: int | None = None,
    ends_on: date | None = None,
    note: str = "",
) -> Licence:
    """Write a licence down. Raises: WrittenAlready."""
    made = Licence(
        customer_id=customer_id,
        name=name,
        software=software,
        seats=seats,
        ends_on=ends_on,
        note=note,
    )
    try:
        with transaction.atomic():
            customers.mark_changed(customer_id)
            made.save(force_insert=True)
            _told(made, Action.CREATE, actor)
    except IntegrityError as twice:
        raise WrittenAlready from twice
    return made


def change(
    licence: Licence,
    *,
    actor: Actor,
    name: str,
    software: str,
    seats: int | None,
    ends_on: date | None,
    note: str,
    seen: str,
) -> Licence:
    """Write a licence down anew.

    ``seen``: the seal of what the form had shown (``sealed``). Raises: WrittenAlready,
    LicenceMoved, LicenceGone: nothing is overwritten.
    """
    try:
        with transaction.atomic():
            known = _held(licence)
            if sealed(known) != seen:
                raise LicenceMoved(known)
            known.name, known.software, known.seats = name, software, seats
            known.ends_on, known.note = ends_on, note
            known.save()
            _told(known, Action.CHANGE, actor)
    except IntegrityError as twice:
        raise WrittenAlready from twice
    return known


def take_away(licence: Licence, *, actor: Actor) -> None:
    """Forget a licence; the journal keeps that there was one. Raises: LicenceGone."""
    with transaction.atomic():
        known = _held(licence)
        _told(known, Action.CHANGE, actor, {"state": "removed"})
        known.delete()


def sealed(licence: Licence) -> str:
    """Return a digest of what a licence says: what a form was filled from."""
    return stamp({name: getattr(licence, name) for name in FIELDS})


def _held(licence: Licence) -> Licence:
    """Return a licence as it stands; who writes it meanwhile waits. Raises: LicenceGone."""
    customers.mark_changed(licence.customer_id)
    known = Licence.objects.select_for_update().filter(pk=licence.pk).first()
    if known is None:
        raise LicenceGone
    return known


def forget_practice(customer_id: UUID) -> int:
    """Forget the licences of a practice; return how many."""
    return Licence.objects.filter(customer_id=customer_id).delete()[0]


def _told(
    licence: Licence, action: Action, actor: Actor, detail: dict[str, str] | None = None
) -> None:
    record(
        action=action,
        actor=actor,
        object_kind="licence",
        object_id=str(licence.id),
        detail=detail or {},
    )
