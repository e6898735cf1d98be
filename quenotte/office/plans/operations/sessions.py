"""Sessions of a plan: added, described, put in another order, taken out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.practice import queries as places
from quenotte.base.practice.rules import moved
from quenotte.care.agenda import rules as agenda
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import rules
from quenotte.office.plans.models import PlanLine, PlanSession, TreatmentPlan
from quenotte.office.plans.operations.writing import (
    NoSuchPlan,
    live,
    locked,
    session_of,
    written,
)

#: What a person may type of a session.
FIELDS: Final = frozenset(
    {"phase", "title", "minutes", "chair_id", "laboratory_days", "healing_days"}
)


class SessionNotEmpty(Refusal):
    """Acts or an appointment hang on it."""

    message = _(
        "Cette séance contient des actes ou un rendez-vous : elle n’a pas été retirée. "
        "Déplacez d’abord ses actes, ou annulez son rendez-vous dans l’agenda."
    )


@transaction.atomic
def add_session(
    *, actor: Actor, patient_id: UUID, plan_id: UUID, values: Mapping[str, Any] | None = None
) -> PlanSession:
    """Add a session at the end, in the phase of the one before it unless told otherwise.

    Raises: NoSuchPlan, PlanClosed.
    """
    plan = live(locked(actor, patient_id, plan_id))
    session = append_session(plan)
    _fill(actor, session, values or {})
    session.save()
    written(actor, plan, "session")
    return session


@transaction.atomic
def change_session(
    *,
    actor: Actor,
    patient_id: UUID,
    plan_id: UUID,
    session_id: UUID,
    values: Mapping[str, Any],
    seen: int,
) -> PlanSession:
    """Change how long a session lasts, where, and what must pass after it.

    Raises: NoSuchPlan, PlanChanged, PlanClosed; ValueError for a field not in ``FIELDS``.
    """
    plan = live(locked(actor, patient_id, plan_id, seen))
    session = session_of(plan, session_id)
    _fill(actor, session, values)
    session.save()
    written(actor, plan, "session", fields=",".join(sorted(values)))
    return session


@transaction.atomic
def move_session(
    *, actor: Actor, patient_id: UUID, plan_id: UUID, session_id: UUID, step: int, seen: int
) -> None:
    """Move a session up (-1) or down (+1). Raises: NoSuchPlan, PlanChanged, PlanClosed."""
    plan = live(locked(actor, patient_id, plan_id, seen))
    session = session_of(plan, session_id)
    others = list(PlanSession.objects.filter(plan=plan, removed_at=None))
    for position, other in enumerate(moved(others, session, step)):
        other.position = position
        other.save(update_fields=["position"])
    written(actor, plan, "order")


@transaction.atomic
def remove_session(*, actor: Actor, patient_id: UUID, plan_id: UUID, session_id: UUID) -> None:
    """Take an empty session out; it is kept. Raises: NoSuchPlan, PlanClosed, SessionNotEmpty."""
    plan = live(locked(actor, patient_id, plan_id))
    session = session_of(plan, session_id)
    holds = PlanLine.objects.filter(session=session).exclude(status=PlanLine.Status.REMOVED)
    booked = session.appointment
    if holds.exists() or (booked is not None and booked.status not in agenda.OFF):
        raise SessionNotEmpty
    session.removed_at = timezone.now()
    session.save(update_fields=["removed_at"])
    written(actor, plan, "session_out")


@transaction.atomic
def restore_session(*, actor: Actor, patient_id: UUID, plan_id: UUID, session_id: UUID) -> None:
    """Put a session that was taken out back in its place. Raises: NoSuchPlan, PlanClosed."""
    plan = live(locked(actor, patient_id, plan_id))
    session = PlanSession.objects.filter(id=session_id, plan=plan).first()
    if session is None:
        raise NoSuchPlan
    session.removed_at = None
    session.save(update_fields=["removed_at"])
    written(actor, plan, "session_back")


def append_session(plan: TreatmentPlan) -> PlanSession:
    """Return a new session after the last one, not saved yet."""
    last = PlanSession.objects.filter(plan=plan, removed_at=None).last()
    position = PlanSession.objects.filter(plan=plan).count()
    return PlanSession(
        plan=plan,
        position=max(position, last.position + 1 if last else 0),
        phase=last.phase if last else "",
        chair_id=last.chair_id if last else None,
    )


def layout_of(plan: TreatmentPlan) -> tuple[list[UUID], list[list[UUID]]]:
    """Return the sessions of a plan, and the lines of each, in their order."""
    sessions = list(
        PlanSession.objects.filter(plan=plan, removed_at=None).values_list("id", flat=True)
    )
    lines = PlanLine.objects.filter(plan=plan).exclude(status=PlanLine.Status.REMOVED)
    rows = list(lines.values_list("id", "session_id"))
    return sessions, [[line for line, there in rows if there == one] for one in sessions]


def lay_out(sessions: Sequence[UUID], groups: Sequence[Sequence[UUID]]) -> None:
    """Write where each line stands."""
    for session_id, lines in zip(sessions, groups, strict=True):
        for position, line_id in enumerate(lines):
            PlanLine.objects.filter(id=line_id).update(session_id=session_id, position=position)


def moved_lines(
    plan: TreatmentPlan, line_id: UUID, *, step: int, session_id: UUID | None, position: int
) -> None:
    """Move a line by a step, or to a place of a session. Raises: NoSuchPlan."""
    sessions, groups = layout_of(plan)
    if not any(line_id in group for group in groups):
        raise NoSuchPlan
    if session_id is None:
        lay_out(sessions, rules.stepped(groups, line_id, step))
        return
    if session_id not in sessions:
        raise NoSuchPlan
    lay_out(sessions, rules.put(groups, line_id, sessions.index(session_id), position))


def _fill(actor: Actor, session: PlanSession, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    chair_id = values.get("chair_id")
    if chair_id and not places.chairs(actor.own_practice_id).filter(id=chair_id).exists():
        raise NoSuchPlan
    for name, value in values.items():
        setattr(session, name, value)
