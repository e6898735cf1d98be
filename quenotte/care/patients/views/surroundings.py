"""What stands around an identity: the alerts of the banner, and those who count."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import operations, queries, rules
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.conflicts import AlertNotedOtherwise
from quenotte.care.patients.forms import AlertForm, RelativeForm
from quenotte.care.patients.models import Patient
from quenotte.web.fragments import wants_fragment


@requires("patients.medical")
@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the alerts and the place where one is added."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.medical")
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_alert(
                actor=actor_of(request), patient_id=patient.id, **form.cleaned_data
            )
        except AlertNotedOtherwise as refusal:
            return _alerts_page(request, patient, form.replacing(refusal), status=409)
        if not wants_fragment(request):
            return redirect("patients:record", patient_id=patient.id)
        form = AlertForm()
    return _alerts_page(request, patient, form)


@requires("patients.medical")
@require_POST
def end_alert(request: HttpRequest, patient_id: UUID, alert_id: UUID) -> HttpResponse:
    """Take an alert off the banner; the record keeps its trace."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.medical")
    if queries.has_alert(patient.id, alert_id):
        operations.end_alert(actor=actor_of(request), patient_id=patient.id, alert_id=alert_id)
    if not wants_fragment(request):
        return redirect("patients:record", patient_id=patient.id)
    return _alerts_page(request, patient, AlertForm())


@requires("patients.write")
@require_http_methods(["GET", "POST"])
def relatives(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show those who count for the patient, and add one."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = RelativeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.add_related_person(
            actor=actor_of(request), patient_id=patient.id, values=form.cleaned_data
        )
        if not wants_fragment(request):
            return redirect("patients:identity", patient_id=patient.id)
        form = RelativeForm()
    return _relatives_page(request, patient, form)


@requires("patients.write")
@require_POST
def end_relative(request: HttpRequest, patient_id: UUID, related_id: UUID) -> HttpResponse:
    """Say that a relative no longer counts."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    if queries.has_relative(patient.id, related_id):
        operations.end_related_person(
            actor=actor_of(request), patient_id=patient.id, related_id=related_id
        )
    if not wants_fragment(request):
        return redirect("patients:identity", patient_id=patient.id)
    return _relatives_page(request, patient, RelativeForm())


def _alerts_page(
    request: HttpRequest, patient: Patient, form: AlertForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "patient": patient,
        "form": form,
        "alerts": queries.alerts_of(patient.id),
        "known": rules.ALERTS,
    }
    name = "_alerts" if wants_fragment(request) else "alerts"
    if status == 200 and form.errors:
        status = 422
    return render(request, f"care/patients/{name}.html", context, status=status)


def _relatives_page(request: HttpRequest, patient: Patient, form: RelativeForm) -> HttpResponse:
    context = {
        "patient": patient,
        "relative_form": form,
        "relatives": queries.relatives_of(patient.id),
    }
    name = "_relatives" if wants_fragment(request) else "relatives"
    status = 422 if form.errors else 200
    return render(request, f"care/patients/{name}.html", context, status=status)
