"""The door to recalls, and the line of a reading of their list."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import may
from quenotte.care.recalls.models import Recall


def recall_for(actor: Actor, recall_id: UUID) -> Recall:
    """Return a recall of the actor's practice.

    Raises: PermissionDenied; Http404 when it is unknown or of another practice (one line says
    that it was tried).
    """
    if not may(actor.roles, "recalls.use"):
        raise PermissionDenied
    found = Recall.objects.filter(id=recall_id).first()
    if found is None:
        raise Http404
    if found.practice_id != actor.practice_id:
        audit.record(
            action=Action.READ,
            actor=actor,
            object_kind="recall",
            object_id=str(recall_id),
            result="refused",
        )
        raise Http404
    return found


def open_list(actor: Actor, count: int) -> None:
    """Write the line of a list that names ``count`` patients, nothing for none."""
    if count:
        audit.record(
            action=Action.READ,
            actor=actor,
            object_kind="recall",
            detail={"purpose": "list", "count": count},
        )
