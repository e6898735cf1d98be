"""What every change of a message has in common: who acts, the line, the open pages."""

from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.care.reminders.models import Message

#: Who hears what becomes of messages: those who may read them.
AUDIENCE = "reminders.read"


def worker_of(practice_id: UUID) -> Actor:
    """Return our own worker, as a practice's journal names it."""
    return Actor(None, "Système", practice_id, "", "system")


def patient_of(practice_id: UUID) -> Actor:
    """Return somebody who holds a link: nobody proved who she is, and her line says so."""
    return Actor(None, "Lien d’un message", practice_id, "", "link")


def tell(message: Message) -> None:
    """Tell the open pages that something became of a message."""
    publish(
        practice_id=message.practice_id,
        name="reminder",
        data={"appointment": str(message.appointment_id), "patient": str(message.patient_id)},
        audience=AUDIENCE,
    )


def trace(
    actor: Actor, message: Message, what: Action, /, *, result: str = "ok", **detail: str
) -> None:
    """Write the line of a message; call it last."""
    audit.record(
        action=what,
        actor=actor,
        patient_id=message.patient_id,
        object_kind="message",
        object_id=str(message.id),
        result=result,
        detail={"channel": message.channel, "purpose": message.kind, **detail},
    )
