"""Receiving a picture from a device: kept, matched, written, announced; then answered.

Order matters (a device erases what we answered « success » to): the bytes are synchronised
and in the data folder, then the row is committed, then the device is answered. Whatever
fails in between leaves the bytes in ``incoming/pending`` and no success.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.care.imaging import queries
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import pending
from quenotte.care.imaging.operations.equipment import device_seen
from quenotte.care.imaging.operations.objects import read_object
from quenotte.care.imaging.operations.registering import DICOM, Origin, arrival_of, register
from quenotte.care.imaging.rules import Match, Reason, Surroundings, match
from quenotte.devices.dicom.headers import Header, Truncated, Unreadable
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob

logger = logging.getLogger(__name__)

DICOM_SOURCE = "dicom"


class NoPractice(Refusal):
    """Nobody created a practice yet: there is no tray to put a picture in."""

    message = _("Le cabinet n’est pas encore créé : l’image attend dans le dossier d’arrivée.")


class Result(StrEnum):
    """What became of an arriving object."""

    FILED = "filed"
    TRAY = "tray"
    DUPLICATE = "duplicate"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Incoming:
    """A whole object on disk and what its sender said of it."""

    path: Path
    calling_ae: str
    address: str
    sop_class_uid: str
    sop_instance_uid: str
    received_at: datetime
    #: Its device was not answered « success » when it came: it may have told somebody.
    is_late: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of an arriving object, and its row."""

    result: Result
    picture_id: UUID


def receive(incoming: Incoming) -> Outcome:
    """Keep an object sent by a device, and file it or put it in the tray.

    On return the bytes are synchronised and the row is committed. On any error the bytes
    wait in ``incoming/pending`` for `sweep_pending`.

    Raises: NoRoom when the disk is full; NoPractice; DatabaseError when the database does
    not answer.
    """
    spare = pending.hold(incoming.path, incoming.calling_ae)
    try:
        outcome = _kept(incoming)
    except files.NoRoom:
        # The device keeps it and sends it again; a spare copy would only fill the disk.
        if incoming.path.exists():
            pending.release(spare)
        raise
    except BaseException:
        pending.secure(spare, incoming.path, incoming.calling_ae)
        raise
    pending.release(spare)
    return outcome


def sweep_pending(*, before: float | None = None) -> int:
    """Take in the objects that could not be written when they came; return how many.

    ``before`` (Unix time, seconds) leaves alone what arrived since: it may still be in the
    hands of `receive`.

    Each is tried, whatever became of the one before.

    Raises: as `receive`, at the end, for the first object that still cannot be written.
    """
    taken = 0
    first_error: Exception | None = None
    for path, calling_ae, arrived_at in pending.left(before=before):
        try:
            outcome = receive(_left_behind(path, calling_ae, arrived_at))
        except Exception as error:  # noqa: BLE001 - one object must not hold up the others
            logger.warning("object still not taken in: %s", type(error).__name__)
            first_error = first_error or error
        else:
            logger.info("object taken in late: %s", outcome.result)
            taken += 1
    if first_error is not None:
        raise first_error
    return taken


def _left_behind(path: Path, calling_ae: str, arrived_at: datetime) -> Incoming:
    """Return what is still known of an object that waits in ``incoming/pending``."""
    return Incoming(
        path=path,
        calling_ae=calling_ae,
        address="",
        sop_class_uid="",
        sop_instance_uid="",
        received_at=arrived_at,
        is_late=True,
    )


def _kept(incoming: Incoming) -> Outcome:
    header, trouble = _read(incoming.path)
    practice = queries.practice_of(incoming.calling_ae)
    if practice is None:
        raise NoPractice
    blob = files.keep(incoming.path, media_type=DICOM, move=True)
    with transaction.atomic():
        device = device_seen(
            practice, incoming.calling_ae, address=incoming.address, at=incoming.received_at
        )
        origin = Origin(
            practice=practice,
            source=DICOM_SOURCE,
            received_at=incoming.received_at,
            device=device,
            sop_instance_uid=incoming.sop_instance_uid,
            sop_class_uid=incoming.sop_class_uid,
        )
        outcome = _entered(blob, header, trouble, origin)
        if incoming.is_late:
            _note_late(outcome, origin)
        return outcome


def _note_late(outcome: Outcome, origin: Origin) -> None:
    """Leave the line that could not be written when the object was refused."""
    audit.record(
        action=Action.FAILURE,
        actor=actor_of_device(origin.device),
        object_kind="picture",
        object_id=str(outcome.picture_id),
        result="failed",
        detail={"reason": "not_answered", "state": outcome.result.value},
    )


def _entered(
    blob: "Blob", header: Header | None, trouble: Reason | None, origin: Origin
) -> Outcome:
    """Write the row and its line of the journal, inside the caller's transaction."""
    decision = _decide(blob, header, trouble, origin)
    picture, is_new = register(blob, header, origin, decision)
    result = _result(picture, is_new=is_new, trouble=trouble)
    audit.record(
        action=Action.RECEIVE,
        actor=actor_of_device(origin.device),
        patient_id=picture.patient_id,
        object_kind="picture",
        object_id=str(picture.id),
        result=result.value,
        detail={"reason": ",".join(picture.reasons), "bytes": blob.size_bytes},
    )
    return Outcome(result, picture.id)


def actor_of_device(device: Device | None) -> Actor:
    """Return who the journal names when a device brings a picture."""
    assert device is not None
    return Actor(
        person_id=None,
        person_label=device.name,
        practice_id=device.practice_id,
        workstation=device.ae_title,
        source=DICOM_SOURCE,
    )


def _read(path: Path) -> tuple[Header | None, Reason | None]:
    try:
        return read_object(path), None
    except Truncated:
        return None, Reason.TRUNCATED
    except Unreadable:
        return None, Reason.UNREADABLE


def _decide(blob: "Blob", header: Header | None, trouble: Reason | None, origin: Origin) -> Match:
    uid = header.sop_instance_uid if header else origin.sop_instance_uid
    earlier = Picture.objects.filter(practice=origin.practice, sop_instance_uid=uid)
    has_other_bytes = bool(uid) and earlier.exclude(blob=blob).exists()
    if header is None:
        reasons = [trouble or Reason.UNREADABLE]
        return Match(None, (*reasons, *([Reason.OTHER_BYTES] if has_other_bytes else [])))
    around = Surroundings(
        our_issuer=origin.practice.dicom_issuer,
        is_device_recognised=bool(origin.device and origin.device.is_recognised),
        study_patients=queries.patients_of_study(origin.practice.id, header.study_uid),
        has_other_bytes=has_other_bytes,
    )
    meant = queries.meant_by(origin.practice.id, header.patient_id)
    return match(arrival_of(header, origin.received_at), meant, around)


def _result(picture: Picture, *, is_new: bool, trouble: Reason | None) -> Result:
    if trouble is not None:
        return Result.QUARANTINE
    if not is_new:
        return Result.DUPLICATE
    return Result.FILED if picture.patient_id else Result.TRAY
