"""The page of an emergency access: why, then one record for an hour."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quenotte.base.keyboard.operations import break_glass
from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.access import opened_patient
from quenotte.kernel.errors import Refusal

_REASONS = (
    ("urgence", gettext_lazy("Urgence d’un patient")),
    ("garde", gettext_lazy("Garde ou remplacement")),
    ("administratif", gettext_lazy("Travail administratif")),
    ("autre", gettext_lazy("Autre raison")),
)


class GlassForm(forms.Form):
    """Why this record, now."""

    reason = forms.ChoiceField(label=gettext_lazy("Raison"), choices=_REASONS)
    words = forms.CharField(
        label=gettext_lazy("En quelques mots"),
        min_length=5,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Le gestionnaire les lira."),
    )


@requires("patients.break_glass")
@require_http_methods(["GET", "HEAD", "POST"])
def open_in_emergency(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask why, then open the notes, the teeth and the pictures of one record for an hour."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="patients.break_glass")
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            break_glass(actor=actor, patient_id=patient.id, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Le dossier est ouvert une heure, en lecture."))
            return redirect("patients:record", patient_id=patient.id)
    context = {"form": form, "patient": patient}
    status = 422 if form.errors else 200
    return render(request, "care/patients/glass.html", context, status=status)
