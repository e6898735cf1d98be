"""What each change of a paper leaves: a live event and a line of the journal."""

from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish


def tell(
    actor: Actor,
    action: Action,
    kind: str,
    paper_id: UUID,
    patient_id: UUID,
    how: str,
    **more: str,
) -> None:
    """Tell open pages of a record that a paper of it changed, and the journal, last."""
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(patient_id), "part": kind},
        audience="prescriptions.read",
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=str(paper_id),
        detail={"how": how, **more},
    )


def tell_setting(actor: Actor, kind: str, object_id: object) -> None:
    """Leave a line about a template, a favourite, a correspondent or a letterhead."""
    audit.record(action=Action.CHANGE, actor=actor, object_kind=kind, object_id=str(object_id))
