"""What the plans show: on the record in short, on their own pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.agenda import queries as agenda
from quenotte.kernel.errors import Refusal
from quenotte.kernel.money import format_euros
from quenotte.office.plans import access, queries
from quenotte.office.plans.forms import PHASES, BookingForm, LineForm, SessionForm, TitleForm
from quenotte.web import kept
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


#: What each step of a plan is called on its button.
MOVE_WORDS: Final = {
    "draft": _("Reprendre en brouillon"),
    "proposed": _("Proposer au patient"),
    "accepted": _("Le patient accepte"),
    "refused": _("Le patient refuse"),
    "finished": _("Terminer"),
    "abandoned": _("Abandonner"),
}


def card(request: HttpRequest, patient: "Patient") -> str:
    """Draw the place of the plans on the record; they come after the first paint."""
    if not may(actor_of(request).roles, "plans.see"):
        return ""
    places = {"url": link_to("plans:card", patient.id), "patient_id": patient.id}
    return kept.drawn("office/plans/_card.html", fill=places)


def card_body(request: HttpRequest, patient: "Patient") -> str:
    """Draw the plans in short: state, progress, next session; no acts for the desk."""
    plans = queries.plans_of(patient.id)
    context = {
        "patient": patient,
        "plans": plans,
        "current": queries.current_plan(plans),
        "reads_acts": access.reads_acts(actor_of(request), patient.id),
    }
    return render_to_string("office/plans/_card_body.html", context, request)


def plan_page(
    request: HttpRequest, patient: "Patient", plan_id: UUID, *, title_form: Any = None
) -> dict[str, Any]:
    """Return what the page of a plan shows."""
    plans = queries.plans_of(patient.id)
    plan = next(one for one in plans if one.id == plan_id)
    start = {"title": plan.title, "practitioner": str(plan.practitioner_id)}
    form = title_form or TitleForm(initial=start, practice_id=patient.practice_id)
    return {
        "patient": patient,
        "plans": plans,
        "plan": plan,
        "title_form": form,
        "drawn": plan_again(request, patient, plan_id, plan=plan),
    }


def plan_again(
    request: HttpRequest,
    patient: "Patient",
    plan_id: UUID,
    *,
    plan: queries.PlanShown | None = None,
) -> str:
    """Draw the part of the page that changes with the plan."""
    shown = plan or queries.plan_shown(patient.id, plan_id)
    assert shown is not None
    context = {
        "patient": patient,
        "plan": shown,
        "phases": shown.phases,
        "warned": warned(patient, shown),
        "noted": _noted(request, patient, shown),
        "steps": [(one, MOVE_WORDS[one], may_follow) for one, may_follow in shown.steps],
    }
    return render_to_string("office/plans/_plan.html", context, request)


def _noted(
    request: HttpRequest, patient: "Patient", plan: queries.PlanShown
) -> list[queries.Choice]:
    """Return what the mouth says is to be done and this plan does not hold, for who may add it."""
    if not plan.is_live or not may(actor_of(request).roles, "plans.write"):
        return []
    return queries.noted_to_do(patient, plan, timezone.localdate())


def tabs_beside(request: HttpRequest, patient: "Patient", plan_id: UUID) -> str:
    """Draw the tabs of the plans in their place, beside the plan that changed."""
    plans = queries.plans_of(patient.id)
    plan = next(one for one in plans if one.id == plan_id)
    context = {"patient": patient, "plans": plans, "plan": plan, "is_beside": True}
    return render_to_string("office/plans/_tabs.html", context, request)


def next_key(request: HttpRequest) -> str:
    """Draw the hidden key of the line that was sent: its next sending is another act."""
    return render_to_string("office/plans/_key.html", {"key": uuid4()}, request)


def warned(patient: "Patient", plan: queries.PlanShown) -> dict[UUID, list[str]]:
    """Return what is to be looked at before each act that is left, with whose rule it is."""
    done, today = queries.recent_acts(patient.id), timezone.localdate()
    watch = queries.watcher(patient.practice_id, born_on=patient.born_on, on=today)
    object_to = queries.objector(patient, today)
    return {
        line.id: [
            *object_to(line.act),
            *(
                f"{one.text} ({one.source})" if one.source else one.text
                for one in watch(line.act, [*done, *queries.beside(plan, line, today)])
            ),
        ]
        for line in plan.lines
        if line.is_left
    }


def comparison(patient: "Patient") -> dict[str, Any]:
    """Return the plans side by side, and the phases that any of them has."""
    plans = queries.plans_of(patient.id)
    names = dict.fromkeys(session.phase for plan in plans for session in plan.sessions)
    rows = [(name, [plan.whole_phase(name) for plan in plans]) for name in names]
    return {"plans": plans, "rows": rows}


def sessions_page(_request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return what the desk sees: the sessions of the plans that live, without their acts."""
    return {"plans": [plan for plan in queries.plans_of(patient.id) if plan.is_live]}


