"""Implants and other devices in a record, and their passport."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.prosthetics import operations, panels, queries, rules
from quenotte.care.prosthetics.forms import OutForm, PlacedForm
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import key_of, number_of


@requires("trace.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new_placed(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write a device placed in a mouth; ``?code=`` is the UDI that was scanned.

    ``?lot=`` is a lot of the stock that a visit chose, ``?dent=`` the tooth that was treated.
    """
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="trace.write")
    code, key = request.GET.get("code", ""), queries.placed_key(patient.id)
    data = request.POST if request.method == "POST" else None
    # What was scanned just now goes before what was typed another day.
    is_fresh = data is not None or bool(code) or "lot" in request.GET
    draft = "" if is_fresh else people.typed_before(actor.own_person_id, key)
    begun = _begun(request, actor.own_practice_id, draft)
    begun |= {"tooth": number_of(request.GET.get("dent", "")) or None}
    begun |= {"practitioner": str(actor.own_person_id), "kind": "implant"}
    form = PlacedForm(data, practice_id=actor.own_practice_id, initial=begun)
    if data is not None and form.is_valid() and _placed(request, patient.id, form):
        return redirect("stock:traceability", patient.id)
    against = panels.against(actor.own_practice_id, begun)
    context = {
        **patients.frame_of(patient),
        "form": form,
        "draft_key": key,
        "draft": draft,
        "is_fresh": is_fresh,
        "against": against,
        # Who wrote why sees her words again, whatever else was wrong.
        "asks_why": form.is_barred or bool(against or form["despite"].value()),
    }
    status = 422 if form.errors else 200
    return render(request, "care/prosthetics/new_placed.html", context, status=status)


def _begun(request: HttpRequest, practice_id: UUID, draft: str) -> dict[str, Any]:
    """Return what a scan, a chosen lot or the draft of either says of the device."""
    code = request.GET.get("code", "") or people.kept_in(draft, "udi")
    lot = request.GET.get("lot", "") or people.kept_in(draft, "lot")
    begun = panels.begun(practice_id, code) | panels.begun_of_lot(practice_id, lot)
    if people.kept_in(draft, "doubt") == "True":
        begun["doubt"] = True
    return begun


@requires("trace.read")
@require_http_methods(["GET", "HEAD", "POST"])
def placed(request: HttpRequest, patient_id: UUID, placed_id: UUID) -> HttpResponse:
    """Show a device; write that it was removed, or entered by mistake."""
    actor = actor_of(request)
    action = "trace.write" if request.method == "POST" else "trace.read"
    patient = opened_patient(actor, patient_id, action=action)
    device = queries.placed_of(patient.id, placed_id)
    if device is None:
        raise Http404
    form = OutForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _out(request, device, form):
        return redirect("stock:traceability", patient.id)
    context = {
        **patients.frame_of(patient),
        "device": device,
        "form": form,
        "may_write": may(actor.roles, "trace.write"),
        "is_on_passport": device.kind in rules.ON_PASSPORT,
    }
    status = 422 if form.errors else 200
    return render(request, "care/prosthetics/placed.html", context, status=status)


@requires("trace.write")
@require_POST
def passport(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Make the implant passport and show it among the documents."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="trace.write")
    try:
        document_id = operations.issue_passport(actor=actor, patient_id=patient.id)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("stock:traceability", patient.id)
    messages.success(request, _("Le passeport est prêt, et rangé avec les documents."))
    return redirect(reverse("documents:show", args=[document_id]))


def _placed(request: HttpRequest, patient_id: UUID, form: PlacedForm) -> bool:
    """Write the device of a form; say it when its lot was recalled, then or since."""
    actor, lot_id = actor_of(request), form.cleaned_data["lot"]
    try:
        device = operations.place(
            actor=actor,
            patient_id=patient_id,
            placed=form.placed,
            lot_id=lot_id,
            key=key_of(request),
        )
    except Refusal as refusal:
        form.is_barred = isinstance(refusal, (operations.DeviceExpired, operations.DeviceRecalled))
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Le dispositif est inscrit dans le dossier."))
    label = {"number": device.lot_number, "serial": device.serial, "gtin": device.gtin}
    if queries.recalled(actor.own_practice_id, **label):
        messages.warning(request, _("Son lot est rappelé : ce patient est sur la liste de rappel."))
    return True


def _voided(comes_back: bool) -> str:
    if comes_back:
        return _("L’inscription est annulée ; la pièce est de nouveau au stock.")
    return _(
        "L’inscription est annulée. Le stock ne change pas : la pièce n’en était pas sortie, ou "
        "elle y est déjà revenue."
    )


def _out(request: HttpRequest, device: Any, form: OutForm) -> bool:
    keys = {"patient_id": device.patient_id, "placed_id": device.id}
    actor, reason = actor_of(request), form.cleaned_data["reason"]
    try:
        if form.cleaned_data["how"] == "void":
            text = _voided(operations.void(actor=actor, reason=reason, **keys))
        else:
            operations.remove(actor=actor, reason=reason, removed_on=form.day, **keys)
            text = _("La dépose est notée.")
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, text)
    return True
