"""The expiry of a lot: filled in when it arrives with one, put right by hand."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.stock import rules
from quenotte.care.stock.models import ExpiryCorrection, Lot
from quenotte.care.stock.operations.refusals import NoReason
from quenotte.care.stock.operations.writing import locked, tell


@transaction.atomic
def correct_expiry(*, actor: Actor, lot_id: UUID, expires_on: date, reason: str) -> Lot:
    """Put the expiry of a lot right; what it said before is kept. The same date changes nothing.

    Raises: NoReason, NoSuchLot.
    """
    lot = locked(actor, lot_id)
    if lot.expires_on == expires_on:
        return lot
    if not reason.strip():
        raise NoReason
    return set_expiry(actor, lot, expires_on, reason)


def set_expiry(actor: Actor, lot: Lot, expires_on: date, reason: str) -> Lot:
    """Write the expiry of a locked lot, and what it said before."""
    ExpiryCorrection.objects.create(
        lot=lot,
        before=lot.expires_on,
        after=expires_on,
        reason=reason.strip()[: rules.LONGEST_REASON],
        at=timezone.now(),
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
    )
    lot.expires_on = expires_on
    lot.save(update_fields=["expires_on"])
    tell(actor, Action.CHANGE, "lot", lot.id, state="expiry")
    return lot
