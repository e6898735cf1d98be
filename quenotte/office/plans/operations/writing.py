"""How a plan is written: locked, checked against the version that was shown, traced, told."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import rules
from quenotte.office.plans.models import PlanLine, PlanSession, TreatmentPlan

#: Who hears that a plan changed: those who see at least its sessions.
AUDIENCE = "plans.see"


class NoSuchPlan(Refusal):
    """The plan, the session or the line is not one of this patient."""

    message = _("Cet élément n’est plus dans le plan de ce patient. Rien n’a été modifié.")


class PlanChanged(Refusal):
    """Somebody else changed the plan while it was shown."""

    message = _(
        "Une autre personne a modifié ce plan entre-temps. Rien n’a été écrasé : "
        "relisez-le tel qu’il est maintenant, puis recommencez."
    )


class PlanClosed(Refusal):
    """The plan is refused, finished or abandoned."""

    message = _(
        "Ce plan est clos : il ne se modifie plus. Rien n’a été enregistré. "
        "Rouvrez-le d’abord si besoin."
    )


class StepNotAllowed(Refusal):
    """This does not follow from where the plan or the line is now."""

    message = _(
        "Cela ne peut pas suivre l’état actuel : il a peut-être changé entre-temps. "
        "Rien n’a été modifié : relisez le plan."
    )


def locked(actor: Actor, patient_id: UUID, plan_id: UUID, seen: int | None = None) -> TreatmentPlan:
    """Return a plan, held until the transaction ends; ``seen`` is the version that was shown.

    Raises: NoSuchPlan; PlanChanged.
    """
    plan = (
        TreatmentPlan.objects.select_for_update(of=("self",))
        .filter(id=plan_id, patient_id=patient_id, practice_id=actor.own_practice_id)
        .first()
    )
    if plan is None:
        raise NoSuchPlan
    if seen is not None and plan.version != seen:
        raise PlanChanged
    return plan


def live(plan: TreatmentPlan) -> TreatmentPlan:
    """Return a plan that may still be changed. Raises: PlanClosed."""
    if plan.status not in rules.LIVE:
        raise PlanClosed
    return plan


def line_of(plan: TreatmentPlan, line_id: UUID) -> PlanLine:
    """Return a line of a plan. Raises: NoSuchPlan."""
    line = PlanLine.objects.filter(id=line_id, plan=plan).first()
    if line is None:
        raise NoSuchPlan
    return line


def session_of(plan: TreatmentPlan, session_id: UUID) -> PlanSession:
    """Return a session of a plan that was not taken out. Raises: NoSuchPlan."""
    session = PlanSession.objects.filter(id=session_id, plan=plan, removed_at=None).first()
    if session is None:
        raise NoSuchPlan
    return session


def written(
    actor: Actor,
    plan: TreatmentPlan,
    what: str,
    *,
    action: Action = Action.CHANGE,
    **detail: Scalar,
) -> None:
    """Give the plan its next version, write the line of the journal and tell the open pages."""
    if action != Action.CREATE:
        plan.version += 1
    plan.save()
    publish(
        practice_id=actor.own_practice_id,
        name="patient.changed",
        data={"patient": str(plan.patient_id), "part": "plan"},
        audience=AUDIENCE,
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=plan.patient_id,
        object_kind="plan",
        object_id=str(plan.id),
        detail={"action": what, **detail},
    )
