"""What the mouth shows of a plan: its lines that are still to do, when it is the chosen one."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.care.chart import operations as mouth
from quenotte.care.chart import queries as mouths
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import rules
from quenotte.office.plans.models import ChosenPlan, PlanLine, TreatmentPlan

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def is_chosen(plan: TreatmentPlan) -> bool:
    """Tell whether this is the plan that the mouth shows."""
    return ChosenPlan.objects.filter(plan=plan).exists()


def sync(actor: Actor, plan: TreatmentPlan, *, redrawn: Iterable[PlanLine] = ()) -> None:
    """Draw what the plan now wants drawn and withdraw the rest; ``redrawn`` lines changed.

    What is done is no longer ours to draw: the visit wrote it.
    """
    chosen, changed = is_chosen(plan), {line.id for line in redrawn}
    for line in PlanLine.objects.filter(plan=plan):
        wanted = rules.wants_mark(
            is_chosen=chosen, plan=plan.status, line=line.status, charts_as=line.charts_as
        )
        if line.is_marked and (not wanted or line.id in changed):
            withdraw(actor, plan, line)
        if wanted and not line.is_marked:
            draw(actor, plan, line, Status.PLANNED)


def draw(
    actor: Actor, plan: TreatmentPlan, line: PlanLine, status: Status, *, on: date | None = None
) -> bool:
    """Write a line in the mouth, as planned or as done; return whether the mouth shows it.

    ``on`` is the clinical day, today's unless given.

    What the mouth cannot show (a crown on a tooth that is missing) blocks no plan: the line
    stays without a mark, and its page says so.
    """
    found = finding(line, status)
    if found is None:
        return False
    found = with_pontics(plan.patient, found)
    try:
        mouth.chart(
            actor=actor,
            patient_id=plan.patient_id,
            findings=[found],
            on=on or timezone.localdate(),
            source=line.source,
        )
    except Refusal:
        return False
    _note(line, is_marked=status == Status.PLANNED)
    return True


def withdraw(actor: Actor, plan: TreatmentPlan, line: PlanLine, *, on: date | None = None) -> None:
    """Take back what this line wrote in the mouth; somebody may have undone it there already."""
    with contextlib.suppress(mouth.NothingToWithdraw):
        mouth.withdraw(actor=actor, patient_id=plan.patient_id, source=line.source, on=on)
    _note(line, is_marked=False)


def finding(line: PlanLine, status: Status) -> Finding | None:
    """Return what a line says of the mouth; None when it shows nothing there."""
    teeth = rules.teeth_of(line.teeth)
    if not line.charts_as or not teeth:
        return None
    return Finding(
        kind=Kind(line.charts_as),
        teeth=teeth,
        surfaces=line.surfaces,
        status=status,
        material=line.material,
    )


def with_pontics(patient: "Patient", found: Finding) -> Finding:
    """Return a bridge with the teeth that it replaces: the missing ones, else those inside."""
    if found.kind is not Kind.BRIDGE:
        return found
    mouth_now = mouths.mouth_on(patient.id, patient.born_on, timezone.localdate())
    gone = tuple(tooth for tooth in found.teeth if tooth in mouth_now.missing)
    return replace(found, pontics=gone)


def _note(line: PlanLine, *, is_marked: bool) -> None:
    line.is_marked = is_marked
    line.save(update_fields=["is_marked"])
