"""One appointment, in a panel beside the grid."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.agenda import access, queries
from quenotte.care.agenda.forms.appointments import CancelForm, DetailsForm
from quenotte.care.agenda.forms.searches import WaitingForm
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.web.fragments import wants_fragment


@requires("agenda.read")
@require_GET
def detail(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Show an appointment, its patient, what may be done and what happened to it."""
    appointment = access.open_appointment(actor_of(request), appointment_id)
    context = _context(request, appointment)
    name = "_appointment" if wants_fragment(request) else "appointment"
    return render(request, f"care/agenda/{name}.html", context)


@requires("agenda.read")
@require_GET
def facts(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Draw again what a colleague may have changed; what is being typed stays."""
    appointment = access.open_appointment(actor_of(request), appointment_id)
    name = "_facts" if wants_fragment(request) else "appointment"
    return render(request, f"care/agenda/{name}.html", _context(request, appointment))


def _context(request: HttpRequest, appointment: Appointment) -> dict[str, Any]:
    actor = actor_of(request)
    detail = queries.detail(appointment.practice_id, appointment.id, now=timezone.now())
    if detail is None:
        raise Http404
    context: dict[str, Any] = {
        "one": detail,
        "appointment": detail.appointment,
        "patient": detail.appointment.patient,
        "history": queries.history(appointment.id, appointment.patient_id),
    }
    if may(actor.roles, "patients.read"):
        opened_patient(actor, appointment.patient_id)
        context["alerts"] = patients.alerts_of(appointment.patient_id)
    if may(actor.roles, "agenda.write"):
        version = {"version": detail.appointment.version}
        context["details_form"] = DetailsForm.of(detail.appointment)
        context["waiting_form"] = WaitingForm(
            appointment.practice_id, auto_id=f"id_attente_%s_{appointment.id}"
        )
        context["cancel_form"] = CancelForm(initial=version, auto_id=f"id_%s_{appointment.id}")
    return context
