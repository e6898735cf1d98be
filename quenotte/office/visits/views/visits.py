"""A visit: opened once, shown as it is, its note kept as it is typed."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.dates import clock
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.visits import access, filling, operations, panels, queries
from quenotte.office.visits.models import Visit
from quenotte.office.visits.views.answering import seen
from quenotte.web import answers
from quenotte.web.fragments import wants_fragment
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Parts of the page of an ended visit that are drawn again, and their fragments.
_ENDED_PARTS: Final = {"fait": "done", "signature": "note"}


@requires("visits.read")
@require_safe
def visits(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the visits of a patient, latest first."""
    patient = opened_patient(actor_of(request), patient_id, action="visits.read")
    context = {**frame_of(patient), "visits": queries.visits_of(patient.id)}
    return render(request, "office/visits/visits.html", context)


@requires("visits.read")
@require_safe
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draw on the record the visit that goes on, or what opens it."""
    patient = opened_patient(actor_of(request), patient_id, action="visits.read")
    if not wants_fragment(request):
        return redirect("visits:visits", patient.id)
    # Asked once, as the page comes: what is typed there meanwhile is left alone.
    note = panels.note_beside(request, patient) if request.GET.get("note") else ""
    return HttpResponse(panels.card_body(request, patient) + note)


@requires("visits.write")
@require_POST
def open_visit(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Open the visit of a patient; the one that goes on when there is one."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="visits.write")
    asked = uuid_of(request.POST.get("rendez-vous", ""))
    appointment_id = asked or queries.in_chair(patient.practice_id, patient.id)
    due = None if appointment_id else queries.due_now(patient.practice_id, patient.id)
    try:
        found = operations.open_visit(
            actor=actor, patient_id=patient.id, appointment_id=due.id if due else appointment_id
        )
    except Refusal as refusal:
        # The card is left as it is: drawn again, it would ask the same at once.
        return answers.refused(request, refusal, back=link_to("patients:record", patient.id))
    if wants_fragment(request):
        body = panels.card_body(request, patient) + panels.note_beside(request, patient)
        return HttpResponse(body)
    if due and found.appointment_id == due.id:
        words = _(
            "Le rendez-vous de %(time)s est passé « au fauteuil » ; s’il s’agit d’autre chose, "
            "annulez cette étape dans l’agenda."
        )
        messages.success(request, words % {"time": clock(timezone.localtime(due.starts_at))})
    return redirect("visits:visit", patient.id, found.id)


@requires("visits.read")
@require_safe
def visit(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Show a visit: while it goes on, where one works; once ended, what was done."""
    patient, found = access.visit_for(actor_of(request), patient_id, visit_id, action="visits.read")
    if found.closed_at is not None:
        return _ended(request, patient, found)
    if wants_fragment(request):
        part = request.GET.get("partie")
        if part == "alertes":
            return HttpResponse(panels.cautions_again(request, patient, found.id))
        draw = panels.note_again if part == "note" else panels.work_again
        return HttpResponse(draw(request, patient, found.id))
    context = {**frame_of(patient), **panels.visit_page(request, patient, found)}
    return render(request, "office/visits/visit.html", context)


def _ended(request: HttpRequest, patient: "Patient", found: Visit) -> HttpResponse:
    """Show an ended visit, or a part of it; a page on which it still goes on is told."""
    part = request.GET.get("partie", "")
    if not wants_fragment(request):
        booked_id = uuid_of(request.GET.get("reserve", ""))
        page = panels.ended_page(patient, found, booked_id=booked_id)
        context = {**frame_of(patient), **page}
        return render(request, "office/visits/ended.html", context)
    if part in _ENDED_PARTS:
        return HttpResponse(panels.ended_part(request, patient, found, _ENDED_PARTS[part]))
    if part:
        return HttpResponse(status=204)
    context = {"patient": patient, "visit": found}
    return render(request, "office/visits/_ended_elsewhere.html", context)


@requires("visits.write")
@require_POST
def save_note(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Keep the note as it is typed; the header tells the version that the next one names."""
    actor = actor_of(request)
    patient, found = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    try:
        version = operations.save_note(
            actor=actor,
            patient_id=patient.id,
            visit_id=found.id,
            text=request.POST.get("text", ""),
            seen=seen(request),
        )
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    answer = HttpResponse(status=204)
    answer["X-Draft-Version"] = str(version)
    return answer


@requires("visits.write")
@require_POST
def use_template(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Add a template to the note, its places filled as far as the visit knows."""
    actor = actor_of(request)
    patient, found = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    text, error = request.POST.get("text", ""), ""
    # The template, then the act that was chosen for it.
    template_id, act_id = map(uuid_of, f"{request.POST.get('modele', '')} ".split(" ")[:2])
    asking: filling.Asking | None = None
    where: dict[str, Any] = {"actor": actor, "patient_id": patient.id, "visit_id": found.id}
    where |= {"text": text, "seen": seen(request)}
    try:
        template = panels.template_meant(patient, template_id)
        acts = panels.acts_meant(found, template, act_id)
        if len(acts) > 1:
            operations.save_note(**where)
            asking = filling.Asking(template, acts)
        else:
            places = filling.known_places(queries.shown(found), acts)
            operations.use_template(**where, template_id=template.id, known=places)
    except Refusal as refusal:
        error = str(refusal)
    if not wants_fragment(request):
        asked = f"?modele={asking.template.id}" if asking else ""
        return redirect(link_to("visits:visit", patient.id, found.id) + asked)
    left = text if error else ""
    body = panels.note_again(request, patient, found.id, typed=left, error=error, asking=asking)
    return HttpResponse(body, status=409 if error else 200)


@requires("visits.read")
@require_safe
def open_here(request: HttpRequest) -> HttpResponse:
    """Draw again the visits that are open in the practice."""
    if not wants_fragment(request):
        return redirect("home")
    return HttpResponse(panels.open_here(request))
