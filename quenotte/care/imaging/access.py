"""The doors to a picture: through its patient's record, or through the tray."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import may
from quenotte.care.imaging.models import Picture
from quenotte.care.patients.access import opened_patient

_READ, _WRITE, _TRAY = "imaging.read", "imaging.write", "imaging.tray"


def picture_for(actor: Actor, picture_id: UUID, *, writing: bool = False) -> Picture:
    """Return a picture, its frame or its thumbnail to somebody who may see it.

    A filed picture belongs to a record: it is read through the door of its patient, which
    writes at most one line per record opened. A waiting picture belongs to the tray, which
    the desk may sort; nobody's record is opened then.

    Raises: Http404 when unknown or of another practice; PermissionDenied.
    """
    found = Picture.objects.filter(id=picture_id, practice_id=actor.own_practice_id)
    picture = found.select_related("blob", "thumbnail", "device", "patient").first()
    if picture is None:
        raise Http404
    if picture.patient_id is not None:
        opened_patient(actor, picture.patient_id, action=_WRITE if writing else _READ)
    elif not may(actor.roles, _TRAY):
        _refuse(actor, picture)
        raise PermissionDenied
    return picture


def note_tray_read(actor: Actor) -> None:
    """Write that somebody looked at the tray: its files name patients."""
    audit.record(action=Action.READ, actor=actor, object_kind="tray")


def note_waiting_read(actor: Actor, picture: Picture) -> None:
    """Write that somebody looked at a waiting picture full size."""
    audit.record(action=Action.READ, actor=actor, object_kind="picture", object_id=str(picture.id))


def _refuse(actor: Actor, picture: Picture) -> None:
    audit.record(
        action=Action.READ,
        actor=actor,
        object_kind="picture",
        object_id=str(picture.id),
        result="refused",
        detail={"reason": "role"},
    )
