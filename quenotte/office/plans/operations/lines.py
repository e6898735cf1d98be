"""Lines of a plan: added, changed, accepted, refused, moved, taken out, done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.sent import row_id
from quenotte.care.chart.rules import Status
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import rules
from quenotte.office.plans.models import PlanLine, PlanSession, TreatmentPlan
from quenotte.office.plans.operations import marking
from quenotte.office.plans.operations.plans import settle
from quenotte.office.plans.operations.sessions import append_session, moved_lines
from quenotte.office.plans.operations.writing import (
    NoSuchPlan,
    PlanChanged,
    StepNotAllowed,
    line_of,
    live,
    locked,
    session_of,
    written,
)

#: What a person may type of a line; what the mouth shows follows the teeth.
FIELDS: Final = frozenset({"teeth", "surfaces", "quantity", "fee_cents", "reason"})
#: What a line takes from its act when that is corrected after it was done.
CORRECTED: Final = frozenset(
    {
        "code", "label", "teeth", "surfaces", "quantity", "tariff_cents", "fee_cents", "basket",
        "charts_as", "material",
    }
)  # fmt: skip
_DRAWN: Final = frozenset({"teeth", "surfaces"})


class AlreadyDone(Refusal):
    """Somebody else noted that this act is done."""

    message = _("Cet acte est déjà noté comme fait. Rien n’a été enregistré une deuxième fois.")


class UnknownAct(Refusal):
    """Nothing in the catalogue answers what was typed."""

    message = _(
        "Aucun acte du catalogue ne répond à ces mots. Rien n’a été ajouté : choisissez dans la "
        "liste, ou essayez avec d’autres mots (« 16 couronne », « détartrage », un code)."
    )


@transaction.atomic
def add_lines(
    *,
    actor: Actor,
    patient_id: UUID,
    plan_id: UUID,
    lines: Sequence[rules.ActLine],
    session_id: UUID | None = None,
    key: UUID | None = None,
) -> list[PlanLine]:
    """Add acts to a session, by default the last one; a plan without any gets its first.

    In an accepted plan they are still to be accepted: the talk was about the others. ``key``,
    drawn when the form was shown, makes a second sending the same acts.

    Raises: NoSuchPlan, PlanClosed.
    """
    plan = live(locked(actor, patient_id, plan_id))
    ids = [row_id(key, place, one) for place, one in enumerate(lines)]
    if known := list(PlanLine.objects.filter(id__in=ids, plan=plan)):
        return known
    session = session_of(plan, session_id) if session_id else _last_session(plan)
    position = PlanLine.objects.filter(session=session).count()
    added = [
        PlanLine.objects.create(
            id=line_id,
            plan=plan,
            session=session,
            position=position + place,
            created_by_id=actor.own_person_id,
            **asdict(line),
        )
        for place, (line_id, line) in enumerate(zip(ids, lines, strict=True))
    ]
    marking.sync(actor, plan)
    written(actor, plan, "line", count=len(added))
    return added


@transaction.atomic
def change_line(
    *,
    actor: Actor,
    patient_id: UUID,
    plan_id: UUID,
    line_id: UUID,
    values: Mapping[str, Any],
    seen: int,
) -> PlanLine:
    """Change the teeth, surfaces, quantity or fee of an act that is not done.

    The patient accepted other terms than the new ones: the act is to be accepted again.

    Raises: NoSuchPlan, PlanChanged, PlanClosed, AlreadyDone; ValueError for a field not in
    ``FIELDS``.
    """
    if unknown := values.keys() - FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    plan = live(locked(actor, patient_id, plan_id, seen))
    line = line_of(plan, line_id)
    if line.status == PlanLine.Status.DONE:
        raise AlreadyDone
    was = _terms(line)
    fields = [name for name in sorted(values) if getattr(line, name) != values[name]]
    for name in fields:
        setattr(line, name, values[name])
    if line.status == PlanLine.Status.ACCEPTED and _terms(line) != was:
        _become(line, PlanLine.Status.PLANNED)
    line.save(update_fields=[*fields, "status", "previous_status"])
    marking.sync(actor, plan, redrawn=[line] if _DRAWN & set(fields) else ())
    written(actor, plan, "line", fields=",".join(fields))
    return line


@transaction.atomic
def answer_line(
    *,
    actor: Actor,
    patient_id: UUID,
    plan_id: UUID,
    line_id: UUID,
    status: str,
    reason: str = "",
    shown: str | None = None,
) -> PlanLine:
    """Note what the patient said of one act: accepted, refused (why), or nothing yet.

    ``shown`` are the terms that the page showed (``rules.terms``): none but these are accepted.

    Raises: NoSuchPlan, PlanClosed, StepNotAllowed; PlanChanged when the terms are others by now.
    """
    if status not in {"planned", "accepted", "refused"}:
        raise StepNotAllowed
    plan = live(locked(actor, patient_id, plan_id))
    line = line_of(plan, line_id)
    if status == PlanLine.Status.ACCEPTED and shown is not None and shown != _terms(line):
        raise PlanChanged
    _become(line, status)
    line.reason = reason.strip() if status == PlanLine.Status.REFUSED else ""
    line.save(update_fields=["status", "previous_status", "reason"])
    return _after(actor, plan, line, "answer")


@transaction.atomic
def remove_line(*, actor: Actor, patient_id: UUID, plan_id: UUID, line_id: UUID) -> PlanLine:
    """Take an act out of a plan; it is kept, and comes back by ``restore_line``.

    Raises: NoSuchPlan, PlanClosed, StepNotAllowed.
    """
    plan = live(locked(actor, patient_id, plan_id))
    line = line_of(plan, line_id)
    _become(line, PlanLine.Status.REMOVED)
    line.save(update_fields=["status", "previous_status"])
    return _after(actor, plan, line, "line_out")


@transaction.atomic
def restore_line(*, actor: Actor, patient_id: UUID, plan_id: UUID, line_id: UUID) -> PlanLine:
    """Put an act that was taken out back as it was, with its session if that went too.

    A plan that is finished takes it back and goes on: taking the act out may have finished it.

    Raises: NoSuchPlan, PlanClosed, StepNotAllowed.
    """
    plan = locked(actor, patient_id, plan_id)
    if plan.status != TreatmentPlan.Status.FINISHED:
        live(plan)
    line = line_of(plan, line_id)
    if line.status != PlanLine.Status.REMOVED:
        raise StepNotAllowed
    PlanSession.objects.filter(id=line.session_id).update(removed_at=None)
    _become(line, line.previous_status or PlanLine.Status.PLANNED)
    line.save(update_fields=["status", "previous_status"])
    return _after(actor, plan, line, "line_back")


@transaction.atomic
def move_line(
    *,
    actor: Actor,
    patient_id: UUID,
    plan_id: UUID,
    line_id: UUID,
    seen: int,
    step: int = 0,
    session_id: UUID | None = None,
    position: int = 0,
) -> None:
    """Move an act up (-1) or down (+1), through the sessions, or to a place of a session.

    Raises: NoSuchPlan, PlanChanged, PlanClosed.
    """
    plan = live(locked(actor, patient_id, plan_id, seen))
    moved_lines(plan, line_id, step=step, session_id=session_id, position=position)
    written(actor, plan, "order")


@transaction.atomic
def do_line(*, actor: Actor, patient_id: UUID, line_id: UUID, on: date | None = None) -> PlanLine:
    """Note that a planned act is done: the mouth shows it so, the plan may be finished.

    ``on`` is the day of care, today's unless given.

    Raises: NoSuchPlan, AlreadyDone, StepNotAllowed.
    """
    day = on or timezone.localdate()
    plan = _plan_of_line(actor, patient_id, line_id)
    line = line_of(plan, line_id)
    if line.status == PlanLine.Status.DONE:
        raise AlreadyDone
    _become(line, PlanLine.Status.DONE)
    line.done_on = day
    line.save(update_fields=["status", "previous_status", "done_on"])
    if line.is_marked:
        marking.withdraw(actor, plan, line, on=day)
    marking.draw(actor, plan, line, Status.DONE, on=day)
    return _after(actor, plan, line, "done")


@transaction.atomic
def correct_done(
    *, actor: Actor, patient_id: UUID, line_id: UUID, values: Mapping[str, Any]
) -> PlanLine:
    """Let a line that is done follow its act, which was corrected; the mouth is drawn anew.

    Raises: NoSuchPlan; StepNotAllowed when the line is not done; ValueError for a field not in
    ``CORRECTED``.
    """
    if unknown := values.keys() - CORRECTED:
        raise ValueError(", ".join(sorted(unknown)))
    plan = _plan_of_line(actor, patient_id, line_id)
    line = line_of(plan, line_id)
    if line.status != PlanLine.Status.DONE:
        raise StepNotAllowed
    for name, value in values.items():
        setattr(line, name, value)
    line.save(update_fields=sorted(values))
    marking.withdraw(actor, plan, line)
    marking.draw(actor, plan, line, Status.DONE, on=line.done_on)
    return _after(actor, plan, line, "corrected")


@transaction.atomic
def undo_line(*, actor: Actor, patient_id: UUID, line_id: UUID) -> PlanLine:
    """Take back that an act is done: it is planned again, and the mouth follows.

    Raises: NoSuchPlan, StepNotAllowed.
    """
    plan = _plan_of_line(actor, patient_id, line_id)
    line = line_of(plan, line_id)
    if line.status != PlanLine.Status.DONE:
        raise StepNotAllowed
    line.done_on = None
    _become(line, line.previous_status or PlanLine.Status.PLANNED)
    line.save(update_fields=["status", "previous_status", "done_on"])
    marking.withdraw(actor, plan, line)
    return _after(actor, plan, line, "undone")


def _plan_of_line(actor: Actor, patient_id: UUID, line_id: UUID) -> TreatmentPlan:
    found = PlanLine.objects.filter(id=line_id).values_list("plan_id", flat=True).first()
    if found is None:
        raise NoSuchPlan
    return locked(actor, patient_id, found)


def _terms(line: PlanLine) -> str:
    teeth = rules.stored_teeth(rules.teeth_of(line.teeth))
    return rules.terms(teeth, line.surfaces, line.quantity, line.fee_cents)


def _become(line: PlanLine, status: str) -> None:
    if not rules.line_may(line.status, status):
        raise StepNotAllowed
    line.previous_status, line.status = line.status, status


def _after(actor: Actor, plan: TreatmentPlan, line: PlanLine, what: str) -> PlanLine:
    settle(plan)
    marking.sync(actor, plan)
    written(actor, plan, what, status=line.status)
    return line


def _last_session(plan: TreatmentPlan) -> PlanSession:
    found = PlanSession.objects.filter(plan=plan, removed_at=None).last()
    if found is None:
        found = append_session(plan)
        found.save()
    return found
