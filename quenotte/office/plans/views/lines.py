"""The acts of a plan: looked for as one types, added, changed, answered, moved, taken out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans import access, operations, panels, queries
from quenotte.office.plans.forms import LineForm
from quenotte.office.plans.views.answering import plan_done, seen, step
from quenotte.web.addresses import key_of
from quenotte.web.fragments import wants_fragment


@requires("plans.write")
@require_safe
def search(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Propose the acts that the typed line may mean."""
    patient, _plan = access.plan_for(actor_of(request), patient_id, plan_id, action="plans.write")
    context = panels.suggestions(patient, plan_id, request.GET.get("q", ""))
    if wants_fragment(request):
        return render(request, "office/plans/_found.html", context)
    page = panels.plan_page(request, patient, plan_id)
    return render(request, "office/plans/plan.html", {**frame_of(patient), **page, **context})


@requires("plans.write")
@require_POST
def add(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Add the acts chosen, or the first that the typed line means."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")

    def work() -> None:
        found = queries.chosen_lines(
            patient.practice_id,
            request.POST.get("actes", ""),
            request.POST.get("q", ""),
            timezone.localdate(),
        )
        if not found:
            raise operations.UnknownAct
        operations.add_lines(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            lines=found,
            session_id=uuid_of(request.POST.get("seance", "")),
            key=key_of(request),
        )

    return plan_done(
        request, patient, plan_id, work, tell="lineAdded", beside=lambda: panels.next_key(request)
    )


@requires("plans.write")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, patient_id: UUID, plan_id: UUID, line_id: UUID) -> HttpResponse:
    """Show what may be changed of an act; save it."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    context = panels.line_form(patient, plan_id, line_id)
    if context is None:
        raise Http404
    if request.method == "POST":
        form = LineForm(request.POST)
        context = {**context, "form": form, "version": seen(request)}
        if form.is_valid():
            return _saved(request, patient_id, plan_id, line_id, form)
    template = "_line_form.html" if wants_fragment(request) else "line.html"
    status = 422 if request.method == "POST" else 200
    context = {**frame_of(patient), **context}
    return render(request, f"office/plans/{template}", context, status=status)


@requires("plans.write")
@require_POST
def answer(request: HttpRequest, patient_id: UUID, plan_id: UUID, line_id: UUID) -> HttpResponse:
    """Note that the patient accepts an act, or refuses it and why."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.answer_line(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            line_id=line_id,
            status=request.POST.get("reponse", ""),
            reason=request.POST.get("raison", "")[:200],
            shown=request.POST.get("vu", ""),
        ),
    )


@requires("plans.write")
@require_POST
def move(request: HttpRequest, patient_id: UUID, plan_id: UUID, line_id: UUID) -> HttpResponse:
    """Move an act by one place, or to a place of a session."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    place = request.POST.get("position", "")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.move_line(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            line_id=line_id,
            seen=seen(request),
            step=step(request),
            session_id=uuid_of(request.POST.get("seance", "")),
            position=int(place) if place.isdecimal() and len(place) < 4 else 0,
        ),
    )


@requires("plans.write")
@require_POST
def remove(request: HttpRequest, patient_id: UUID, plan_id: UUID, line_id: UUID) -> HttpResponse:
    """Take an act out; the toast puts it back."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.remove_line(
            actor=actor, patient_id=patient.id, plan_id=plan_id, line_id=line_id
        ),
        text=_("L’acte est retiré du plan."),
        undo=reverse("plans:restore", args=[patient.id, plan_id, line_id]),
    )


@requires("plans.write")
@require_POST
def restore(request: HttpRequest, patient_id: UUID, plan_id: UUID, line_id: UUID) -> HttpResponse:
    """Put back an act that was taken out."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.restore_line(
            actor=actor, patient_id=patient.id, plan_id=plan_id, line_id=line_id
        ),
        text=_("L’acte est de nouveau dans le plan."),
    )


def _saved(
    request: HttpRequest, patient_id: UUID, plan_id: UUID, line_id: UUID, form: LineForm
) -> HttpResponse:
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    was = (panels.line_form(patient, plan_id, line_id) or {}).get("line")
    try:
        line = operations.change_line(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            line_id=line_id,
            values=form.values,
            seen=seen(request),
        )
    except Refusal as refusal:
        # What was typed stays in the form, under what the plan says now.
        form.add_error(None, str(refusal))
        version = getattr(queries.plan_shown(patient.id, plan_id), "version", 0)
        found = panels.line_form(patient, plan_id, line_id) or {}
        context = {**frame_of(patient), **found, "form": form, "version": version}
        template = "_line_form.html" if wants_fragment(request) else "line.html"
        answer = render(request, f"office/plans/{template}", context, status=422)
        answer["HX-Retarget"] = f"#ligne-{line_id}"
        return answer
    text = _("L’acte est enregistré.")
    if was is not None and (was.status, line.status) == ("accepted", "planned"):
        text = _(
            "L’acte est enregistré. Le patient l’avait accepté tel qu’il était : il est de nouveau "
            "à accepter."
        )
    return plan_done(request, patient, plan_id, lambda: None, text=text)
