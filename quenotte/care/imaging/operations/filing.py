"""What people do with a picture: file, take out, reassign, set aside, name its teeth.

The bytes and their hash never change: only our row does, and the journal says who and when.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations.registering import announce
from quenotte.care.imaging.rules import Reason
from quenotte.care.patients import queries as patients
from quenotte.kernel.errors import Refusal
from quenotte.kernel.teeth import is_tooth


class PictureMoved(Refusal):
    """Somebody else filed, moved or changed this picture meanwhile."""

    message = _(
        "Quelqu’un d’autre vient de ranger ou de modifier cette image. "
        "Rien n’est perdu : la page montre maintenant où elle est."
    )


class UnknownPicture(Refusal):
    """This practice has no such picture."""

    message = _("Cette image n’existe pas dans ce cabinet.")


class UnknownPatient(Refusal):
    """This practice has no such patient."""

    message = _("Ce patient n’existe pas dans ce cabinet.")


class NotATooth(Refusal):
    """A number that is no tooth."""

    message = _("Ce n’est pas un numéro de dent. Exemple : 16, 26 ou 85.")


@transaction.atomic
def file_picture(
    *, picture_id: UUID, patient_id: UUID, by: Actor, expected_version: int
) -> Picture:
    """Put a picture in a patient's record, from the tray or from another record.

    Raises: UnknownPicture, UnknownPatient; PictureMoved when somebody was faster.
    """
    picture = _locked(picture_id, by)
    patient = patients.of_practice(by.own_practice_id).filter(id=patient_id).first()
    if patient is None:
        raise UnknownPatient
    left = picture.patient_id
    if left == patient.id:
        return picture
    _change(
        picture,
        expected_version,
        state=Picture.State.FILED,
        patient_id=patient.id,
        filed_by_id=by.person_id,
        filed_at=timezone.now(),
        proof={"keys": ["person"], "despite": picture.reasons},
    )
    if left:
        _journal(picture, by, Action.FILE, patient_id=left, state="out")
    _journal(picture, by, Action.FILE, patient_id=patient.id, state="filed")
    announce(picture, left=left)
    return picture


@transaction.atomic
def unfile(*, picture_id: UUID, by: Actor, expected_version: int) -> Picture:
    """Take a picture out of a record: it waits in the tray again.

    Raises: UnknownPicture; PictureMoved.
    """
    picture = _locked(picture_id, by)
    left = picture.patient_id
    if left is None:
        raise PictureMoved
    _change(
        picture,
        expected_version,
        state=Picture.State.TRAY,
        patient_id=None,
        filed_by_id=None,
        filed_at=None,
        reasons=[Reason.TAKEN_OUT.value],
        proof={},
    )
    _journal(picture, by, Action.FILE, patient_id=left, state="out")
    announce(picture, left=left)
    return picture


def set_aside(*, picture_id: UUID, by: Actor, expected_version: int) -> Picture:
    """Say that a waiting picture is not ours; it is kept, out of the way.

    Raises: UnknownPicture; PictureMoved.
    """
    return _move(
        picture_id, by, expected_version, start=Picture.State.TRAY, end=Picture.State.ASIDE
    )


def bring_back(*, picture_id: UUID, by: Actor, expected_version: int) -> Picture:
    """Put a picture that was set aside back into the tray.

    Raises: UnknownPicture; PictureMoved.
    """
    return _move(
        picture_id, by, expected_version, start=Picture.State.ASIDE, end=Picture.State.TRAY
    )


@transaction.atomic
def set_teeth(*, picture_id: UUID, teeth: list[int], by: Actor, expected_version: int) -> Picture:
    """Say which teeth (FDI) a picture shows; our row only, never the stored bytes.

    Raises: UnknownPicture; NotATooth; PictureMoved.
    """
    if not all(is_tooth(tooth) for tooth in teeth):
        raise NotATooth
    picture = _locked(picture_id, by)
    _change(picture, expected_version, teeth=sorted(set(teeth)))
    _journal(picture, by, Action.CHANGE, patient_id=picture.patient_id, fields="teeth")
    announce(picture)
    return picture


@transaction.atomic
def _move(picture_id: UUID, by: Actor, expected_version: int, *, start: str, end: str) -> Picture:
    picture = _locked(picture_id, by)
    if picture.state != start:
        raise PictureMoved
    _change(picture, expected_version, state=end)
    _journal(picture, by, Action.FILE, patient_id=None, state=end)
    announce(picture)
    return picture


def _locked(picture_id: UUID, by: Actor) -> Picture:
    found = Picture.objects.select_for_update()
    picture = found.filter(id=picture_id, practice_id=by.own_practice_id).first()
    if picture is None:
        raise UnknownPicture
    return picture


def _change(picture: Picture, expected_version: int, **values: Any) -> None:
    if picture.version != expected_version:
        raise PictureMoved
    picture.version += 1
    for name, value in values.items():
        setattr(picture, name, value)
    picture.save(update_fields=[*values, "version"])


def _journal(
    picture: Picture, by: Actor, action: Action, *, patient_id: UUID | None, **detail: str
) -> None:
    audit.record(
        action=action,
        actor=by,
        patient_id=patient_id,
        object_kind="picture",
        object_id=str(picture.id),
        detail=detail,
    )
