"""Traçabilité: the part of a record that says what was used, and the field of the code reader."""

import json
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.stock import operations, queries
from quenotte.care.stock.forms import AnywayForm
from quenotte.kernel.errors import Refusal
from quenotte.web import scans
from quenotte.web.answers import done
from quenotte.web.fragments import wants_fragment

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Longest text that is taken for a code.
_LONGEST = 400


@requires("trace.read")
@require_safe
def traceability(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show what was used for a patient, what is in her mouth, what a laboratory makes."""
    patient = opened_patient(actor_of(request), patient_id, action="trace.read")
    context = patients.frame_of(patient)
    asked = AnywayForm({"lot": request.GET.get("manque", ""), "key": str(uuid4())})
    if asked.is_valid():
        lot_id = asked.cleaned_data["lot"]
        missing = queries.lot(actor_of(request).own_practice_id, lot_id)
        begun = {"lot": lot_id, "key": asked.cleaned_data["key"]}
        context |= {"missing": missing, "anyway": AnywayForm(initial=begun)}
    return render(request, "care/stock/traceability.html", context)


@requires("trace.write")
@require_POST
def scan_for(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Read a code for a patient: a sterile pouch, a product, an implant."""
    patient = opened_patient(actor_of(request), patient_id, action="trace.write")
    back = reverse("stock:traceability", args=[patient.id])
    asked = AnywayForm(request.POST)
    if not asked.is_valid():
        return _scanned(request, patient, back)
    typed = asked.cleaned_data
    return done(
        request,
        lambda: operations.use_anyway(
            actor=actor_of(request),
            lot_id=typed["lot"],
            patient_id=patient.id,
            reason=typed["reason"],
            key=typed["key"],
        ),
        back=back,
        text=_("C’est tracé dans ce dossier, et le stock est corrigé."),
    )


@requires("stock.read")
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Read a code for nobody: its page opens."""
    return _scanned(request, None, reverse("stock:stock"))


@requires("trace.write")
@require_POST
def take_back_for(request: HttpRequest, patient_id: UUID, movement_id: UUID) -> HttpResponse:
    """Take back what was used for a patient."""
    patient = opened_patient(actor_of(request), patient_id, action="trace.write")
    actor = actor_of(request)
    rows = queries.movements(actor.own_practice_id)
    if not rows.filter(id=movement_id, patient_id=patient.id).exists():
        raise Http404
    return done(
        request,
        lambda: operations.take_back(actor=actor, movement_id=movement_id),
        back=reverse("stock:traceability", args=[patient.id]),
        text=_("C’est annulé : le produit est de nouveau en stock."),
    )


def _scanned(request: HttpRequest, patient: "Patient | None", back: str) -> HttpResponse:
    code = request.POST.get("code", "")[:_LONGEST].strip()
    level = "ok"
    try:
        read = scans.read(request, patient, code) if code else None
    except Refusal as refusal:
        read, level = scans.Read(str(refusal)), "danger"
    if read is None:
        read, level = scans.Read(_unknown(code)), "attention"
    if not wants_fragment(request):
        if read.text:
            (messages.success if level == "ok" else messages.warning)(request, read.text)
        return redirect(read.go_url or back)
    response = HttpResponse(status=204)
    if read.go_url:
        response["HX-Redirect"] = read.go_url
    else:
        toast = {"text": read.text, "level": level, "undoUrl": read.undo_url}
        response["HX-Trigger"] = json.dumps({"toast": toast, "scanned": level})
    return response


def _unknown(code: str) -> str:
    if not code:
        return _("Scannez une étiquette, ou tapez son code.")
    return _(
        "Ce code n’est ni celui d’un sachet du cabinet, ni celui d’un produit. "
        "Rien n’a été enregistré."
    )
