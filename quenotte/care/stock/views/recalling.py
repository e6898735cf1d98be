"""A lot set aside: whom it concerns, and who was told."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.care.patients.access import opened_patient
from quenotte.care.stock import operations, queries
from quenotte.care.stock.forms import NumberForm, RecallForm, ToldForm
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done

#: What is said once a lot is recalled.
_SET_ASIDE: Final = gettext_lazy("Le lot est mis de côté : personne ne peut plus l’utiliser.")


@requires("stock.read")
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Show whom a recalled lot concerns (``?papier``: to be printed); set it aside or lift that."""
    found = _lot(request, lot_id)
    if request.method == "POST":
        return _decided(request, lot_id)
    if found.recalled_at is None:
        return redirect("stock:lot", lot_id)
    concerned = queries.to_tell(found)
    is_paper = "papier" in request.GET
    if concerned:
        audit.record(
            action=Action.PRINT if is_paper else Action.READ,
            actor=actor_of(request),
            object_kind="lot",
            object_id=str(found.id),
            detail={"purpose": "recall", "count": len(concerned)},
        )
    told = sum(one.is_told for one in concerned)
    context = {"lot": found, "concerned": concerned, "told": told, "form": ToldForm()}
    return render(request, f"care/stock/recall{'_paper' if is_paper else ''}.html", context)


@requires("stock.write")
@require_POST
def recall_number(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Set aside a lot of an article by its number, also one that never was in stock."""
    form = NumberForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else {"number": "", "reason": ""}
    try:
        lot = operations.recall_number(actor=actor_of(request), article_id=article_id, **typed)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("stock:article", article_id)
    messages.success(request, _SET_ASIDE)
    return redirect("stock:recall", lot.id)


@requires("stock.read")
@require_POST
def note_told(request: HttpRequest, patient_id: UUID, lot_id: UUID) -> HttpResponse:
    """Write that somebody was told of a recall, or was not reached."""
    _lot(request, lot_id)
    patient = opened_patient(actor_of(request), patient_id, action="stock.read")
    form = ToldForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else {"way": "", "words": ""}
    return done(
        request,
        lambda: operations.note_told(
            actor=actor_of(request), lot_id=lot_id, patient_id=patient.id, **typed
        ),
        back=reverse("stock:recall", args=[lot_id]),
        text=_("C’est noté."),
    )


def _decided(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    if not may_request(request, "stock.write"):
        raise PermissionDenied
    actor = actor_of(request)
    if "fin" in request.GET:
        return done(
            request,
            lambda: operations.lift_recall(actor=actor, lot_id=lot_id),
            back=reverse("stock:lot", args=[lot_id]),
            text=_("Le lot peut de nouveau être utilisé."),
        )
    form = RecallForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return done(
        request,
        lambda: operations.recall_lot(actor=actor, lot_id=lot_id, reason=reason),
        back=reverse("stock:lot", args=[lot_id]),
        text=str(_SET_ASIDE),
    )


def _lot(request: HttpRequest, lot_id: UUID) -> Any:
    found = queries.lot(actor_of(request).own_practice_id, lot_id)
    if found is None:
        raise Http404
    return found
