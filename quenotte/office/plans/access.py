"""The door to a plan: the record is opened, and the plan is one of hers."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard.access import opens_by_grant
from quenotte.base.keyboard.rules import GLASS
from quenotte.base.people.rules import may
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.office.plans.models import TreatmentPlan

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def plan_for(
    actor: Actor, patient_id: UUID, plan_id: UUID, *, action: str
) -> tuple["Patient", TreatmentPlan]:
    """Return a patient and a plan of hers; ``action`` is a permission of the table.

    Raises: as ``opened_patient``; Http404 when the plan is another patient's.
    """
    patient = opened_patient(actor, patient_id, action=action)
    return patient, _of(patient, plan_id)


def reads_acts(actor: Actor, patient_id: UUID) -> bool:
    """Tell whether this person reads the acts of a record already open, not its sessions alone."""
    if may(actor.roles - {GLASS}, "plans.read"):
        return True
    return opens_by_grant(actor.person_id, actor.roles, patient_id)


def printed_plan(actor: Actor, patient_id: UUID, plan_id: UUID) -> tuple["Patient", TreatmentPlan]:
    """Return a plan that leaves on paper: one line of the journal says so.

    Raises: as ``patient_for``; Http404 when the plan is another patient's.
    """
    patient = patient_for(actor, patient_id, purpose="print", action="plans.read")
    return patient, _of(patient, plan_id)


def _of(patient: "Patient", plan_id: UUID) -> TreatmentPlan:
    found = TreatmentPlan.objects.filter(id=plan_id, patient_id=patient.id).first()
    if found is None:
        raise Http404
    return found
