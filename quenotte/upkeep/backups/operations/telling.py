"""Telling the open pages and the journal of accesses what changed about the copies."""

from typing import Any

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live import operations as live
from quenotte.upkeep.backups.models import Destination

#: The live event of what changes here, and the permission to hear it.
EVENT = "backups.changed"
AUDIENCE = "backups.read"
#: As the lines of the journal of accesses name it.
OBJECT = "backup"


def told(
    action: Action,
    actor: Actor,
    destination: Destination,
    detail: dict[str, Any],
    result: str = "ok",
) -> None:
    """Tell the open pages, then the journal: its lock is held until the transaction ends."""
    live.publish(practice_id=None, name=EVENT, data={"id": str(destination.id)}, audience=AUDIENCE)
    record(
        action=action,
        actor=actor,
        object_kind=OBJECT,
        object_id=str(destination.id),
        result=result,
        detail=detail,
    )
