"""Materials, lots and anaesthetics of a closed visit are corrected, by a practitioner."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import access, lots, operations, panels, queries
from quenotte.office.visits.forms import (
    AmendedAnaesthesiaForm,
    AmendedSupplyForm,
    RestoreForm,
    StrikeForm,
)
from quenotte.office.visits.models import Anaesthesia, Visit, VisitSupply
from quenotte.web.addresses import key_of

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

Input = Anaesthesia | VisitSupply


@requires("visits.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def strike(
    request: HttpRequest, patient_id: UUID, visit_id: UUID, kind: str, **which: UUID
) -> HttpResponse:
    """Ask why something is struck; strike it."""
    patient, visit, was = _opened(request, patient_id, visit_id, kind, **which)
    form = StrikeForm(request.POST or None)
    made: list[Input] = []

    def work() -> None:
        reason = form.cleaned_data["reason"]
        made.append(
            operations.strike_input(
                **_where(request, patient, visit), kind=kind, input_id=was.id, reason=reason
            )
        )

    if _went(request, form, work):
        return _written(request, patient, visit, _("C’est rayé : la ligne reste lisible."))
    title = _("Rayer cette anesthésie") if kind == "anaesthetic" else _("Rayer ce matériau")
    hint = _("Rien n’est effacé : la ligne reste lisible, rayée, et se rétablit.")
    if kind == "supply":
        hint += " " + _("Ce qui était sorti du stock y revient.")
    words = {"title": title, "icon": "x", "hint": hint, "submit": _("Rayer")}
    return _shown(request, patient, visit, form, words, was=was)


@requires("visits.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(
    request: HttpRequest, patient_id: UUID, visit_id: UUID, kind: str, **which: UUID
) -> HttpResponse:
    """Ask what something should have been, and why; write it beside what was struck."""
    patient, visit, was = _opened(request, patient_id, visit_id, kind, **which)
    form = panels.amended_form(patient, visit, kind, was, request.POST or None)
    made: list[Input] = []

    def work() -> None:
        where = {**_where(request, patient, visit), "key": key_of(request)}
        where |= {"input_id": was.id, "reason": form.cleaned_data["reason"]}
        if isinstance(form, AmendedSupplyForm):
            made.append(operations.correct_supply(**where, used=form.used))
        else:
            made.append(operations.correct_anaesthetic(**where, dose=form.dose))

    if _went(request, form, work):
        text = _("C’est corrigé : l’ancienne ligne reste lisible, rayée.")
        return _written(request, patient, visit, text, made[0])
    is_given = kind == "anaesthetic"
    hint = _("La ligne notée reste lisible, rayée ; la bonne s’inscrit à côté, du jour du soin.")
    if kind == "supply":
        hint += " " + _("Le stock suit : l’un y revient, l’autre en sort.")
    title = _("Corriger cette anesthésie") if is_given else _("Corriger ce matériau")
    words = {"title": title, "icon": "pencil", "hint": hint, "submit": _("Corriger")}
    return _shown(request, patient, visit, form, words, was=was)


@requires("visits.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def add_late(request: HttpRequest, patient_id: UUID, visit_id: UUID, kind: str) -> HttpResponse:
    """Ask for what was forgotten; write it, of the day of care."""
    patient, visit, _was = _opened(request, patient_id, visit_id, kind)
    form = panels.amended_form(patient, visit, kind, None, request.POST or None)
    made: list[Input] = []

    def work() -> None:
        where = {**_where(request, patient, visit), "key": key_of(request)}
        if isinstance(form, AmendedSupplyForm):
            made.append(operations.add_late_supply(**where, used=form.used))
        else:
            made.append(operations.add_late_anaesthetic(**where, dose=form.dose))

    if _went(request, form, work):
        text = _("C’est ajouté à la séance, daté du jour du soin.")
        return _written(request, patient, visit, text, made[0])
    is_given = kind == "anaesthetic"
    words = {
        "title": _("Ajouter une anesthésie oubliée")
        if is_given
        else _("Ajouter un matériau oublié"),
        "icon": "plus",
        "hint": _("La ligne s’inscrit au jour du soin, avec votre nom et l’heure de l’ajout."),
        "submit": _("Ajouter"),
    }
    return _shown(request, patient, visit, form, words)


@requires("visits.sign")
@require_POST
def restore(
    request: HttpRequest, patient_id: UUID, visit_id: UUID, kind: str, **which: UUID
) -> HttpResponse:
    """Note again what was struck by mistake; what is grave is asked as when it was noted."""
    patient, visit, was = _opened(request, patient_id, visit_id, kind, **which)
    form = RestoreForm(request.POST)
    try:
        made = operations.restore_input(
            **_where(request, patient, visit),
            kind=kind,
            input_id=was.id,
            confirmed=form.ticked,
        )
    except operations.NotConfirmed as refusal:
        return _asked_again(request, patient, visit, was, form, refusal)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("visits:visit", patient.id, visit.id)
    text = _("C’est noté à nouveau ; la ligne rayée reste lisible.")
    return _written(request, patient, visit, text, made)


def _asked_again(
    request: HttpRequest,
    patient: "Patient",
    visit: Visit,
    was: Input,
    form: RestoreForm,
    refusal: operations.NotConfirmed,
) -> HttpResponse:
    """Show what speaks against a struck dose, and the box that confirms it."""
    form.refusal = refusal
    form.add_error(None, str(refusal))
    words = {
        "title": _("Rétablir cette anesthésie"),
        "icon": "undo-2",
        "hint": _("Sans confirmation, la ligne reste rayée. Pour une autre dose, ajoutez une "
                  "anesthésie oubliée."),
        "submit": _("Rétablir"),
    }  # fmt: skip
    return _shown(request, patient, visit, form, words, was=was)


def _opened(
    request: HttpRequest,
    patient_id: UUID,
    visit_id: UUID,
    kind: str,
    given_id: UUID | None = None,
    supply_id: UUID | None = None,
) -> tuple["Patient", Visit, Any]:
    """Return a patient, her visit and what is corrected of it, if any. Raises: Http404."""
    patient, visit = access.visit_for(actor_of(request), patient_id, visit_id, action="visits.sign")
    input_id = given_id or supply_id
    was = queries.input_of(visit.id, kind, input_id) if input_id else None
    if input_id and was is None:
        raise Http404
    return patient, visit, was


def _where(request: HttpRequest, patient: "Patient", visit: Visit) -> dict[str, Any]:
    return {"actor": actor_of(request), "patient_id": patient.id, "visit_id": visit.id}


def _went(request: HttpRequest, form: Form, work: Callable[[], object]) -> bool:
    """Do what a valid form asks for; a refusal is said in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        work()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        if isinstance(refusal, operations.NotConfirmed) and isinstance(
            form, AmendedAnaesthesiaForm
        ):
            form.refusal = refusal
        return False
    return True


def _written(
    request: HttpRequest, patient: "Patient", visit: Visit, text: str, made: Input | None = None
) -> HttpResponse:
    """Say what was written, and what the stock knows against its lot; lead back to the visit."""
    day = timezone.localdate(visit.opened_at)
    barred = lots.barred_of(visit.practice_id, [made.lot], day) if made else []
    if made and made.is_material and getattr(made, "movement_id", None):
        text += " " + _("Le stock a suivi.")
    messages.success(request, text)
    for words in barred:
        messages.warning(request, words)
    return redirect("visits:visit", patient.id, visit.id)


def _shown(
    request: HttpRequest,
    patient: "Patient",
    visit: Visit,
    form: Form,
    words: Mapping[str, str],
    was: Input | None = None,
) -> HttpResponse:
    cautions = ""
    if isinstance(form, AmendedAnaesthesiaForm | RestoreForm):
        cautions = panels.cautions_again(request, patient, visit.id, form.refusal)
    context = {
        **frame_of(patient),
        **words,
        "patient": patient,
        "visit": visit,
        "form": form,
        "was": was,
        "key": key_of(request),
        "cautions": cautions,
    }
    status = 422 if form.errors else 200
    return render(request, "office/visits/amend_input.html", context, status=status)
