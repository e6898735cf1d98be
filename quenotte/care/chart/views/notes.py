"""Pages of the notes."""

import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.chart import operations, panels, queries
from quenotte.care.chart.forms import NoteForm
from quenotte.care.patients.access import opened_patient
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import instant_of, key_of
from quenotte.web.fragments import wants_fragment

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Notes on a page of their own, or added by « Notes plus anciennes ».
_NOTES_PER_PAGE = 20


@requires("chart.read")
@require_GET
def notes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the notes of a patient, or those older than ``?avant=``."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.read")
    before = instant_of(request, "avant")
    is_redraw = wants_fragment(request) and before is None
    limit = queries.NOTES_SHOWN if is_redraw else _NOTES_PER_PAGE
    page = queries.notes_page(patient.id, limit, before)
    form = "" if wants_fragment(request) else panels.note_form(request, patient)
    context = {"patient": patient, "page": page, "form": form}
    template = "care/chart/_notes_list.html" if wants_fragment(request) else "care/chart/notes.html"
    return render(request, template, context)


@requires("chart.write")
@require_POST
def write(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Sign a new note."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    form = NoteForm(request.POST)
    if _signed(request, form, patient, None):
        return _after_signing(request, patient)
    page = queries.notes_page(patient.id, queries.NOTES_SHOWN)
    text, errors = form.data.get("text", ""), form.errors["text"]
    again = panels.note_form(request, patient, text, str(errors[0]))
    context = {"patient": patient, "page": page, "form": again}
    template = "care/chart/_notes.html" if wants_fragment(request) else "care/chart/notes.html"
    return render(request, template, context, status=422)


@requires("chart.write")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, patient_id: UUID, note_id: UUID) -> HttpResponse:
    """Write the note that takes the place of an older one; the old one stays readable."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    note = queries.note_of(patient.id, note_id)
    if note is None:
        raise Http404
    begun = queries.draft_of(actor_of(request), queries.correction_key(note.id))
    form = NoteForm(request.POST if request.method == "POST" else {"text": begun or note.text})
    if request.method == "POST" and _signed(request, form, patient, note.id):
        return _after_signing(request, patient)
    context = {"patient": patient, "note": note, "form": form}
    template = (
        "care/chart/_correction.html" if wants_fragment(request) else "care/chart/correction.html"
    )
    if request.method == "GET":
        return render(request, template, context)
    answer = render(request, template, context, status=422)
    # A refused correction comes back where it was typed, not over all the notes.
    answer["HX-Retarget"] = f"#correction-{note.id}"
    return answer


def _signed(
    request: HttpRequest, form: NoteForm, patient: "Patient", corrects_id: UUID | None
) -> bool:
    if not form.is_valid():
        return False
    try:
        operations.write_note(
            actor=actor_of(request),
            patient_id=patient.id,
            text=form.cleaned_data["text"],
            corrects_id=corrects_id,
            key=key_of(request),
        )
    except Refusal as refusal:
        form.add_error("text", str(refusal))
        return False
    return True


def _after_signing(request: HttpRequest, patient: "Patient") -> HttpResponse:
    if wants_fragment(request):
        page = queries.notes_page(patient.id, queries.NOTES_SHOWN)
        context = {"patient": patient, "page": page, "form": panels.note_form(request, patient)}
        response = render(request, "care/chart/_notes.html", context)
        toast = {"text": _("Note signée."), "level": "ok"}
        response["HX-Trigger"] = json.dumps({"toast": toast})
        return response
    return redirect(reverse("patients:record", args=[patient.id]) + "#notes")
