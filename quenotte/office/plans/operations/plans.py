"""Plans: begun, copied as an alternative, chosen, accepted, refused, ended."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.sent import keep_once, row_id
from quenotte.office.plans import queries, rules
from quenotte.office.plans.models import ChosenPlan, PlanLine, PlanSession, TreatmentPlan
from quenotte.office.plans.operations import marking
from quenotte.office.plans.operations.writing import (
    NoSuchPlan,
    StepNotAllowed,
    live,
    locked,
    written,
)

#: What a person may type of a plan.
FIELDS: Final = frozenset({"title", "practitioner_id"})
_COPIED: Final = (
    "code", "label", "teeth", "surfaces", "quantity", "tariff_cents", "fee_cents", "basket",
    "charts_as", "material", "minutes", "position",
)  # fmt: skip
_SESSION_COPIED: Final = (
    "position", "phase", "title", "minutes", "chair_id", "laboratory_days", "healing_days",
)  # fmt: skip


@transaction.atomic
def start(
    *,
    actor: Actor,
    patient_id: UUID,
    title: str = "",
    copy_of: UUID | None = None,
    key: UUID | None = None,
) -> TreatmentPlan:
    """Begin a plan, empty or as a copy of another one of the same patient.

    The first one of a record is the one that the mouth shows; the others are alternatives
    until one of them is chosen. ``key``, drawn when the form was shown, makes a second sending
    the same plan. The caller opened the record.

    Raises: NoSuchPlan.
    """
    model = locked(actor, patient_id, copy_of) if copy_of else None
    usual = queries.usual_practitioner(actor, patient_id)
    plan, is_new = keep_once(
        TreatmentPlan(
            id=row_id(key, copy_of),
            practice_id=actor.own_practice_id,
            patient_id=patient_id,
            title=title.strip(),
            practitioner_id=model.practitioner_id if model else usual,
            created_by_id=actor.own_person_id,
            created_at=timezone.now(),
        ),
        patient_id=patient_id,
    )
    if not is_new:
        return plan
    if model:
        _copy(actor, model, plan)
    ChosenPlan.objects.get_or_create(patient_id=patient_id, defaults={"plan": plan})
    marking.sync(actor, plan)
    written(actor, plan, "copy" if model else "start", action=Action.CREATE)
    return plan


@transaction.atomic
def change_plan(
    *, actor: Actor, patient_id: UUID, plan_id: UUID, values: Mapping[str, Any], seen: int
) -> TreatmentPlan:
    """Change the title or the practitioner.

    Raises: NoSuchPlan, PlanChanged, PlanClosed; ValueError for a field that is not in ``FIELDS``.
    """
    if unknown := values.keys() - FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    plan = live(locked(actor, patient_id, plan_id, seen))
    if "practitioner_id" in values:
        _check_practitioner(actor, values["practitioner_id"])
    for name, value in values.items():
        setattr(plan, name, value)
    written(actor, plan, "details", fields=",".join(sorted(values)))
    return plan


@transaction.atomic
def set_status(
    *,
    actor: Actor,
    patient_id: UUID,
    plan_id: UUID,
    status: str,
    seen: int,
    reason: str = "",
) -> TreatmentPlan:
    """Take a plan one step further, or back.

    Accepting one chooses it and accepts its lines that nobody refused; a plan that is no longer
    accepted takes that back. One that ends without being carried out leaves the mouth, and the
    appointments that it booked stay.

    Raises: NoSuchPlan, PlanChanged, StepNotAllowed.
    """
    plan = locked(actor, patient_id, plan_id, seen)
    if not rules.plan_may(plan.status, status):
        raise StepNotAllowed
    plan.status, plan.reason = status, reason.strip()
    if status == TreatmentPlan.Status.ACCEPTED:
        PlanLine.objects.filter(plan=plan, status=PlanLine.Status.PLANNED).update(
            status=PlanLine.Status.ACCEPTED
        )
        _choose(actor, plan)
    elif status in rules.DISAGREED:
        PlanLine.objects.filter(plan=plan, status=PlanLine.Status.ACCEPTED).update(
            status=PlanLine.Status.PLANNED
        )
    marking.sync(actor, plan)
    written(actor, plan, "status", status=status)
    return plan


@transaction.atomic
def choose(*, actor: Actor, patient_id: UUID, plan_id: UUID) -> TreatmentPlan:
    """Let the mouth show this plan instead of the one that it showed.

    Raises: NoSuchPlan, PlanClosed.
    """
    plan = live(locked(actor, patient_id, plan_id))
    _choose(actor, plan)
    marking.sync(actor, plan)
    written(actor, plan, "choose")
    return plan


def settle(plan: TreatmentPlan) -> None:
    """Give a plan the status that its lines make: finished when nothing is left to do."""
    statuses = list(PlanLine.objects.filter(plan=plan).values_list("status", flat=True))
    plan.status = rules.status_after_lines(plan.status, statuses)


def _choose(actor: Actor, plan: TreatmentPlan) -> None:
    """Let the mouth show a plan; of two who choose at once, the second one holds.

    The row is changed, never put anew: who waits for it finds it.
    """
    rows = ChosenPlan.objects.select_for_update(of=("self",))
    chosen, _made = rows.get_or_create(patient_id=plan.patient_id, defaults={"plan": plan})
    if chosen.plan_id == plan.id:
        return
    old = TreatmentPlan.objects.get(id=chosen.plan_id)
    chosen.plan = plan
    chosen.save(update_fields=["plan"])
    marking.sync(actor, old)


def _copy(actor: Actor, model: TreatmentPlan, plan: TreatmentPlan) -> None:
    """Copy what is still to decide: what was refused or done is no alternative any more."""
    for old in PlanSession.objects.filter(plan=model, removed_at=None):
        session = PlanSession.objects.create(
            plan=plan, **{name: getattr(old, name) for name in _SESSION_COPIED}
        )
        lines = PlanLine.objects.filter(session=old, status__in=rules.SHOWN_IN_MOUTH)
        PlanLine.objects.bulk_create(
            PlanLine(
                plan=plan,
                session=session,
                created_by_id=actor.own_person_id,
                **{name: getattr(line, name) for name in _COPIED},
            )
            for line in lines
        )


def _check_practitioner(actor: Actor, person_id: UUID) -> None:
    found = people.account(actor.own_practice_id, person_id)
    if found is None or not found.is_active:
        raise NoSuchPlan
