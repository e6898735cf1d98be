"""The sessions of a plan: added, described, moved, taken out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.office.plans import access, operations, panels
from quenotte.office.plans.forms import SessionForm
from quenotte.office.plans.views.answering import plan_done, seen, step
from quenotte.web.fragments import wants_fragment


@requires("plans.write")
@require_POST
def add(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Add a session at the end."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.add_session(actor=actor, patient_id=patient.id, plan_id=plan_id),
    )


@requires("plans.write")
@require_http_methods(["GET", "HEAD", "POST"])
def session(
    request: HttpRequest, patient_id: UUID, plan_id: UUID, session_id: UUID
) -> HttpResponse:
    """Show how long a session lasts and what must pass after it; save it."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    context = panels.session_form(patient, plan_id, session_id)
    if context is None:
        raise Http404
    status = 200
    if request.method == "POST":
        form = SessionForm(request.POST, practice_id=patient.practice_id)
        if form.is_valid():
            return plan_done(
                request,
                patient,
                plan_id,
                lambda: operations.change_session(
                    actor=actor,
                    patient_id=patient.id,
                    plan_id=plan_id,
                    session_id=session_id,
                    values=form.values,
                    seen=seen(request),
                ),
                text=_("La séance est enregistrée."),
            )
        context, status = {**context, "form": form}, 422
    template = "_session_form.html" if wants_fragment(request) else "session.html"
    answer = render(
        request, f"office/plans/{template}", {**frame_of(patient), **context}, status=status
    )
    if status == 422:
        answer["HX-Retarget"] = f"#seance-{session_id}"
    return answer


@requires("plans.write")
@require_POST
def move(request: HttpRequest, patient_id: UUID, plan_id: UUID, session_id: UUID) -> HttpResponse:
    """Move a session up or down."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.move_session(
            actor=actor,
            patient_id=patient.id,
            plan_id=plan_id,
            session_id=session_id,
            step=step(request),
            seen=seen(request),
        ),
    )


@requires("plans.write")
@require_POST
def remove(request: HttpRequest, patient_id: UUID, plan_id: UUID, session_id: UUID) -> HttpResponse:
    """Take an empty session out; the toast puts it back."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.remove_session(
            actor=actor, patient_id=patient.id, plan_id=plan_id, session_id=session_id
        ),
        text=_("La séance est retirée du plan."),
        undo=reverse("plans:restore_session", args=[patient.id, plan_id, session_id]),
    )


@requires("plans.write")
@require_POST
def restore(
    request: HttpRequest, patient_id: UUID, plan_id: UUID, session_id: UUID
) -> HttpResponse:
    """Put back a session that was taken out."""
    actor = actor_of(request)
    patient, _plan = access.plan_for(actor, patient_id, plan_id, action="plans.write")
    return plan_done(
        request,
        patient,
        plan_id,
        lambda: operations.restore_session(
            actor=actor, patient_id=patient.id, plan_id=plan_id, session_id=session_id
        ),
    )
