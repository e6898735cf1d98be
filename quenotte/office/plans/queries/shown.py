"""Reads of plans: what a page shows, what a visit has to do."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from quenotte.care.agenda import rules as agenda_rules
from quenotte.office.catalogue import queries as catalogue
from quenotte.office.catalogue.rules import Done
from quenotte.office.plans import rules
from quenotte.office.plans.models import ChosenPlan, PlanLine, PlanSession, TreatmentPlan
from quenotte.office.plans.queries.values import Booked, LineShown, PlanShown, SessionShown

if TYPE_CHECKING:
    from quenotte.care.agenda.models import Appointment


def plans_of(patient_id: UUID) -> list[PlanShown]:
    """Return the plans of a patient, oldest first, with their letters; four queries at most."""
    plans = list(TreatmentPlan.objects.filter(patient_id=patient_id).select_related("practitioner"))
    if not plans:
        return []
    chosen = ChosenPlan.objects.filter(patient_id=patient_id).values_list("plan_id", flat=True)
    chosen_id = chosen.first()
    ids = [plan.id for plan in plans]
    permille = catalogue.reimbursement_permille(plans[0].practice_id, timezone.localdate())
    lines = _lines_by_session(ids, permille)
    sessions: dict[UUID, list[PlanSession]] = {}
    rows = PlanSession.objects.filter(plan_id__in=ids, removed_at=None)
    for row in rows.select_related("appointment__practitioner"):
        sessions.setdefault(row.plan_id, []).append(row)
    return [
        _shown(plan, rules.letter(place), plan.id == chosen_id, sessions.get(plan.id, []), lines)
        for place, plan in enumerate(plans)
    ]


def plan_shown(patient_id: UUID, plan_id: UUID) -> PlanShown | None:
    """Return one plan of a patient."""
    return next((plan for plan in plans_of(patient_id) if plan.id == plan_id), None)


def current_plan(plans: Sequence[PlanShown]) -> PlanShown | None:
    """Return the plan that a page opens with: the chosen one, else the last that lives."""
    chosen = [plan for plan in plans if plan.is_chosen]
    live = [plan for plan in plans if plan.is_live]
    return next(iter(chosen or live[::-1] or plans[::-1]), None)


def beside(plan: PlanShown, line: LineShown, day: date) -> list[Done]:
    """Return the acts that are left to do beside one in its plan.

    Those of its session are thought of on its day; those of the other sessions on another day,
    and only where they meet it on a tooth: an inlay core waits weeks for its crown.
    """
    found = []
    for session in plan.sessions:
        is_same = any(one.id == line.id for one in session.lines)
        on = day if is_same else day + timedelta(days=1)
        found += [
            Done(other.code, other.teeth, on, is_planned=True)
            for other in session.lines
            if other.id != line.id
            and other.is_left
            and (is_same or set(other.teeth) & set(line.teeth))
        ]
    return found


def _lines_by_session(plan_ids: Iterable[UUID], permille: int) -> dict[UUID, list[LineShown]]:
    lines: dict[UUID, list[LineShown]] = {}
    rows = PlanLine.objects.filter(plan_id__in=list(plan_ids))
    for row in rows.exclude(status=PlanLine.Status.REMOVED):
        lines.setdefault(row.session_id, []).append(_line(row, permille))
    return lines


def _line(row: PlanLine, permille: int) -> LineShown:
    return LineShown(
        id=row.id,
        code=row.code,
        label=row.label,
        teeth=rules.teeth_of(row.teeth),
        surfaces=row.surfaces,
        quantity=row.quantity,
        tariff_cents=row.tariff_cents,
        fee_cents=row.fee_cents,
        basket=row.basket,
        charts_as=row.charts_as,
        material=row.material,
        minutes=row.minutes,
        status=row.status,
        reason=row.reason,
        done_on=row.done_on,
        permille=permille,
        is_marked=row.is_marked,
    )


def _shown(
    plan: TreatmentPlan,
    name: str,
    is_chosen: bool,
    rows: Sequence[PlanSession],
    lines: dict[UUID, list[LineShown]],
) -> PlanShown:
    sessions = _sessions(rows, lines)
    days = [
        (timezone.localdate(one.booked.starts_at) if one.booked else None, one.gap)
        for one in sessions
        if one.lines or one.booked
    ]
    return PlanShown(
        id=plan.id,
        letter=name,
        title=plan.title,
        status=plan.status,
        reason=plan.reason,
        is_chosen=is_chosen,
        version=plan.version,
        practitioner_id=plan.practitioner_id,
        practitioner=plan.practitioner.full_name,
        sessions=sessions,
        ends_on=rules.estimated_end(timezone.localdate(), days),
    )


def _sessions(
    rows: Sequence[PlanSession], lines: dict[UUID, list[LineShown]]
) -> list[SessionShown]:
    found: list[SessionShown] = []
    before: datetime | None = None
    gap = rules.Gap()
    for place, row in enumerate(rows):
        booked = _booked(row.appointment)
        early = booked is not None and rules.is_too_early(before, gap, booked.starts_at)
        own = rules.Gap(row.laboratory_days, row.healing_days)
        shown = SessionShown(
            id=row.id,
            place=place + 1,
            phase=row.phase,
            title=row.title,
            chosen_minutes=row.minutes,
            chair_id=row.chair_id,
            gap=own,
            booked=booked,
            lines=lines.get(row.id, []),
            is_too_early=early and not booked.is_over if booked else False,
            must_wait_days=found[-1].wait_days if found else 0,
        )
        found.append(shown)
        if shown.ended_at is not None:
            before, gap = shown.ended_at, own
    return found


def _booked(appointment: "Appointment | None") -> Booked | None:
    """Return the appointment of a session; one that was cancelled or missed books nothing."""
    if appointment is None or appointment.status in agenda_rules.OFF:
        return None
    return Booked(
        id=appointment.id,
        starts_at=timezone.localtime(appointment.starts_at),
        ends_at=timezone.localtime(appointment.ends_at),
        status=appointment.status,
        status_label=str(appointment.get_status_display()),
        practitioner=appointment.practitioner.full_name,
    )
