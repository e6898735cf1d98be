"""A closed visit is corrected: acts struck, replaced, added, noted again, by a practitioner."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans.operations import UnknownAct
from quenotte.office.visits import access, corrections, operations, panels, queries
from quenotte.office.visits.forms import CorrectionForm, LateActForm, StrikeForm
from quenotte.office.visits.models import Visit, VisitAct
from quenotte.web.addresses import key_of

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


@requires("visits.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def strike(request: HttpRequest, patient_id: UUID, visit_id: UUID, act_id: UUID) -> HttpResponse:
    """Ask why an act is struck; strike it."""
    patient, visit, act = _opened(request, patient_id, visit_id, act_id)
    form = StrikeForm(request.POST or None)
    where = {"patient_id": patient.id, "visit_id": visit.id, "act_id": act.id}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _went(
            form,
            lambda: operations.strike_act(actor=actor_of(request), **where, reason=reason),
        ):
            messages.success(request, _("L’acte est rayé : il reste lisible, avec sa raison."))
            return redirect("visits:visit", patient.id, visit.id)
    return _shown(request, "strike", patient, visit, {"act": act, "form": form})


@requires("visits.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, patient_id: UUID, visit_id: UUID, act_id: UUID) -> HttpResponse:
    """Ask what an act should have been, show what would be written; write it once chosen."""
    patient, visit, act = _opened(request, patient_id, visit_id, act_id)
    begun = {"teeth": act.teeth, "surfaces": act.surfaces}
    form = CorrectionForm(request.POST or None, initial=begun)
    found: list[corrections.Meant] = []
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        reason = typed.pop("reason")
        made: list[VisitAct] = []

        def work() -> None:
            lines = corrections.lines_of(patient, visit, request.POST["actes"], act)
            if not lines:
                raise UnknownAct
            made.extend(
                operations.correct_act(
                    actor=actor_of(request),
                    patient_id=patient.id,
                    visit_id=visit.id,
                    act_id=act.id,
                    acts=lines,
                    reason=reason,
                    key=key_of(request),
                )
            )

        def look() -> None:
            found.extend(corrections.instead(patient, visit, act, **typed) or _none())

        if _went(form, work if "actes" in request.POST else look) and made:
            text = _("L’acte est corrigé : l’ancien reste lisible, rayé.")
            return _written(request, patient, visit, made, text)
    return _shown(request, "correct", patient, visit, {"act": act, "form": form, "found": found})


@requires("visits.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def add_late(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Ask for an act that was forgotten, show what would be written; write it once chosen."""
    patient, visit, _act = _opened(request, patient_id, visit_id)
    if line_id := uuid_of(request.POST.get("ligne", "")):
        return _planned_late(request, patient, visit, line_id)
    form = LateActForm(request.POST or None)
    found: list[corrections.Meant] = []
    if request.method == "POST" and form.is_valid():
        made: list[VisitAct] = []

        def work() -> None:
            lines = corrections.lines_of(patient, visit, request.POST["actes"])
            made.extend(_added(request, patient, visit, acts=lines))

        def look() -> None:
            found.extend(corrections.late(patient, visit, form.cleaned_data["q"]) or _none())

        if _went(form, work if "actes" in request.POST else look) and made:
            return _written(request, patient, visit, made, _late_words())
    return _shown_late(request, patient, visit, form, found=found)


def _planned_late(
    request: HttpRequest, patient: "Patient", visit: Visit, line_id: UUID
) -> HttpResponse:
    """Add a planned act that was forgotten; what is to be looked at is confirmed first."""
    form = LateActForm({"q": "-"})
    made: list[VisitAct] = []
    if "confirme" not in request.POST and corrections.remarks_of(patient, visit, line_id):
        return _shown_late(request, patient, visit, LateActForm(), asked=line_id)
    if _went(form, lambda: made.extend(_added(request, patient, visit, line_id=line_id))):
        return _written(request, patient, visit, made, _late_words())
    # The refusal stays; nobody typed that line.
    form.data = {}
    return _shown_late(request, patient, visit, form)


def _added(request: HttpRequest, patient: "Patient", visit: Visit, **what: Any) -> list[VisitAct]:
    """Add what was chosen to a closed visit. Raises: as ``operations.add_late``."""
    return operations.add_late(
        actor=actor_of(request),
        patient_id=patient.id,
        visit_id=visit.id,
        key=key_of(request),
        **what,
    )


def _late_words() -> str:
    return _("L’acte est ajouté à la séance, daté du jour du soin.")


def _shown_late(
    request: HttpRequest, patient: "Patient", visit: Visit, form: Form, **more: Any
) -> HttpResponse:
    context = {"form": form, "planned": corrections.planned(patient, visit), **more}
    return _shown(request, "add_late", patient, visit, context)


@requires("visits.sign")
@require_POST
def restore(request: HttpRequest, patient_id: UUID, visit_id: UUID, act_id: UUID) -> HttpResponse:
    """Note again an act that was struck by mistake."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.sign")
    try:
        act = operations.restore_act(
            actor=actor, patient_id=patient.id, visit_id=visit.id, act_id=act_id
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("visits:visit", patient.id, visit.id)
    text = _("L’acte est noté à nouveau ; celui qui était rayé reste lisible.")
    return _written(request, patient, visit, [act], text)


def _opened(
    request: HttpRequest, patient_id: UUID, visit_id: UUID, act_id: UUID | None = None
) -> tuple["Patient", Visit, Any]:
    """Return a patient, her visit and an act of it. Raises: Http404."""
    patient, visit = access.visit_for(actor_of(request), patient_id, visit_id, action="visits.sign")
    act = queries.act_of(visit, act_id) if act_id else None
    if act_id and act is None:
        raise Http404
    return patient, visit, act


def _went(form: Form, work: Callable[[], object]) -> bool:
    try:
        work()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _none() -> list[corrections.Meant]:
    raise UnknownAct


def _written(
    request: HttpRequest, patient: "Patient", visit: Visit, made: list[VisitAct], text: str
) -> HttpResponse:
    """Say what was written, and why the mouth does not show it; lead back to the visit."""
    messages.success(request, " ".join(filter(None, (text, panels.undrawn(patient, made)))))
    return redirect("visits:visit", patient.id, visit.id)


def _shown(
    request: HttpRequest, name: str, patient: "Patient", visit: Visit, more: dict[str, Any]
) -> HttpResponse:
    context = {**frame_of(patient), "patient": patient, "visit": visit, **more}
    context["key"] = key_of(request)
    status = 422 if more["form"].errors else 200
    return render(request, f"office/visits/{name}.html", context, status=status)
