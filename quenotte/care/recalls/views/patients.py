"""The recalls of one patient, and what was agreed with her."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.recalls import operations, panels, queries
from quenotte.care.recalls.forms import AgreeForm, AskForm
from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment


@requires("recalls.use")
@require_http_methods(["GET", "HEAD", "POST"])
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the recalls of a patient; put her on the list by hand."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id)
    context = panels.patient_context(request, patient)
    if wants_fragment(request) and request.method != "POST":
        return render(request, "care/recalls/_of_patient.html", context)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_back(actor=actor, patient_id=patient.id, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est noté : ce patient sera dans la liste à cette date."))
            return redirect("recalls:of_patient", patient_id=patient.id)
    if form.is_bound:
        context["form"] = form
    context |= patients.frame_of(patient)
    return render(request, "care/recalls/patient.html", context, status=422 if form.errors else 200)


@requires("recalls.use")
@require_POST
def agree(request: HttpRequest, patient_id: UUID, rule_id: UUID) -> HttpResponse:
    """Keep what was agreed with a patient under a rule."""
    actor, form = actor_of(request), AgreeForm(request.POST)
    patient = opened_patient(actor, patient_id)
    if not queries.rules_of(patient.practice_id).filter(id=rule_id).exists():
        raise Http404
    if form.is_valid():
        operations.agree(actor=actor, patient_id=patient.id, rule_id=rule_id, **form.cleaned_data)
        messages.success(request, _("L’intervalle de ce patient est enregistré."))
    else:
        messages.warning(request, str(form.errors["months"][0]))
    return redirect("recalls:of_patient", patient_id=patient.id)