def line_form(patient: "Patient", plan_id: UUID, line_id: UUID) -> dict[str, Any] | None:
    """Return what the form of a line shows; None when the plan has no such line."""
    plan = queries.plan_shown(patient.id, plan_id)
    line = next((one for one in plan.lines if one.id == line_id), None) if plan else None
    if plan is None or line is None:
        return None
    start = {
        "teeth": line.teeth_key,
        "surfaces": line.surfaces,
        "quantity": line.quantity,
        "fee": line.fee_cents,
        "reason": line.reason,
    }
    return {
        "plan": plan,
        "line": line,
        "form": LineForm(initial=start),
        "version": plan.version,
        "tariff": format_euros(line.tariff_cents) if line.tariff_cents is not None else "",
    }


def session_form(patient: "Patient", plan_id: UUID, session_id: UUID) -> dict[str, Any] | None:
    """Return what the form of a session shows; None when the plan has no such session."""
    plan = queries.plan_shown(patient.id, plan_id)
    found = next((one for one in plan.sessions if one.id == session_id), None) if plan else None
    if plan is None or found is None:
        return None
    start = {
        "phase": found.phase,
        "title": found.title,
        "minutes": found.chosen_minutes,
        "chair": str(found.chair_id or ""),
        "laboratory_days": found.gap.laboratory_days,
        "healing_days": found.gap.healing_days,
    }
    form = SessionForm(initial=start, practice_id=patient.practice_id)
    return {"plan": plan, "session": found, "form": form, "phase_names": PHASES}


def suggestions(patient: "Patient", plan_id: UUID, text: str) -> dict[str, Any]:
    """Return the acts that the typed line may mean, or why none is proposed."""
    found: list[queries.Choice] = []
    refused = ""
    try:
        found = queries.choices(patient.practice_id, text, timezone.localdate())
    except Refusal as refusal:
        refused = str(refusal)
    return {
        "patient": patient,
        "found": found,
        "refused": refused,
        "typed": text,
        "plan_id": plan_id,
    }


def booking_form(patient: "Patient", plan_id: UUID, asked: Mapping[str, Any]) -> BookingForm:
    """Return the slots that were chosen on the page."""
    plan = queries.plan_shown(patient.id, plan_id)
    assert plan is not None
    sessions = [session.id for session in plan.sessions if session.is_to_book]
    return BookingForm(asked, sessions, plan.practitioner_id)


def booking_page(patient: "Patient", plan_id: UUID, form: BookingForm) -> dict[str, Any]:
    """Return slots for each session, after those that were chosen before it."""
    plan = queries.plan_shown(patient.id, plan_id)
    assert plan is not None
    chosen = form.chosen
    found = queries.proposals(patient.practice_id, plan, chosen=chosen)
    chairs = {one.id: one.name for one in agenda.chairs(patient.practice_id)}
    return {
        "plan": plan,
        "proposals": [
            {
                "session": one.session,
                "is_left_out": one.session.id in form.left_out,
                "slots": [
                    {
                        "key": f"{slot.starts_at.isoformat()} {slot.chair_id or ''}".strip(),
                        "slot": slot,
                        "chair": chairs.get(slot.chair_id, "") if slot.chair_id else "",
                        "checked": _is_checked(form, one, slot),
                    }
                    for slot in one.slots
                ],
            }
            for one in found
        ],
    }


def _is_checked(form: BookingForm, one: queries.Proposal, slot: agenda.FreeSlot) -> bool:
    wanted = form.chosen.get(one.session.id)
    starts = [it.starts_at for it in one.slots]
    if one.session.id in form.left_out:
        return False
    return slot.starts_at == (wanted if wanted in starts else starts[0])
