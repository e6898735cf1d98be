"""Pages of a record: translation between HTTP and the operations."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import operations, panels, queries
from quenotte.care.patients.access import opened_patient, patient_at, patient_for
from quenotte.care.patients.models import Patient
from quenotte.web import timeline
from quenotte.web.addresses import instant_of
from quenotte.web.fragments import wants_fragment
from quenotte.web.links import link_to

#: Results of a search; more means that another word must be typed.
_RESULTS = 20
_RECENT = 12
_TIMELINE = 12


@requires("patients.search")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the records that this person opened last."""
    context = {"recent": queries.recent(actor_of(request), _RECENT)}
    return render(request, "care/patients/home.html", context)


@requires("patients.search")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer what is being typed: suggestions, or a page without script."""
    text = request.GET.get("q", "")[:100]
    found = operations.search(actor=actor_of(request), text=text, limit=_RESULTS)
    context: dict[str, Any] = {"found": found, "text": text.strip()}
    if wants_fragment(request):
        context["lines"] = panels.result_lines(found)
        return render(request, "care/patients/_results.html", context)
    return render(request, "care/patients/search.html", context)


@requires("patients.read")
@require_GET
def record(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the whole record: one request, one line of the journal."""
    actor = actor_of(request)
    patient = patient_at(actor, patient_id, purpose="record")
    if patient.id != patient_id:
        return redirect("patients:record", patient_id=patient.id)
    entries = timeline.entries_for(request, patient, _TIMELINE + 1)
    context = {**queries.frame_of(patient), "entries": entries}
    _cut(context, patient)
    return render(request, "care/patients/record.html", context)


@requires("patients.read")
@require_GET
def banner(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draw the banner again, when something of this patient changed."""
    patient = opened_patient(actor_of(request), patient_id)
    context = queries.frame_of(patient)
    if wants_fragment(request):
        return render(request, "care/patients/_banner.html", context)
    return redirect("patients:record", patient_id=patient.id)


@requires("patients.read")
@require_GET
def history(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the entries of the timeline that are older than ``?avant=``."""
    patient = opened_patient(actor_of(request), patient_id)
    before = instant_of(request, "avant")
    context: dict[str, Any] = {
        "patient": patient,
        "entries": timeline.entries_for(request, patient, _TIMELINE + 1, before),
    }
    _cut(context, patient)
    name = "_history" if wants_fragment(request) else "history"
    return render(request, f"care/patients/{name}.html", context)


@requires("patients.read")
@require_GET
def print_summary(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the sheet that is printed."""
    patient = patient_for(actor_of(request), patient_id, purpose="print")
    context = {
        "patient": patient,
        "summary": queries.summary_of(patient),
        "relatives": queries.relatives_of(patient.id),
    }
    return render(request, "care/patients/print.html", context)


def _cut(context: dict[str, Any], patient: Patient) -> None:
    """Keep one page of the timeline, and the address of the next one when there is one."""
    entries = context["entries"]
    context["entries"] = entries[:_TIMELINE]
    context["more"] = ""
    if len(entries) > _TIMELINE:
        last = entries[_TIMELINE - 1].at.isoformat().replace("+", "%2B")
        context["more"] = f"{link_to('patients:history', patient.id)}?avant={last}"
