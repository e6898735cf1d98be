"""Writing the row of a picture: what its file says, and where it was decided to go."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.live import operations as live
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.rules import Arrival, Match

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob
    from quenotte.base.practice.models import Practice
    from quenotte.devices.dicom.headers import Header

DICOM = "application/dicom"
PICTURES_EVENT = "pictures"
TRAY_EVENT = "tray"
_READ, _TRAY = "imaging.read", "imaging.tray"


@dataclass(frozen=True)
class Origin:
    """Where a picture comes from; ``uids`` are those of the device's message."""

    practice: "Practice"
    source: str
    received_at: datetime
    device: Device | None = None
    sop_instance_uid: str = ""
    sop_class_uid: str = ""
    filed_by: UUID | None = None
    original: "Blob | None" = None


def register(
    blob: "Blob", header: "Header | None", origin: Origin, match: Match
) -> tuple[Picture, bool]:
    """Return the row of a picture and whether it is new, inside the caller's transaction.

    The same object kept by another association meanwhile is that row (the database refuses
    a second one).
    """
    picture = Picture(
        practice=origin.practice,
        patient_id=match.patient_id,
        blob=blob,
        original=origin.original,
        state=Picture.State.FILED if match.is_filed else Picture.State.TRAY,
        reasons=[reason.value for reason in match.reasons],
        proof={"keys": list(match.proof)} if match.is_filed else {},
        received_at=origin.received_at,
        device=origin.device,
        source=origin.source,
        filed_by_id=origin.filed_by,
        filed_at=timezone.now() if match.is_filed else None,
        is_thumbnail_impossible=header is None,
        **_columns(header, origin),
    )
    try:
        with transaction.atomic():
            picture.save(force_insert=True)
    except IntegrityError:
        return existing(origin.practice, picture.sop_instance_uid, blob), False
    announce(picture)
    return picture, True


def existing(practice: "Practice", sop_instance_uid: str, blob: "Blob") -> Picture:
    """Return the row of an object kept earlier.

    Raises: Picture.DoesNotExist.
    """
    return Picture.objects.get(practice=practice, sop_instance_uid=sop_instance_uid, blob=blob)


def announce(picture: Picture, *, left: UUID | None = None) -> None:
    """Tell the open pages that a picture came, left or changed; ``left`` is a patient's id.

    Source: the events « pictures » and « tray » hold internal ids only.
    """
    for patient_id in {picture.patient_id, left} - {None}:
        live.publish(
            practice_id=picture.practice_id,
            name=PICTURES_EVENT,
            data={"patient": str(patient_id), "picture": str(picture.id)},
            audience=_READ,
        )
    if picture.state != Picture.State.FILED or picture.version > 1:
        live.publish(
            practice_id=picture.practice_id,
            name=TRAY_EVENT,
            data={"picture": str(picture.id)},
            audience=_TRAY,
        )


def arrival_of(header: "Header", received_at: datetime) -> Arrival:
    """Return what a header says of the patient, as the rules want it."""
    return Arrival(
        patient_id=header.patient_id,
        issuer=header.issuer,
        name=header.patient_name,
        born_on=header.born_on,
        sex=header.sex,
        taken_on=(header.taken_at or received_at).date(),
    )


def _columns(header: "Header | None", origin: Origin) -> dict[str, Any]:
    if header is None:
        return {
            "sop_instance_uid": origin.sop_instance_uid,
            "sop_class_uid": origin.sop_class_uid,
            "taken_at": origin.received_at,
        }
    return {
        "sop_instance_uid": (header.sop_instance_uid or origin.sop_instance_uid)[:64],
        "sop_class_uid": (header.sop_class_uid or origin.sop_class_uid)[:64],
        "study_uid": header.study_uid[:64],
        "series_uid": header.series_uid[:64],
        "modality": header.modality[:16],
        "header": said(header),
        "teeth": sorted({mark.tooth for mark in header.teeth if mark.confirmed}),
        "taken_at": _aware(header.taken_at) or origin.received_at,
    }


def said(header: "Header") -> dict[str, Any]:
    """Return what the file says, as kept beside the row for the tray and the viewer."""
    proposed = sorted({mark.tooth for mark in header.teeth if not mark.confirmed})
    return {
        "patient_id": header.patient_id,
        "issuer": header.issuer,
        "patient_name": header.patient_name,
        "born_on": header.born_on.isoformat() if header.born_on else None,
        "sex": header.sex,
        "accession_number": header.accession_number,
        "description": header.description,
        "manufacturer": header.manufacturer,
        "model": header.model,
        "laterality": header.laterality,
        "kind": header.kind,
        "rows": header.rows,
        "columns": header.columns,
        "teeth_proposed": proposed,
    }


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)
