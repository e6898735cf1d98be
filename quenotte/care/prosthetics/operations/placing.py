"""Implants and other devices: placed, removed, entered by mistake; their passport."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.people.operations import discard_draft
from quenotte.base.sent import keep_once, row_id, sent_before
from quenotte.care.documents import operations as documents
from quenotte.care.prosthetics import queries, rules
from quenotte.care.prosthetics.models import PlacedDevice
from quenotte.care.prosthetics.operations.papers import passport_of
from quenotte.care.prosthetics.operations.refusals import (
    AlreadyOut,
    AlreadyPlaced,
    DeviceExpired,
    DeviceRecalled,
    NoReason,
    NotHere,
    NothingForAPassport,
    WrongTooth,
)
from quenotte.care.prosthetics.operations.writing import tell
from quenotte.care.stock import operations as stock
from quenotte.kernel.teeth import is_tooth


@dataclass(frozen=True, slots=True)
class Placed:
    """A device as it is placed; ``torque_ncm`` in newton centimetres, ``tooth`` in FDI.

    ``despite`` says why it is written though it had expired or its lot was recalled: it is in the
    mouth, and who carries it must be found.
    """

    kind: str
    name: str
    practitioner_id: UUID
    placed_on: date
    maker: str = ""
    reference: str = ""
    gtin: str = ""
    lot_number: str = ""
    serial: str = ""
    expires_on: date | None = None
    udi: str = ""
    tooth: int | None = None
    dimension: str = ""
    torque_ncm: int | None = None
    note: str = ""
    despite: str = ""


@transaction.atomic
def place(
    *,
    actor: Actor,
    patient_id: UUID,
    placed: Placed,
    lot_id: UUID | None = None,
    key: UUID | None = None,
) -> PlacedDevice:
    """Write a device in a mouth; with ``lot_id`` one piece leaves the stock with it.

    ``key``, drawn when the form was shown, makes a second sending the same device.

    What expired, or was recalled, after the day on which it was placed is no reproach.

    Raises: WrongTooth, DeviceExpired and DeviceRecalled without ``despite``, AlreadyPlaced,
    NotHere; the refusals of ``stock.use``.
    """
    practitioner = people.account(actor.own_practice_id, placed.practitioner_id)
    if practitioner is None or placed.kind not in rules.PLACED:
        raise NotHere
    made_id, belongs = row_id(key, placed, lot_id), {"patient_id": patient_id}
    if known := sent_before(PlacedDevice, made_id, **belongs):
        return known
    _check(placed)
    placed, barred = _judged(actor, placed, lot_id)
    device = PlacedDevice(
        id=made_id,
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        placed_by=practitioner.full_name,
        created_at=timezone.now(),
        barred=barred,
        **{name: getattr(placed, name) for name in Placed.__slots__},
    )
    # Of two sendings at once the second waits here for the first, before the stock is touched.
    device, is_new = _kept(device, **belongs)
    if not is_new:
        return device
    if lot_id is not None:
        device.movement = stock.use(
            actor=actor,
            lot_id=lot_id,
            quantity=1,
            patient_id=patient_id,
            source=f"{stock.PLACED}{device.id}",
            on=placed.placed_on,
            reason=placed.despite,
        )
        device.save(update_fields=["movement"])
    discard_draft(person_id=actor.own_person_id, key=queries.placed_key(patient_id))
    tell(actor, Action.CREATE, "placed_device", device.id, patient_id)
    return device


@transaction.atomic
def remove(
    *, actor: Actor, patient_id: UUID, placed_id: UUID, removed_on: date, reason: str
) -> PlacedDevice:
    """Write that a device left the mouth. Raises: NoReason, AlreadyOut, NotHere."""
    device = _standing(actor, patient_id, placed_id, reason)
    device.removed_on = removed_on
    return _out(actor, device, reason, "removed")


@transaction.atomic
def void(*, actor: Actor, patient_id: UUID, placed_id: UUID, reason: str) -> bool:
    """Strike out a device entered by mistake; return whether a piece came back to the stock.

    What it took from the stock comes back by a line of the ledger; nothing does when it took
    nothing, or when its line was taken back by hand before.

    Raises: NoReason, AlreadyOut, NotHere.
    """
    device = _standing(actor, patient_id, placed_id, reason)
    comes_back = device.movement_id is not None and stock.take_back_placed(
        actor=actor, movement_id=device.movement_id, because=reason
    )
    device.voided_at = timezone.now()
    _out(actor, device, reason, "voided")
    return comes_back


@transaction.atomic
def issue_passport(*, actor: Actor, patient_id: UUID) -> UUID:
    """Make the implant passport of a patient, kept among her documents; return its id.

    Raises: NothingForAPassport, NotHere.
    """
    devices = queries.on_passport(patient_id)
    if not devices:
        raise NothingForAPassport
    kept = documents.keep(
        actor=actor,
        patient_id=patient_id,
        kind="passport",
        title=_("Passeport implantaire"),
        content=passport_of(devices),
        content_type="application/pdf",
        source=f"passport:{patient_id}",
    )
    tell(actor, Action.PRINT, "passport", kept.id, patient_id)
    return kept.id


def _check(placed: Placed) -> None:
    is_missing = placed.tooth is None and placed.kind in rules.OF_A_TOOTH
    if is_missing or (placed.tooth is not None and not is_tooth(placed.tooth)):
        raise WrongTooth


def _judged(actor: Actor, placed: Placed, lot_id: UUID | None) -> tuple[Placed, str]:
    """Return what is written, and what was known against it on its day.

    Raises: DeviceExpired, DeviceRecalled when nobody says why it is written all the same.
    """
    barred = queries.barred(
        actor.own_practice_id,
        number=placed.lot_number,
        serial=placed.serial,
        gtin=placed.gtin,
        expires_on=placed.expires_on,
        lot_id=lot_id,
        on=placed.placed_on,
    )
    despite = placed.despite.strip()[: rules.LONGEST_TEXT] if barred else ""
    if barred and not despite:
        raise DeviceRecalled if barred == rules.RECALLED else DeviceExpired
    return replace(placed, despite=despite), barred


def _kept(device: PlacedDevice, **belongs: Any) -> tuple[PlacedDevice, bool]:
    try:
        return keep_once(device, **belongs)
    except IntegrityError as error:
        raise AlreadyPlaced from error


def _standing(actor: Actor, patient_id: UUID, placed_id: UUID, reason: str) -> PlacedDevice:
    rows = PlacedDevice.objects.select_for_update(of=("self",))
    rows = rows.filter(practice_id=actor.own_practice_id, patient_id=patient_id)
    device = rows.filter(id=placed_id).first()
    if device is None:
        raise NotHere
    if device.removed_on or device.voided_at:
        raise AlreadyOut
    if not reason.strip():
        raise NoReason
    return device


def _out(actor: Actor, device: PlacedDevice, reason: str, state: str) -> PlacedDevice:
    device.reason = reason.strip()[: rules.LONGEST_TEXT]
    device.save()
    if device.kind in rules.ON_PASSPORT:
        why = _("Un dispositif qui y figure n’est plus porté, ou avait été inscrit par erreur.")
        documents.cancel_made(
            actor=actor,
            patient_id=device.patient_id,
            kind="passport",
            since=device.created_at,
            reason=why,
        )
    tell(actor, Action.CHANGE, "placed_device", device.id, device.patient_id, state=state)
    return device
