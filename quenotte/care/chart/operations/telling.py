"""After each writing: the open pages are told, and the journal gets its line."""

from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish


def tell(
    actor: Actor, patient_id: UUID, kind: str, object_id: str, *, action: Action, state: str = ""
) -> None:
    """Tell the open pages of the practice, then the journal."""
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(patient_id), "part": kind},
        audience="chart.read",
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=object_id,
        detail={"state": state} if state else None,
    )
