"""What every change of this room does: find its row, lock it, tell the open pages."""

from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.care.prosthetics.models import LaboratorySettings, LabOrder
from quenotte.care.prosthetics.operations.refusals import NotHere


def locked_settings(actor: Actor) -> LaboratorySettings:
    """Return the settings of the practice, locked; made when nobody saved any."""
    LaboratorySettings.objects.get_or_create(practice_id=actor.own_practice_id)
    return LaboratorySettings.objects.select_for_update().get(practice_id=actor.own_practice_id)


def locked_order(actor: Actor, patient_id: UUID, order_id: UUID) -> LabOrder:
    """Return an order of a patient, locked. Raises: NotHere."""
    rows = LabOrder.objects.select_for_update(of=("self",))
    rows = rows.filter(practice_id=actor.own_practice_id, patient_id=patient_id)
    order = rows.filter(id=order_id).first()
    if order is None:
        raise NotHere
    return order


def tell(
    actor: Actor,
    action: Action,
    kind: str,
    object_id: UUID,
    patient_id: UUID | None = None,
    **detail: Scalar,
) -> None:
    """Tell the open pages that something changed, and write one line of ids."""
    publish(
        practice_id=actor.practice_id,
        name="laboratory",
        data={kind: str(object_id)},
        audience="laboratory.read",
    )
    if patient_id is not None:
        publish(
            practice_id=actor.practice_id,
            name="patient.changed",
            data={"patient": str(patient_id), "part": kind},
            audience="trace.read",
        )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=str(object_id),
        detail=detail,
    )
