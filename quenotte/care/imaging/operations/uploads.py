"""Files that a person drops on a record: checked by content, kept, filed there.

A photograph is wrapped as DICOM, so that one kind of object is kept and shown; what was
dropped is kept too, byte for byte.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.care.imaging import queries
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations.registering import DICOM, Origin, arrival_of, register
from quenotte.care.imaging.operations.thumbnails import draw_soon
from quenotte.care.imaging.rules import Match, Reason, dropped_contradictions
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import known_birth
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob
    from quenotte.care.patients.models import Patient
    from quenotte.devices.dicom.headers import Header

UPLOAD_SOURCE = "upload"
_PREAMBLE = 128
_BY_PERSON = ("person",)
_MAGIC = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}
#: Tags of EXIF 2.3: the photograph's own block, and DateTimeOriginal in it.
_EXIF_PHOTO, _EXIF_TAKEN_AT = 0x8769, 0x9003


class EmptyFile(Refusal):
    """Nothing was in the file."""

    message = gettext_lazy("Ce fichier est vide. Rien n’a été ajouté.")


class NotOurPatient(Refusal):
    """The patient is not one of this practice."""

    message = gettext_lazy("Ce patient n’existe pas dans ce cabinet.")


@dataclass(frozen=True)
class Answer:
    """What became of one dropped file, in words."""

    file_name: str
    words: str
    is_kept: bool
    picture_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.file_name} : {self.words}" if self.file_name else self.words


def try_upload(upload: UploadedFile, *, patient_id: UUID, by: Actor) -> Answer:
    """Add one dropped file to a record; a refusal is an answer and stops no other file."""
    name = Path(upload.name or "").name[:80]
    try:
        with _on_disk(upload) as path:
            picture, is_new = add_upload(path, patient_id=patient_id, by=by)
    except Refusal as error:
        _note_refusal(error, patient_id, by)
        return Answer(name, str(error), is_kept=False)
    return Answer(name, _words(picture, is_new=is_new), is_kept=True, picture_id=picture.id)


def none_received() -> Answer:
    """Return the answer to who sent a form without a file."""
    words = _("Aucun fichier reçu. Choisissez un fichier, puis recommencez.")
    return Answer("", words, is_kept=False)


def add_upload(path: Path, *, patient_id: UUID, by: Actor) -> tuple[Picture, bool]:
    """Keep a file dropped on a record and file it there; tell whether it is new.

    The file is moved away. A DICOM object that names somebody else goes to the tray.

    Raises: NotAPicture, Unreadable, Truncated, NoRoom, EmptyFile; NotOurPatient.
    """
    patient = patients.of_practice(by.own_practice_id).filter(id=patient_id).first()
    if patient is None:
        raise NotOurPatient
    if not path.stat().st_size:
        raise EmptyFile
    if _is_dicom(path):
        picture, is_new = _add_object(path, patient, by)
    else:
        picture, is_new = _add_photo(path, patient, by)
    if is_new:
        # 20 ms in the request itself: the person who dropped the file is looking.
        transaction.on_commit(lambda: draw_soon(picture.id))
    return picture, is_new


def _add_object(path: Path, patient: "Patient", by: Actor) -> tuple[Picture, bool]:
    from quenotte.care.imaging.operations.objects import read_object

    header = read_object(path)
    blob = files.keep(path, media_type=DICOM, move=True)
    arrival = arrival_of(header, timezone.now())
    practice = patient.practice
    issuer = practice.dicom_issuer
    found = min(
        (dropped_contradictions(arrival, one, issuer) for one in queries.known_as(patient)),
        key=len,
    )
    earlier = Picture.objects.filter(
        practice=practice, sop_instance_uid=header.sop_instance_uid
    ).exclude(blob=blob)
    reasons = (*found, *([Reason.OTHER_BYTES] if earlier.exists() else []))
    match = Match(None, reasons) if reasons else Match(patient.id, (), _BY_PERSON)
    return _entered(blob, header, _origin(patient, by), match, by)


def _add_photo(path: Path, patient: "Patient", by: Actor) -> tuple[Picture, bool]:
    from quenotte.devices.dicom.headers import read_header
    from quenotte.devices.dicom.wrap import wrap_photo

    wrapped = path.with_name(f"{path.name}.dcm.part")
    try:
        wrap_photo(
            path,
            wrapped,
            patient_id=str(patient.file_number),
            issuer=patient.practice.dicom_issuer,
            patient_name=f"{patient.birth_name}^{patient.first_birth_first_name}",
            taken_at=timezone.localtime(_shot_at(path)),
            born_on=known_birth(patient.born_on),
            sex=patient.sex,
        )
        header = read_header(wrapped)
        original = files.keep(path, media_type=_media_type(path), move=True)
        known = Picture.objects.filter(original=original, patient=patient).first()
        if known is not None:
            return known, False
        blob = files.keep(wrapped, media_type=DICOM, move=True)
    finally:
        wrapped.unlink(missing_ok=True)
    match = Match(patient.id, (), _BY_PERSON)
    return _entered(blob, header, _origin(patient, by, original), match, by)


def _entered(
    blob: "Blob", header: "Header", origin: Origin, match: Match, by: Actor
) -> tuple[Picture, bool]:
    with transaction.atomic():
        earlier = Picture.objects.filter(
            practice=origin.practice, sop_instance_uid=header.sop_instance_uid, blob=blob
        ).first()
        picture, is_new = (earlier, False) if earlier else register(blob, header, origin, match)
        audit.record(
            action=Action.CREATE,
            actor=by,
            patient_id=picture.patient_id,
            object_kind="picture",
            object_id=str(picture.id),
            result="ok" if is_new else "duplicate",
            detail={"reason": ",".join(picture.reasons), "bytes": blob.size_bytes},
        )
    return picture, is_new


def _origin(patient: "Patient", by: Actor, original: "Blob | None" = None) -> Origin:
    return Origin(
        practice=patient.practice,
        source=UPLOAD_SOURCE,
        received_at=timezone.now(),
        filed_by=by.person_id,
        original=original,
    )


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(_PREAMBLE + 4)[_PREAMBLE:] == b"DICM"


def _media_type(path: Path) -> str:
    """Return the media type of a picture by its first bytes, never by its name."""
    with path.open("rb") as stream:
        start = stream.read(4)
    return next(
        (kind for begins, kind in _MAGIC.items() if start.startswith(begins)),
        "application/octet-stream",
    )


def _shot_at(path: Path) -> datetime:
    """Return when the camera says that it took a picture, else now."""
    from PIL import Image

    with contextlib.suppress(Exception), Image.open(path) as picture:
        text = picture.getexif().get_ifd(_EXIF_PHOTO).get(_EXIF_TAKEN_AT, "")
        taken_at = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").astimezone()
        return min(taken_at, timezone.now())
    return timezone.now()


@contextlib.contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    """Give the upload as a file of the data folder's disk, removed at the end."""
    if hasattr(upload, "temporary_file_path"):
        # Django closes, hence removes, its file; it may have been moved away by then.
        yield Path(upload.temporary_file_path())
        return
    folder = Path(settings.DATA_DIR) / "incoming"
    with (
        files.refusing_when_full(),
        NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as copy,
    ):
        for chunk in upload.chunks():
            copy.write(chunk)
    path = Path(copy.name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _words(picture: Picture, *, is_new: bool) -> str:
    if picture.state == Picture.State.TRAY:
        return _(
            "Ce fichier nomme un autre patient. Il n’est pas dans ce dossier : "
            "il attend dans « Images à rattacher »."
        )
    return _("Ajoutée au dossier.") if is_new else _("Cette image était déjà enregistrée.")


def _note_refusal(error: Refusal, patient_id: UUID, by: Actor) -> None:
    audit.record(
        action=Action.CREATE,
        actor=by,
        patient_id=patient_id,
        object_kind="picture",
        result="refused",
        detail={"reason": _code_of(error)},
    )


def _code_of(error: Refusal) -> str:
    """Return what the journal calls a refusal: ``NotAPicture`` is ``not_a_picture``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
