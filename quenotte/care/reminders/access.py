"""The doors of this room: the list of the practice, and the pages that need no login."""

from typing import Final

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor

#: Requests of one address in a minute before it has to wait.
PER_MINUTE: Final = 40


def open_list(actor: Actor) -> None:
    """Open the list of messages, which names patients: one line in the journal."""
    audit.record(action=Action.READ, actor=actor, object_kind="messages")
