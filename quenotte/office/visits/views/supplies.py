"""What was given and used in a visit: anaesthetics, materials, and the weight for the doses."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import access, operations, panels, rules
from quenotte.office.visits.models import VisitSupply
from quenotte.office.visits.views.answering import visit_done
from quenotte.web.fragments import wants_fragment


@requires("visits.write")
@require_POST
def weight(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Note what the patient weighs."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    typed = request.POST.get("poids", "")
    kilos = rules.whole_kilos(typed)
    is_rounded = not typed.strip().isdecimal()
    rounded = _("Poids gardé : %(kg)s kg, arrondi au kilo inférieur pour la dose.") % {"kg": kilos}
    return visit_done(
        request,
        patient,
        visit.id,
        lambda: operations.note_weight(
            actor=actor, patient_id=patient.id, visit_id=visit.id, weight_kg=kilos
        ),
        text=rounded if is_rounded else "",
    )


@requires("visits.write")
@require_POST
def give(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Note an anaesthetic and its dose."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    form = panels.anaesthesia_form(patient, visit, request.POST)
    refused: list[operations.NotConfirmed] = []

    def work() -> None:
        if not form.is_valid():
            raise Refusal(_first_error(form.errors))
        try:
            operations.give_anaesthetic(
                actor=actor,
                patient_id=patient.id,
                visit_id=visit.id,
                code=form.cleaned_data["product"],
                quarters=form.cleaned_data["cartridges"],
                lot=form.cleaned_data["lot"],
                key=form.cleaned_data["key"],
                confirmed=form.cleaned_data["confirmed"],
            )
        except operations.NotConfirmed as refusal:
            refused.append(refusal)
            raise

    def beside() -> str:
        return panels.cautions_beside(request, patient, visit.id, refused[0] if refused else None)

    drawn = (operations.NotConfirmed,)
    answer = visit_done(
        request, patient, visit.id, work, form_id="anesthesie", drawn=drawn, beside=beside
    )
    if wants_fragment(request) or not (refused or form.errors):
        return answer
    # Without a script the page itself comes again, with what was typed and the box to tick.
    cautions = panels.cautions_again(request, patient, visit.id, refused[0] if refused else None)
    page = {**panels.visit_page(request, patient, visit), "cautions": cautions}
    context = {**frame_of(patient), **page, "anaesthesia_form": form}
    return render(request, "office/visits/visit.html", context, status=422)


@requires("visits.write")
@require_POST
def take_given(
    request: HttpRequest, patient_id: UUID, visit_id: UUID, given_id: UUID
) -> HttpResponse:
    """Take back an anaesthetic that was noted by mistake."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    return visit_done(
        request,
        patient,
        visit.id,
        lambda: operations.drop_anaesthetic(
            actor=actor, patient_id=patient.id, visit_id=visit.id, given_id=given_id
        ),
        text=_("L’anesthésie est retirée."),
    )


@requires("visits.write")
@require_POST
def use(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Note a material with its lot."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    form = panels.supply_form(patient, request.POST)
    if form.is_valid() and (page := panels.device_page(patient, visit, form.used.lot_id)):
        return _led(request, page)
    made: list[VisitSupply] = []

    def work() -> None:
        if not form.is_valid():
            raise Refusal(_first_error(form.errors))
        made.append(
            operations.use_supply(
                actor=actor,
                patient_id=patient.id,
                visit_id=visit.id,
                used=form.used,
                key=form.cleaned_data["key"],
            )
        )

    def is_matched() -> bool:
        return made[0].movement_id is not None and form.used.lot_id is None

    return visit_done(
        request,
        patient,
        visit.id,
        work,
        text=lambda: _taken(made[0]) if is_matched() else "",
        undo=lambda: (
            reverse("visits:release", args=[patient.id, visit.id, made[0].id])
            if is_matched()
            else ""
        ),
        form_id="materiau",
    )


@requires("visits.write")
@require_POST
def release(
    request: HttpRequest, patient_id: UUID, visit_id: UUID, supply_id: UUID
) -> HttpResponse:
    """Put back on its shelf what a typed lot took; the material stays noted."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    return visit_done(
        request,
        patient,
        visit.id,
        lambda: operations.release_supply(
            actor=actor, patient_id=patient.id, visit_id=visit.id, supply_id=supply_id
        ),
        text=_("Remis au stock. Le matériau reste noté dans la séance."),
    )


@requires("visits.write")
@require_POST
def drop(request: HttpRequest, patient_id: UUID, visit_id: UUID, supply_id: UUID) -> HttpResponse:
    """Take a material back; a lot of the stock returns to its shelf."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    return visit_done(
        request,
        patient,
        visit.id,
        lambda: operations.drop_supply(
            actor=actor, patient_id=patient.id, visit_id=visit.id, supply_id=supply_id
        ),
        text=_("Le matériau est retiré."),
    )


def _taken(supply: VisitSupply) -> str:
    return _("Lot %(lot)s reconnu : %(n)s sorti du stock pour ce patient.") % {
        "lot": supply.lot,
        "n": supply.quantity,
    }


def _led(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to the form of a device, begun: it takes the piece off the shelf, once."""
    if not wants_fragment(request):
        return redirect(page)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = page
    return response


def _first_error(errors: Mapping[str, Any]) -> str:
    """Return the first thing that is wrong with a form of one line, and that nothing is lost."""
    first = str(next(iter(errors.values()))[0])
    return _("%(error)s Rien n’a été enregistré.") % {"error": first}
