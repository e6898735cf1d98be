"""The photo of a patient."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quenotte.base.files.operations import open_blob
from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import operations
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.seen import (
    PhotoForm,
    SeenPhotoForm,
)
from quenotte.kernel.errors import Refusal
from quenotte.web.freshness import unless_known


@requires("patients.read")
@require_GET
def photo(request: HttpRequest, patient_id: UUID) -> HttpResponseBase:
    """Send the face of a patient."""
    patient = opened_patient(actor_of(request), patient_id)
    face = patient.photo
    if face is None:
        raise Http404

    def drawn() -> HttpResponse:
        with open_blob(face) as stream:
            return HttpResponse(stream.read(), content_type="image/jpeg")

    return unless_known(request, face.sha256, drawn)


@requires("patients.write")
@require_POST
def change_photo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Keep a new face."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        _try(
            request,
            _("La photo est enregistrée."),
            operations.set_photo,
            patient_id=patient.id,
            seen=form.cleaned_data["seen"],
            content=form.cleaned_data["photo"].read(),
        )
    else:
        messages.error(request, " ".join(str(e) for es in form.errors.values() for e in es))
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.write")
@require_POST
def remove_photo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show no face any more."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = SeenPhotoForm(request.POST)
    if form.is_valid():
        _try(
            request,
            _("La photo est retirée."),
            operations.remove_photo,
            patient_id=patient.id,
            seen=form.cleaned_data["seen"],
        )
    return redirect("patients:identity", patient_id=patient.id)


def _try(request: HttpRequest, done: str, operation: Any, **arguments: Any) -> None:
    """Run an operation and say in one sentence how it went."""
    try:
        operation(actor=actor_of(request), **arguments)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
