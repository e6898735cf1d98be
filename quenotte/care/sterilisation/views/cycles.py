"""One cycle: its end, its release, its pouches and their labels; the recall when it failed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action
from quenotte.base.files.operations import open_blob
from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.access import opened_patient
from quenotte.care.sterilisation import operations, queries, rules
from quenotte.care.sterilisation.forms import OutcomeForm, PouchesForm, ToldForm
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import key_of
from quenotte.web.answers import done, shown_paper
from quenotte.web.inert import inert

_PDF = "application/pdf"


@requires("sterilisation.read")
@require_safe
def cycle(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Show a cycle and its pouches."""
    return _page(request, _cycle(request, cycle_id))


@requires("sterilisation.write")
@require_POST
def end(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Write what a cycle shows at its end."""
    found = _cycle(request, cycle_id)
    form = OutcomeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            operations.end(actor=actor_of(request), cycle_id=cycle_id, outcome=form.outcome)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La fin du cycle est notée : libérez-le, ou refusez-le."))
            return redirect("sterilisation:cycle", cycle_id)
    return _page(request, found, outcome=form)


@requires("sterilisation.write")
@require_POST
def decide(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Declare a cycle good, or failed with its reason."""
    _cycle(request, cycle_id)
    actor, is_good = actor_of(request), request.POST.get("decision") == "conforme"
    reason = request.POST.get("reason", "")
    back = reverse("sterilisation:cycle", args=[cycle_id])
    if is_good:
        return done(
            request,
            lambda: operations.release(
                actor=actor,
                cycle_id=cycle_id,
                reason=reason,
                is_confirmed=request.POST.get("sans_test") == "oui",
            ),
            back=back,
            text=_("Le cycle est conforme : ses sachets peuvent être ouverts."),
        )
    return done(
        request,
        lambda: operations.fail(actor=actor, cycle_id=cycle_id, reason=reason),
        back=back,
        text=_("Le cycle est non conforme : ses sachets sont bloqués."),
    )


@requires("sterilisation.write")
@require_POST
def make(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Make pouches, each with its code."""
    found = _cycle(request, cycle_id)
    form = PouchesForm(request.POST)
    if form.is_valid():
        try:
            operations.make_pouches(
                actor=actor_of(request),
                cycle_id=cycle_id,
                key=key_of(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Les sachets sont prêts : imprimez leurs étiquettes."))
            return redirect(reverse("sterilisation:cycle", args=[cycle_id]) + "#sachets")
    return _page(request, found, pouches=form)


@requires("sterilisation.read")
@require_safe
def labels(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Send the labels: ``?format=roll`` for a roll of 62 mm, ``?debut=4`` to skip used ones."""
    found = _cycle(request, cycle_id)
    form, start = request.GET.get("format", ""), request.GET.get("debut", "")
    pouches = queries.pouches_of(found.id)
    if not pouches:
        raise Http404
    skipped = int(start) - 1 if start.isdecimal() and 0 < len(start) < 3 and int(start) else 0
    form = form if form in operations.FORMATS else "a4"
    if found.state == rules.State.RELEASED:
        _note_labels(request, found, len(pouches))
    return shown_paper(
        request,
        lambda: operations.labels_of(found, pouches, form=form, skipped=skipped),
        back=reverse("sterilisation:cycle", args=[found.id]),
    )


def _note_labels(request: HttpRequest, found: Any, count: int) -> None:
    """Write that labels of a load that was released are made again."""
    audit.record(
        action=Action.PRINT,
        actor=actor_of(request),
        object_kind="sterilisation_cycle",
        object_id=str(found.id),
        detail={"purpose": "labels", "count": count},
    )


@requires("sterilisation.read")
@require_safe
def ticket(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Send the scanned ticket of a cycle."""
    blob = _cycle(request, cycle_id).ticket
    if blob is None:
        raise Http404
    with open_blob(blob) as stream:
        response = HttpResponse(stream.read(), content_type=blob.media_type)
    is_shown = blob.media_type.startswith("image/")
    return inert(response, saved_as="" if is_shown else "ticket.pdf")


@requires("sterilisation.read")
@require_safe
def recall(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Show whom a failed cycle concerns; ``?papier`` shows it to be printed."""
    found = _cycle(request, cycle_id)
    if found.state != rules.State.FAILED:
        return redirect("sterilisation:cycle", cycle_id)
    concerned = queries.to_tell(found)
    is_paper = "papier" in request.GET
    if concerned:
        audit.record(
            action=Action.PRINT if is_paper else Action.READ,
            actor=actor_of(request),
            object_kind="sterilisation_cycle",
            object_id=str(found.id),
            detail={"purpose": "recall", "count": len(concerned)},
        )
    told = sum(one.is_told for one in concerned)
    context = {"cycle": found, "concerned": concerned, "told": told, "form": ToldForm()}
    template = "recall_paper.html" if is_paper else "recall.html"
    return render(request, f"care/sterilisation/{template}", context)


@requires("sterilisation.read")
@require_POST
def note_told(request: HttpRequest, patient_id: UUID, cycle_id: UUID) -> HttpResponse:
    """Write that somebody was told of a recall, or was not reached."""
    _cycle(request, cycle_id)
    patient = opened_patient(actor_of(request), patient_id, action="sterilisation.read")
    form = ToldForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else {"way": "", "words": ""}
    return done(
        request,
        lambda: operations.note_told(
            actor=actor_of(request), cycle_id=cycle_id, patient_id=patient.id, **typed
        ),
        back=reverse("sterilisation:recall", args=[cycle_id]),
        text=_("C’est noté."),
    )


@requires("trace.write")
@require_POST
def detach(request: HttpRequest, patient_id: UUID, use_id: UUID) -> HttpResponse:
    """Take back that a pouch was opened for a patient."""
    patient = opened_patient(actor_of(request), patient_id, action="trace.write")
    return done(
        request,
        lambda: operations.detach(actor=actor_of(request), patient_id=patient.id, use_id=use_id),
        back=reverse("stock:traceability", args=[patient.id]),
        text=_("Le sachet est retiré de ce dossier."),
    )


def _cycle(request: HttpRequest, cycle_id: UUID) -> Any:
    found = queries.cycles(actor_of(request).own_practice_id).filter(id=cycle_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: Any,
    *,
    outcome: OutcomeForm | None = None,
    pouches: PouchesForm | None = None,
) -> HttpResponse:
    kits = queries.settings_of(found.practice_id).kits
    lacks = queries.lacks_of(found) if found.state == rules.State.ENDED else set()
    context = {
        "cycle": found,
        "test_failed": rules.Lack.TEST_FAILED in lacks,
        "not_tested": bool(lacks),
        "tone": rules.TONES[found.state],
        "is_for_prions": rules.is_for_prions(found.celsius, found.minutes),
        "pouches": queries.pouches_of(found.id),
        "outcome": outcome or OutcomeForm(),
        "form": pouches or PouchesForm(),
        "kits": [line.strip() for line in kits.splitlines() if line.strip()],
        "concerned": len(queries.to_tell(found)) if found.state == rules.State.FAILED else 0,
    }
    status = 422 if outcome or pouches else 200
    return render(request, "care/sterilisation/cycle.html", context, status=status)
