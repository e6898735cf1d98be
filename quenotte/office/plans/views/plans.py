"""The plans of a record: shown, compared, begun, chosen, accepted, printed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.queries import frame_of, summary_of
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans import access, operations, panels, queries
from quenotte.office.plans.forms import TitleForm
from quenotte.office.plans.models import TreatmentPlan
from quenotte.office.plans.views.answering import plan_done, seen
from quenotte.web.addresses import key_of
from quenotte.web.fragments import wants_fragment


@requires("plans.see")
@require_safe
def plans(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the plan that counts; to the desk, the sessions that are to be booked."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="plans.see")
    if not access.reads_acts(actor, patient.id):
        context = panels.sessions_page(request, patient)
        return render(request, "office/plans/sessions.html", {**frame_of(patient), **context})
    shown = queries.current_plan(queries.plans_of(patient.id))
    if shown is None:
        return render(request, "office/plans/none.html", frame_of(patient))
    context = panels.plan_page(request, patient, shown.id)
    return render(request, "office/plans/plan.html", {**frame_of(patient), **context})


@requires("plans.read")
@require_safe
def plan(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show one plan, or the part of its page that changes."""
    patient, _plan = access.plan_for(actor_of(request), patient_id, plan_id, action="plans.read")
    if wants_fragment(request):
        body = panels.plan_again(request, patient, plan_id)
        return HttpResponse(body + panels.tabs_beside(request, patient, plan_id))
    context = panels.plan_page(request, patient, plan_id)
    return render(request, "office/plans/plan.html", {**frame_of(patient), **context})


@requires("plans.see")
@require_safe
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draw the plans in short, on the record."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="plans.see")
    if not wants_fragment(request):
        return redirect("plans:plans", patient.id)
    return HttpResponse(panels.card_body(request, patient))


@requires("plans.read")
@require_safe
def compare(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the plans side by side."""
    patient = opened_patient(actor_of(request), patient_id, action="plans.read")
    context = {**frame_of(patient), **panels.comparison(patient)}
    return render(request, "office/plans/compare.html", context)


@requires("plans.write")
@require_POST
def start(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Begin a plan, empty or as a copy of another one."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="plans.write")
    model = uuid_of(request.POST.get("copie", ""))
    if model is not None:
        access.plan_for(actor, patient.id, model, action="plans.write")
    made = operations.start(actor=actor, patient_id=patient.id, copy_of=model, key=key_of(request))
    return redirect("plans:plan", patient.id, made.id)


@requires("plans.write")
@require_POST
def change(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Change the title, or who carries the plan out."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    form = TitleForm(request.POST, practice_id=patient.practice_id)
    if not form.is_valid():
        page = panels.plan_page(request, patient, plan_id, title_form=form)
        context = {**frame_of(patient), **page}
        return render(request, "office/plans/plan.html", context, status=422)
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.change_plan(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            values=form.values,
            seen=seen(request),
        ),
        text=_("Le plan est enregistré."),
    )


@requires("plans.write")
@require_POST
def set_status(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Propose a plan, accept it, refuse it, end it, open it again."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    status = request.POST.get("etat", "")
    words = {one.value: str(one.label) for one in TreatmentPlan.Status}
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.set_status(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            status=status,
            reason=request.POST.get("raison", "")[:200],
            seen=seen(request),
        ),
        text=_("Plan : %(status)s.") % {"status": words.get(status, "").lower()},
    )


@requires("plans.write")
@require_POST
def choose(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Let the mouth show this plan."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.choose(actor=actor, patient_id=patient.id, plan_id=plan_id),
        text=_("Ce plan est retenu : c’est lui que le schéma dentaire montre."),
    )


@requires("plans.read")
@require_safe
def print_plan(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show a plan for paper, with ``?montants=1`` its amounts."""
    actor = actor_of(request)
    patient, found = access.printed_plan(actor, patient_id, plan_id)
    context = {
        "patient": patient,
        "summary": summary_of(patient),
        "plan": queries.plan_shown(patient.id, found.id),
        "with_amounts": request.GET.get("montants") == "1",
    }
    return render(request, "office/plans/print.html", context)
