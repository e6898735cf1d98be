"""One order in a record: written, changed, moved on, its sheet and its declaration."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.prosthetics import operations, panels, queries, rules
from quenotte.care.prosthetics.forms import OrderForm
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import key_of
from quenotte.web.answers import done, shown_paper

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


@requires("laboratory.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new_order(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write an order for a patient."""
    patient = _patient(request, patient_id, "laboratory.write")
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else None
    form = OrderForm(
        data,
        practice_id=actor.own_practice_id,
        patient_id=patient.id,
        person_id=actor.own_person_id,
    )
    if data is not None and form.is_valid():
        try:
            made = operations.order(
                actor=actor, patient_id=patient.id, asked=form.asked, key=key_of(request)
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le travail est noté : il reste à l’envoyer."))
            return redirect("prosthetics:order", patient.id, made.id)
    key = queries.order_key(patient.id)
    context = {**patients.frame_of(patient), **_lists(form), **_draft(request, key)}
    context["has_laboratory"] = bool(form.fields["laboratory"].choices)  # type: ignore[attr-defined]
    status = 422 if form.errors else 200
    return render(request, "care/prosthetics/new_order.html", context, status=status)


@requires("laboratory.read")
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, patient_id: UUID, order_id: UUID) -> HttpResponse:
    """Show an order and its steps; save it again."""
    action = "laboratory.write" if request.method == "POST" else "laboratory.read"
    patient = _patient(request, patient_id, action)
    found = _order(patient, order_id)
    data = request.POST if request.method == "POST" else None
    form = OrderForm(data, practice_id=found.practice_id, patient_id=patient.id, order=found)
    if data is not None and form.is_valid() and _changed(request, found, form):
        messages.success(request, _("Le travail est enregistré."))
        return redirect("prosthetics:order", patient.id, order_id)
    return _page(request, patient, found, form)


@requires("laboratory.write")
@require_POST
def step(request: HttpRequest, patient_id: UUID, order_id: UUID) -> HttpResponse:
    """Note how far the work has come; ``?retour=received`` takes the step to that one back."""
    patient = _patient(request, patient_id, "laboratory.write")
    actor, typed = actor_of(request), request.POST
    keys = {"patient_id": patient.id, "order_id": order_id}
    page = reverse("prosthetics:order", args=[patient.id, order_id])
    if seen := request.GET.get("retour", ""):
        return done(
            request,
            lambda: operations.step_back(actor=actor, seen=seen, **keys),
            back=page,
            text=_("Le travail est revenu à l’étape d’avant."),
        )
    return done(
        request,
        lambda: operations.step(
            actor=actor,
            status=typed.get("status", ""),
            words=typed.get("words", ""),
            is_anyway=typed.get("anyway") == "oui",
            **keys,
        ),
        back=page,
        text=_("C’est noté."),
        undo=f"{request.path}?retour={quote(typed.get('status', ''))}",
    )


@requires("laboratory.write")
@require_POST
def remake(request: HttpRequest, patient_id: UUID, order_id: UUID) -> HttpResponse:
    """Order again what is to be made again; the new order opens."""
    patient = _patient(request, patient_id, "laboratory.write")
    try:
        made = operations.remake(actor=actor_of(request), patient_id=patient.id, order_id=order_id)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("prosthetics:order", patient.id, order_id)
    messages.success(request, _("Un nouveau travail remplace le premier : dites pour quand."))
    return redirect("prosthetics:order", patient.id, made.id)


@requires("laboratory.read")
@require_safe
def sheet(request: HttpRequest, patient_id: UUID, order_id: UUID) -> HttpResponse:
    """Send the sheet that goes to the laboratory with the work."""
    patient = _patient(request, patient_id, "laboratory.read")
    found = _order(patient, order_id)
    back = reverse("prosthetics:order", args=[patient.id, order_id])
    return shown_paper(request, lambda: operations.sheet_of(found), back=back)


@requires("laboratory.write")
@require_POST
def conformity(request: HttpRequest, patient_id: UUID, order_id: UUID) -> HttpResponse:
    """Keep the declaration of conformity that came with the work."""
    patient = _patient(request, patient_id, "laboratory.write")
    upload = request.FILES.get("file")
    page = reverse("prosthetics:order", args=[patient.id, order_id])
    if not isinstance(upload, UploadedFile):
        messages.warning(request, _("Aucun fichier reçu. Choisissez un fichier, puis recommencez."))
        return redirect(page)
    return done(
        request,
        lambda: operations.attach_conformity(
            actor=actor_of(request), patient_id=patient.id, order_id=order_id, upload=upload
        ),
        back=page,
        text=_("La déclaration de conformité est rangée avec les documents."),
    )


def _patient(request: HttpRequest, patient_id: UUID, action: str) -> "Patient":
    return opened_patient(actor_of(request), patient_id, action=action)


def _order(patient: "Patient", order_id: UUID) -> Any:
    found = queries.order_of(patient.id, order_id)
    if found is None:
        raise Http404
    return found


def _changed(request: HttpRequest, found: Any, form: OrderForm) -> bool:
    seen = request.POST.get("version", "")
    try:
        operations.change_order(
            actor=actor_of(request),
            patient_id=found.patient_id,
            order_id=found.id,
            asked=form.asked,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _page(request: HttpRequest, patient: "Patient", found: Any, form: OrderForm) -> HttpResponse:
    work = queries.work_of(found)
    following = () if found.is_remade else rules.next_steps(found.status)
    steps = [(one.value, rules.STEPS[one.value]) for one in following]
    context = {
        **patients.frame_of(patient),
        **_lists(form),
        "order": found,
        "work": work,
        "alarm": panels.alarm_words(work),
        "steps": steps,
        "past": queries.steps_of(found),
        "replaced_by": queries.remakes_of(found.id).first(),
        "may_be_remade": found.status == rules.Status.REDO and not found.is_remade,
        "wants_conformity": found.kind in rules.MADE_TO_MEASURE and not found.conformity_id,
        "may_be_fitted": rules.Status.FITTED in rules.next_steps(found.status),
        "may_write": may(actor_of(request).roles, "laboratory.write"),
    }
    context |= _draft(request, queries.changed_order_key(found.id))
    status = 422 if form.errors else 200
    return render(request, "care/prosthetics/order.html", context, status=status)


def _draft(request: HttpRequest, key: str) -> dict[str, str]:
    """Return the name of a form's draft and its text: none for what was just sent."""
    is_sent = request.method == "POST"
    text = "" if is_sent else people.typed_before(actor_of(request).own_person_id, key)
    return {"draft_key": key, "draft": text}


def _lists(form: OrderForm) -> dict[str, Any]:
    return {
        "form": form,
        "materials": rules.MATERIALS,
        "shades": rules.VITA_CLASSICAL + rules.VITA_MASTER,
    }
