"""The doors to a picture: through its patient's record, or through the tray."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import may
from quenotte.care.imaging.models import Picture
from quenotte.care.patients.access import OPEN_FOR, opened_patient

_READ, _WRITE, _TRAY = "imaging.read", "imaging.write", "imaging.tray"


def picture_for(
    actor: Actor, picture_id: UUID, *, writing: bool = False, is_small: bool = False
) -> Picture:
    """Return a picture, its frame or its thumbnail to somebody who may see it.

    A filed picture belongs to a record: it is read through the door of its patient, which
    writes at most one line per record opened. A waiting picture belongs to the tray, which
    the desk may sort; nobody's record is opened then, and the look is a line of its own. With
    ``is_small`` (a thumbnail) it is a look at the tray; with ``writing`` the operation that
    follows leaves its own line.

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
    elif is_small:
        note_tray_redrawn(actor)
    elif not writing:
        _note_waiting(actor, picture)
    return picture


def note_tray_read(actor: Actor) -> None:
    """Write that somebody looked at the tray: its files name patients."""
    audit.record(action=Action.READ, actor=actor, object_kind="tray")


def note_tray_redrawn(actor: Actor) -> None:
    """Write that somebody looks at the tray, unless she opened it here within ``OPEN_FOR``."""
    if not journal.has_looked(actor, "tray", since=timezone.now() - OPEN_FOR):
        note_tray_read(actor)


def _note_waiting(actor: Actor, picture: Picture) -> None:
    """Write that somebody looks at a waiting picture; once for its page, frame and name."""
    kind, number = "picture", str(picture.id)
    if not journal.has_looked(actor, kind, number, since=timezone.now() - OPEN_FOR):
        audit.record(action=Action.READ, actor=actor, object_kind=kind, object_id=number)


def _refuse(actor: Actor, picture: Picture) -> None:
    audit.record(
        action=Action.READ,
        actor=actor,
        object_kind="picture",
        object_id=str(picture.id),
        result="refused",
        detail={"reason": "role"},
    )
