"""The lines of the ledger: arrivals, uses, losses, and what is taken back."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Actor
from quenotte.base.sent import row_id, sent_before
from quenotte.care.patients import queries as patients
from quenotte.care.stock import queries, rules
from quenotte.care.stock.models import Article, Lot, StockMovement
from quenotte.care.stock.operations.expiring import set_expiry
from quenotte.care.stock.operations.refusals import (
    REFUSALS,
    AlreadyTakenBack,
    HeldByDevice,
    NoSuchLot,
    NotEnough,
    OtherExpiry,
    PatientElsewhere,
    SerialKnown,
    WrongQuantity,
)
from quenotte.care.stock.operations.writing import article_of, left_of, locked, row_of, written
from quenotte.care.stock.rules import Kind

#: What the source of a line begins with when a device in a mouth holds it.
PLACED: Final = "device:"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is put on the shelf; a serial number is one piece."""

    quantity: int
    number: str = ""
    serial: str = ""
    expires_on: date | None = None
    udi: str = ""


@transaction.atomic
def receive(
    *, actor: Actor, article_id: UUID, arrival: Arrival, key: UUID | None = None
) -> StockMovement:
    """Put what arrived on the shelf, in its lot.

    ``key``, drawn when the form was shown, makes a second sending the same arrival.

    Raises: WrongQuantity, OtherExpiry, SerialKnown, NoSuchLot.
    """
    article = article_of(actor, article_id)
    movement_id = row_id(key, article_id, arrival)
    if known := _known(actor, movement_id):
        return known
    lot = _lot_for(actor, article, arrival)
    left = left_of(lot)
    if arrival.serial and (left or arrival.quantity != 1):
        raise SerialKnown if left else WrongQuantity
    return _move(actor, lot, Kind.IN, arrival.quantity, movement_id=movement_id)


@transaction.atomic
def use(
    *,
    actor: Actor,
    lot_id: UUID,
    quantity: int,
    patient_id: UUID | None = None,
    source: str = "",
    key: UUID | None = None,
    on: date | None = None,
    reason: str = "",
) -> StockMovement:
    """Take something off the shelf, for a patient or for the practice.

    The patient was opened by the caller (``patients.access``); ``source`` says what for, for
    example "visit:<uuid>". ``key`` makes a second sending the same use. ``on`` is the day
    on which it was used, when that is told later: what expired or was recalled since was good.
    ``reason`` says why it was used all the same though it was not; nothing then bars it.

    Raises: WrongQuantity, NotEnough, LotExpired, LotRecalled, NoSuchLot, PatientElsewhere.
    """
    _check_patient(actor, patient_id)
    lot = locked(actor, lot_id)
    movement_id = row_id(key, Kind.USE, lot_id, quantity, patient_id, source, reason)
    if known := _known(actor, movement_id):
        return known
    return _move(
        actor, lot, Kind.USE, quantity, patient_id=patient_id, source=source,
        movement_id=movement_id, on=on, reason=reason,
    )  # fmt: skip


@transaction.atomic
def use_anyway(
    *, actor: Actor, lot_id: UUID, patient_id: UUID, reason: str, key: UUID
) -> StockMovement:
    """Use one for a patient though the ledger says that none is left: it is in somebody's hand.

    What is missing is first corrected, with its reason; ``key`` makes a second sending the same
    use. The patient was opened by the caller.

    Raises: NoReason, LotExpired, LotRecalled, NoSuchLot, PatientElsewhere; nothing is then written.
    """
    lot = locked(actor, lot_id)
    movement_id = row_id(key, lot_id, patient_id, reason)
    if known := _known(actor, movement_id):
        return known
    _check_patient(actor, patient_id)
    missing = 1 - left_of(lot)
    if missing > 0:
        _move(actor, lot, Kind.CORRECTION, missing, reason=reason)
    return _move(actor, lot, Kind.USE, 1, patient_id=patient_id, movement_id=movement_id)


@transaction.atomic
def note(
    *,
    actor: Actor,
    lot_id: UUID,
    kind: Kind,
    quantity: int,
    reason: str = "",
    key: UUID | None = None,
) -> StockMovement:
    """Write a loss, a return to the supplier, or a correction (then ``quantity`` has a sign).

    ``key`` makes a second sending the same movement.

    Raises: WrongQuantity, NotEnough, NoReason, NoSuchLot.
    """
    lot = locked(actor, lot_id)
    movement_id = row_id(key, kind, lot_id, quantity, reason)
    if known := _known(actor, movement_id):
        return known
    return _move(actor, lot, kind, quantity, reason=reason, movement_id=movement_id)


