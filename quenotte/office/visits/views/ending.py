"""The end of a visit in one step, and the next appointment in one more."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans import operations as plans
from quenotte.office.visits import access, operations, panels
from quenotte.office.visits.views.answering import seen


@requires("visits.write")
@require_POST
def end(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Sign the note, close the visit, move its appointment on; then propose the next one."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    if visit.closed_at is not None:
        # Sent twice: what was asked has happened.
        return redirect("visits:visit", patient.id, visit.id)
    text = request.POST.get("text", "")
    try:
        ended = operations.end_visit(
            actor=actor,
            patient_id=patient.id,
            visit_id=visit.id,
            text=text,
            seen=seen(request),
            anyway=request.POST.get("quand-meme") == "1",
        )
    except Refusal as refusal:
        page = panels.visit_page(request, patient, visit, typed=text, refusal=refusal)
        context = {**frame_of(patient), **page}
        return render(request, "office/visits/visit.html", context, status=422)
    messages.success(request, _words(ended))
    return redirect("visits:visit", patient.id, visit.id)


@requires("visits.sign")
@require_POST
def sign(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Sign the note of a visit that was closed before anybody signed."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.sign")
    if visit.note_id is not None:
        # Sent twice: what was asked has happened.
        return redirect("visits:visit", patient.id, visit.id)
    text = request.POST.get("text", "")
    try:
        operations.sign_note(
            actor=actor,
            patient_id=patient.id,
            visit_id=visit.id,
            text=text,
            seen=seen(request),
            anyway=request.POST.get("quand-meme") == "1",
        )
    except Refusal as refusal:
        page = panels.ended_page(patient, visit, typed=text, refusal=refusal)
        context = {**frame_of(patient), **page}
        return render(request, "office/visits/ended.html", context, status=422)
    messages.success(request, _("La note est signée."))
    return redirect("visits:visit", patient.id, visit.id)


@requires("visits.write")
@require_POST
def book_next(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Book the next session of the plan at the slot that was chosen."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    plan_id = uuid_of(request.POST.get("plan", ""))
    wish = panels.wish_of(patient, request.POST)
    if plan_id is None or wish is None:
        messages.warning(request, _("Aucun créneau choisi : rien n’a été réservé."))
        return redirect("visits:visit", patient.id, visit.id)
    try:
        plans.book_session(actor=actor, patient_id=patient.id, plan_id=plan_id, wish=wish)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("visits:visit", patient.id, visit.id)
    when = date_format(timezone.localtime(wish.starts_at), "l j F Y, G \\h i")
    messages.success(request, _("Le prochain rendez-vous est réservé : %(when)s.") % {"when": when})
    # The page that follows does not hold out the next slot to the same Enter.
    page = reverse("visits:visit", args=[patient.id, visit.id])
    return redirect(f"{page}?reserve={wish.session_id}")


def _words(ended: operations.Ended) -> str:
    first = _("Séance terminée, note signée.") if ended.is_signed else _("Séance terminée.")
    if not ended.appointment_done:
        return first
    return first + " " + _("Le rendez-vous est noté comme terminé.")
