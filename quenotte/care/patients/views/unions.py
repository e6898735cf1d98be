"""Pages that unite two records of one person, and part them again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import duplicates, merging, operations, queries
from quenotte.care.patients.access import patient_for
from quenotte.care.patients.models import Patient
from quenotte.care.patients.views.comparing import UnionForm
from quenotte.kernel.errors import Refusal

_RESULTS = 12
_MERGE = "patients.merge"


@requires(_MERGE)
@require_GET
def choose(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the records that may be the same person's, and a search for others."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id, purpose="merge", action=_MERGE)
    text = request.GET.get("q", "")[:100]
    found = operations.search(actor=actor, text=text, limit=_RESULTS)
    context = {
        "patient": patient,
        "text": text.strip(),
        "unions": queries.unions_of(patient.id),
        "found": [one for one in found if one.id != patient.id],
        "alike": duplicates.look(
            actor=actor, wanted=duplicates.traits_of_patient(patient), but=patient.id
        ),
    }
    return render(request, "care/patients/merge_choose.html", context)


@requires(_MERGE)
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Compare two records side by side; unite them when the person confirms."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id, purpose="merge", action=_MERGE)
    other = patient_for(actor, other_id, purpose="merge", action=_MERGE)
    if patient.id == other.id:
        messages.info(request, _("Ces deux dossiers n’en font déjà qu’un."))
        return redirect("patients:record", patient_id=patient.id)
    form = _form(patient, other, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            merging.merge_patients(
                actor=actor,
                survivor_id=patient.id,
                absorbed_id=other.id,
                taken=form.taken,
                versions=form.cleaned_data["versions"],
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("patients:merge", patient_id=patient.id, other_id=other.id)
        messages.success(request, _("Les deux dossiers n’en font plus qu’un."))
        return redirect("patients:record", patient_id=patient.id)
    context = {
        "patient": patient,
        "other": other,
        "form": form,
        "belongings": queries.belongings_of(other.id),
        "are_unlike": duplicates.are_unlike(patient, other),
        "are_two_people": merging.are_two_people(patient, other),
    }
    return render(request, "care/patients/merge.html", context)


@requires(_MERGE)
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Say what goes back where, and part the two records when the person confirms."""
    actor = actor_of(request)
    merge = queries.union(actor.own_practice_id, merge_id)
    if merge is None:
        raise Http404
    patient = patient_for(actor, merge.survivor_id, purpose="merge", action=_MERGE)
    if request.method == "GET":
        context = {"merge": merge, "patient": patient, "moved": queries.moved_by(merge)}
        return render(request, "care/patients/merge_undo.html", context)
    try:
        merging.undo_merge(actor=actor, merge_id=merge.id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("patients:record", patient_id=patient.id)
    words = _("Les deux dossiers sont de nouveau séparés. Ce qui a été ajouté depuis reste ici.")
    messages.success(request, words)
    return redirect("patients:record", patient_id=patient.id)


def _form(patient: Patient, other: Patient, data: Any) -> UnionForm:
    versions = f"{patient.version},{other.version}"
    own, others = merging.facts_of(patient), merging.facts_of(other)
    return UnionForm(own, others, data, initial={"versions": versions})
