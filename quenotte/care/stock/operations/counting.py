"""Counting the shelves."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.stock import rules
from quenotte.care.stock.models import Inventory
from quenotte.care.stock.operations.refusals import StockMoved, WrongQuantity
from quenotte.care.stock.operations.writing import left_of, locked, row_of, tell, written
from quenotte.care.stock.rules import Kind


@transaction.atomic
def count(*, actor: Actor, counted: Mapping[UUID, tuple[int, int]], reason: str) -> Inventory:
    """Write a count: lot -> (quantity that the form showed, quantity found on the shelf).

    Each difference is a correction.

    Raises: StockMoved when a lot moved since the form was drawn: nothing is written;
    WrongQuantity, NoSuchLot.
    """
    inventory = Inventory(
        practice_id=actor.own_practice_id,
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        at=timezone.now(),
        counted=len(counted),
        different=sum(seen != found for seen, found in counted.values()),
    )
    for lot_id, (seen, found) in sorted(counted.items()):
        _count_one(actor, lot_id, seen, found, reason, f"inventory:{inventory.id}")
    inventory.save()
    tell(actor, Action.CREATE, "inventory", inventory.id, count=inventory.different)
    return inventory


def _count_one(actor: Actor, lot_id: UUID, seen: int, found: int, reason: str, source: str) -> None:
    lot = locked(actor, lot_id)
    if left_of(lot) != seen:
        raise StockMoved
    if found < 0 or found > rules.MOST:
        raise WrongQuantity
    if found != seen:
        written(actor, row_of(actor, lot, Kind.CORRECTION, found - seen, reason, source))
