"""Pages of the agenda: for now, the appointments of one patient."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from quenotte.base.people.access import actor_of, requires
from quenotte.care.agenda import queries
from quenotte.care.patients.access import opened_patient

_LONGEST_LIST = 200


@requires("agenda.read")
@require_GET
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """List every appointment of a patient, to come and past."""
    patient = opened_patient(actor_of(request), patient_id, action="agenda.read")
    now = timezone.now()
    context = {
        "patient": patient,
        "coming": queries.next_visits(patient.id, now, _LONGEST_LIST),
        "past": queries.past_visits(patient.id, now, _LONGEST_LIST),
    }
    return render(request, "care/agenda/of_patient.html", context)