@transaction.atomic
def take_back(*, actor: Actor, movement_id: UUID, because: str = "") -> StockMovement:
    """Take a movement back by the opposite line; ``because`` is why, else the line's own reason.

    Raises: HeldByDevice for the line of a placed device (``take_back_placed`` is its way),
    AlreadyTakenBack, NotEnough, NoSuchLot.
    """
    row = _mine(actor, movement_id)
    if row.source.startswith(PLACED):
        raise HeldByDevice
    return _taken_back(actor, row, because)


@transaction.atomic
def take_back_placed(*, actor: Actor, movement_id: UUID, because: str) -> bool:
    """Put the piece of a device entered by mistake back; return whether this did it.

    It does not when its line was taken back by hand before: the piece is on the shelf already.

    Raises: NoSuchLot.
    """
    try:
        _taken_back(actor, _mine(actor, movement_id), because)
    except AlreadyTakenBack:
        return False
    return True


def _taken_back(actor: Actor, row: StockMovement, because: str) -> StockMovement:
    lot = locked(actor, row.lot_id)
    if row.reverses_id or StockMovement.objects.filter(reverses_id=row.id).exists():
        raise AlreadyTakenBack
    if left_of(lot) - row.quantity < 0:
        raise NotEnough
    reason = because.strip() or row.reason
    back = row_of(actor, lot, Kind(row.kind), -row.quantity, reason, row.source)
    back.patient_id, back.reverses_id = row.patient_id, row.id
    return written(actor, back)


@transaction.atomic
def take_back_source(*, actor: Actor, patient_id: UUID, source: str) -> int:
    """Take back all that was used for one thing (a visit); return how many lines that makes."""
    rows = StockMovement.objects.filter(
        patient_id=patient_id, source=source, kind=Kind.USE, reverses=None, reversed_by=None
    )
    ids = list(rows.values_list("id", flat=True)) if source else []
    for movement_id in ids:
        take_back(actor=actor, movement_id=movement_id)
    return len(ids)


def _mine(actor: Actor, movement_id: UUID) -> StockMovement:
    rows = StockMovement.objects.filter(lot__article__practice_id=actor.own_practice_id)
    found = rows.filter(id=movement_id).first()
    if found is None:
        raise NoSuchLot
    return found


def _known(actor: Actor, movement_id: UUID) -> StockMovement | None:
    """Return the movement of a form that was sent before, with the same words."""
    return sent_before(StockMovement, movement_id, lot__article__practice_id=actor.own_practice_id)


def _lot_for(actor: Actor, article: Article, arrival: Arrival) -> Lot:
    """Return the lot of an arrival, made when it is new; the article is locked.

    One that had no expiry takes that of what arrives. Another piece of a recalled number is
    recalled as it arrives.
    """
    number, serial = rules.kept(arrival.number), rules.kept(arrival.serial)
    same = queries.numbered(article.id, number)
    known = same if number else Lot.objects.filter(article=article, number="")
    pieces = [one for one in known if one.serial == serial]
    # Of two that were typed otherwise before, the one that is written as this one.
    lot = next(iter(sorted(pieces, key=lambda one: one.number != number)), None)
    if lot is None:
        recalled = next((one for one in same if one.recalled_at), None)
        return Lot.objects.create(
            article=article,
            number=number,
            serial=serial,
            expires_on=arrival.expires_on,
            udi=arrival.udi,
            recalled_at=recalled.recalled_at if recalled else None,
            recall_reason=recalled.recall_reason if recalled else "",
            created_at=timezone.now(),
        )
    if arrival.expires_on is None or lot.expires_on == arrival.expires_on:
        return lot
    lot = locked(actor, lot.id)
    if lot.expires_on is not None:
        raise OtherExpiry
    return set_expiry(actor, lot, arrival.expires_on, _("Date lue sur une entrée"))


def _check_patient(actor: Actor, patient_id: UUID | None) -> None:
    if patient_id is None:
        return
    if not patients.of_practice(actor.own_practice_id).filter(id=patient_id).exists():
        raise PatientElsewhere


def _move(
    actor: Actor,
    lot: Lot,
    kind: Kind,
    quantity: int,
    *,
    reason: str = "",
    patient_id: UUID | None = None,
    source: str = "",
    movement_id: UUID | None = None,
    on: date | None = None,
) -> StockMovement:
    day = on or timezone.localdate()
    shelf = rules.Shelf(left_of(lot), lot.expires_on, is_recalled=queries.is_recalled(lot, day))
    found = rules.fault(kind, quantity, shelf, day, reason=reason)
    if found is not None:
        raise REFUSALS[found]
    row = row_of(actor, lot, kind, rules.signed(kind, quantity), reason, source)
    row.patient_id, row.id = patient_id, movement_id or uuid.uuid4()
    return written(actor, row)
