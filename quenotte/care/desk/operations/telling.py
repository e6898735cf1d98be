"""The two things that every change of the desk does: tell the open pages, write its line."""

from typing import Final
from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish

#: Object kind -> the live event that redraws it, and the permission that hears it.
_EVENTS: Final = {
    "call": ("call", "calls.use"),
    "call_kind": ("call.kinds", "calls.use"),
    "task": ("task", "tasks.use"),
    "callback": ("callback", "callbacks.use"),
    "board": ("board", "board.use"),
}


def tell(
    actor: Actor,
    action: Action,
    kind: str,
    object_id: UUID,
    patient_id: UUID | None = None,
    **detail: Scalar,
) -> None:
    """Tell the open pages that something of the desk changed, and write one line of ids."""
    name, audience = _EVENTS[kind]
    publish(
        practice_id=actor.practice_id, name=name, data={kind: str(object_id)}, audience=audience
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=str(object_id),
        detail=detail,
    )
