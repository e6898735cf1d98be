"""Writing licences down, changing them, taking them away."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.provider.customers import operations as customers
from quenotte.provider.licences.models import Licence


class WrittenAlready(Refusal):
    """Two licences of a practice under one name: nobody could tell which one ends."""

    message = _("Ce cabinet a déjà une licence de ce nom.")
    next_step = _("Rien n’a été écrit. Modifiez celle qui existe, ou ajoutez au nom ce qui change.")


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
    return _saved(made, Action.CREATE, actor)


def change(
    licence: Licence,
    *,
    actor: Actor,
    name: str,
    software: str,
    seats: int | None,
    ends_on: date | None,
    note: str,
) -> Licence:
    """Write a licence down anew. Raises: WrittenAlready."""
    licence.name, licence.software, licence.seats = name, software, seats
    licence.ends_on, licence.note = ends_on, note
    return _saved(licence, Action.CHANGE, actor)


def take_away(licence: Licence, *, actor: Actor) -> None:
    """Forget a licence; the journal keeps that there was one."""
    with transaction.atomic():
        customers.mark_changed(licence.customer_id)
        _told(licence, Action.CHANGE, actor, {"state": "removed"})
        licence.delete()


def forget_practice(customer_id: UUID) -> int:
    """Forget the licences of a practice; return how many."""
    return Licence.objects.filter(customer_id=customer_id).delete()[0]


def _saved(licence: Licence, action: Action, actor: Actor) -> Licence:
    try:
        with transaction.atomic():
            customers.mark_changed(licence.customer_id)
            licence.save()
            _told(licence, action, actor)
    except IntegrityError as twice:
        raise WrittenAlready from twice
    return licence


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
