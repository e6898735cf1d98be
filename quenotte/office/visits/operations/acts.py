"""What is done: planned acts with one key, others in one line; each may be taken back."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.sent import row_id
from quenotte.care.chart import operations as mouth
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import operations as plans
from quenotte.office.plans import rules as plan_rules
from quenotte.office.visits import queries
from quenotte.office.visits.models import Visit, VisitAct
from quenotte.office.visits.operations.writing import NoSuchVisit, locked, written

#: What a person may type of an act that is done.
FIELDS: Final = frozenset({"quantity", "modifiers", "practitioner_id", "fee_cents"})
#: What an act takes from the line of a plan, or from the act that it replaces.
COPIED: Final = (
    "code", "label", "teeth", "surfaces", "quantity", "tariff_cents", "fee_cents", "basket",
    "charts_as", "material",
)  # fmt: skip


@transaction.atomic
def do_planned(*, actor: Actor, patient_id: UUID, visit_id: UUID, line_id: UUID) -> VisitAct:
    """Note that an act of a plan is done: the plan and the mouth follow, once.

    Raises: NoSuchVisit, VisitClosed; as ``plans.operations.do_line``.
    """
    visit = locked(actor, patient_id, visit_id)
    day = timezone.localdate(queries.moment_of_care(visit))
    line = plans.do_line(actor=actor, patient_id=patient_id, line_id=line_id, on=day)
    values = {name: getattr(line, name) for name in COPIED}
    act = create(actor, visit, values, line_id=line.id)
    written(actor, visit, "act")
    return act


@transaction.atomic
def do_others(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    acts: Sequence[plan_rules.ActLine],
    key: UUID | None = None,
) -> list[VisitAct]:
    """Note acts that no plan foresaw; the mouth shows them as done.

    ``key``, drawn when the form was shown, makes a second sending the same acts.

    Raises: NoSuchVisit, VisitClosed.
    """
    visit = locked(actor, patient_id, visit_id)
    ids = [row_id(key, place, one) for place, one in enumerate(acts)]
    if known := list(VisitAct.objects.filter(id__in=ids, visit=visit)):
        return known
    made = []
    for act_id, one in zip(ids, acts, strict=True):
        values = asdict(one)
        values.pop("minutes")
        made.append(drawn(actor, visit, create(actor, visit, values | {"id": act_id})))
    written(actor, visit, "act", count=len(made))
    return made


@transaction.atomic
def undo_act(*, actor: Actor, patient_id: UUID, visit_id: UUID, act_id: UUID) -> VisitAct:
    """Take an act back: planned again, or gone from the mouth; the row stays, marked.

    Raises: NoSuchVisit, VisitClosed.
    """
    visit = locked(actor, patient_id, visit_id)
    act = _act(visit, act_id)
    act.undone_at = timezone.now()
    act.save(update_fields=["undone_at"])
    if act.line_id:
        plans.undo_line(actor=actor, patient_id=patient_id, line_id=act.line_id)
    else:
        erased(actor, visit, act)
    written(actor, visit, "act_back")
    return act


@transaction.atomic
def change_act(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    act_id: UUID,
    values: Mapping[str, Any],
) -> VisitAct:
    """Change the quantity, modifiers, practitioner or fee of an act that is done.

    Raises: NoSuchVisit, VisitClosed; ValueError for a field not in ``FIELDS``.
    """
    if unknown := values.keys() - FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    visit = locked(actor, patient_id, visit_id)
    act = _act(visit, act_id)
    who = values.get("practitioner_id")
    if who and people.account(actor.own_practice_id, who) is None:
        raise NoSuchVisit
    for name, value in values.items():
        setattr(act, name, value)
    act.save(update_fields=sorted(values))
    written(actor, visit, "act", fields=",".join(sorted(values)))
    return act


def create(
    actor: Actor, visit: Visit, values: Mapping[str, Any], *, line_id: UUID | None = None
) -> VisitAct:
    """Return a new act of a visit, by its practitioner and now unless ``values`` say otherwise.

    In a visit that was left open it is of the day of care, and says when it was written.
    """
    usual = {"practitioner_id": visit.practitioner_id, "done_at": queries.moment_of_care(visit)}
    if queries.is_of_another_day(visit):
        usual["noted_at"] = timezone.now()
    return VisitAct.objects.create(
        visit=visit, line_id=line_id, done_by_id=actor.own_person_id, **(usual | dict(values))
    )


def drawn(actor: Actor, visit: Visit, act: VisitAct) -> VisitAct:
    """Write an act in the mouth, on its day; what the mouth cannot show blocks no act."""
    act.is_charted = _draw(actor, visit, act)
    act.save(update_fields=["is_charted"])
    return act


def erased(actor: Actor, visit: Visit, act: VisitAct) -> None:
    """Take back what an act that no plan foresaw wrote in the mouth."""
    if act.is_charted:
        with contextlib.suppress(mouth.NothingToWithdraw):
            mouth.withdraw(actor=actor, patient_id=visit.patient_id, source=act.source)


def _draw(actor: Actor, visit: Visit, act: VisitAct) -> bool:
    teeth = plan_rules.teeth_of(act.teeth)
    if not act.charts_as or not teeth:
        return False
    found = Finding(
        kind=Kind(act.charts_as),
        teeth=teeth,
        surfaces=act.surfaces,
        status=Status.DONE,
        material=act.material,
    )
    try:
        mouth.chart(
            actor=actor,
            patient_id=visit.patient_id,
            findings=[plans.with_pontics(visit.patient, found)],
            on=timezone.localdate(act.done_at),
            source=act.source,
        )
    except Refusal:
        return False
    return True


def _act(visit: Visit, act_id: UUID) -> VisitAct:
    act = VisitAct.objects.filter(id=act_id, visit=visit, undone_at=None).first()
    if act is None:
        raise NoSuchVisit
    return act
