"""Pages of the mouth."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quenotte.base.audit.rules import Actor
from quenotte.base.people.access import actor_of, requires
from quenotte.care.chart import cards, drawings, entering, operations, panels, queries
from quenotte.care.chart.forms import EntryForm, StepForm, WithdrawForm
from quenotte.care.chart.rules import Mouth
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.care.patients.queries import frame_of, summary_of
from quenotte.care.patients.rules import known_birth
from quenotte.kernel.dates import age_years
from quenotte.kernel.errors import Refusal
from quenotte.kernel.teeth import is_tooth, name_fr
from quenotte.web.fragments import wants_fragment

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


@requires("chart.read")
@require_GET
def mouth(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the chart of a mouth on a page of its own; its card alone to htmx."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.read")
    if wants_fragment(request):
        return HttpResponse(panels.mouth(request, patient))
    return _page(request, patient, day=_day_of(request))


@requires("chart.read")
@require_GET
def drawing(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draw a mouth as it is now, or as it was on ``?jour=``; ``?forme=tableau`` says it."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.read")
    day = _day_of(request)
    if not wants_fragment(request):
        return _page(request, patient, day=day)
    shown = _mouth(patient, day)
    if request.GET.get("vu") == cards.state_of(shown):
        return HttpResponse(status=204)
    if request.GET.get("forme") == "tableau":
        lines = list(drawings.lines_of(shown))
        return render(request, "care/chart/_table.html", {"lines": lines})
    return HttpResponse(cards.drawing(shown, day))


@requires("chart.read")
@require_GET
def tooth(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show all that is known of one tooth, named by ``?dent=``."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.read")
    fdi = _number(request)
    if fdi is None:
        raise Http404
    context = _of_tooth(request, patient, fdi)
    if wants_fragment(request):
        part = "_tooth_body" if request.GET.get("forme") == "corps" else "_tooth"
        return render(request, f"care/chart/{part}.html", context)
    return render(request, "care/chart/tooth.html", frame_of(patient) | context)


@requires("chart.read")
@require_GET
def printed(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the sheet that is printed: the drawing, its legend and its table."""
    patient = patient_for(actor_of(request), patient_id, purpose="print", action="chart.read")
    shown = _mouth(patient, _day_of(request))
    context = {
        "patient": patient,
        "summary": summary_of(patient),
        "mouth": shown,
        "drawing": drawings.draw(shown),
        "lines": list(drawings.lines_of(shown)),
        "legend": drawings.legend(),
    }
    return render(request, "care/chart/print.html", context)


@requires("chart.write")
@require_GET
def complete(request: HttpRequest, patient_id: UUID) -> JsonResponse:
    """Say what may come next on a line being typed (``?q=``)."""
    opened_patient(actor_of(request), patient_id, action="chart.write")
    return JsonResponse(cards.proposals(request.GET.get("q", "")), safe=False)


@requires("chart.write")
@require_POST
def enter(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Chart a typed line, or what a tool touched."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _answer(request, patient, refused=_("La demande n’a pas été comprise."), status=422)
    try:
        done = entering.enter(
            actor=actor_of(request),
            patient_id=patient.id,
            mouth=_mouth(patient),
            born_on=patient.born_on,
            age_years=_age_of(patient),
            line=form.cleaned_data["line"],
            touched=form.cleaned_data["findings"],
            key=form.cleaned_data["key"],
            is_again=form.cleaned_data["again"],
        )
    except Refusal as refusal:
        return _answer(request, patient, refused=str(refusal), status=422)
    said = _("Noté. %(what)s.") % {"what": done.words}
    return _answer(request, patient, said=said, is_remarked=bool(done.remarks))


@requires("chart.write")
@require_POST
def undo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Undo the step that the screen shows as the last."""
    return _step(request, patient_id, _undone, _("Annulé : %(what)s."))


@requires("chart.write")
@require_POST
def redo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Bring back the step that was undone last."""
    return _step(request, patient_id, _redone, _("Rétabli : %(what)s."))


@requires("chart.write")
@require_POST
def withdraw(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Take one mark back."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise Http404
    refused = ""
    try:
        operations.withdraw(
            actor=actor_of(request), patient_id=patient.id, finding=form.cleaned_data["mark"]
        )
    except Refusal as refusal:
        refused = str(refusal)
    fdi = form.cleaned_data["tooth"]
    if not is_tooth(fdi):
        raise Http404
    if not wants_fragment(request):
        return _answer(request, patient, refused=refused, said=_("L’élément est retiré."))
    context = _of_tooth(request, patient, fdi) | {"refused": refused}
    answer = render(request, "care/chart/_tooth_body.html", context, status=409 if refused else 200)
    answer["HX-Trigger"] = "mouth:changed"
    return answer


# --- what they share


def _undone(*, actor: Actor, patient_id: UUID, form: StepForm) -> UUID:
    sent = form.cleaned_data
    return operations.undo(
        actor=actor, patient_id=patient_id, step=sent["seen"], confirmed=sent["confirmed"]
    )


def _redone(*, actor: Actor, patient_id: UUID, form: StepForm) -> UUID:
    sent = form.cleaned_data
    return operations.redo(
        actor=actor, patient_id=patient_id, step=sent["seen"], confirmed=sent["confirmed"]
    )


def _step(
    request: HttpRequest, patient_id: UUID, operation: Callable[..., UUID], done: str
) -> HttpResponse:
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    form = StepForm(request.POST)
    if not form.is_valid():
        return _answer(request, patient, refused=_("La demande n’a pas été comprise."), status=422)
    try:
        step = operation(actor=actor_of(request), patient_id=patient.id, form=form)
    except operations.ToConfirm as asked:
        return _answer(request, patient, refused=str(asked), asks=asked, status=409)
    except Refusal as refusal:
        return _answer(request, patient, refused=str(refusal), status=409)
    told = operations.told_of_step(patient.id, step)
    return _answer(request, patient, said=done % {"what": told})


def _answer(
    request: HttpRequest,
    patient: "Patient",
    *,
    said: str = "",
    is_remarked: bool = False,
    refused: str = "",
    asks: operations.ToConfirm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the mouth as it is after a request, with what is to be said of it."""
    if wants_fragment(request):
        asked = asks.question if asks else ""
        shown = _mouth(patient)
        drawn = cards.drawing(
            shown, None, said=said, is_remarked=is_remarked, refused=refused, asked=asked
        )
        return HttpResponse(drawn, status=status)
    if refused:
        return _page(request, patient, refused=refused, status=status)
    messages.success(request, said)
    return redirect("chart:mouth", patient_id=patient.id)


def _page(
    request: HttpRequest,
    patient: "Patient",
    *,
    day: date | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = _mouth(patient, day)
    context = frame_of(patient) | {
        "chart": cards.chart(request, patient, shown, day=day, refused=refused, is_page=True),
        "lines": list(drawings.lines_of(shown)),
        "legend": drawings.legend(),
    }
    return render(request, "care/chart/mouth.html", context, status=status)


def _mouth(patient: "Patient", day: date | None = None) -> Mouth:
    return queries.mouth_on(patient.id, patient.born_on, day or timezone.localdate())


def _age_of(patient: "Patient") -> int | None:
    born = known_birth(patient.born_on)
    return age_years(born, timezone.localdate()) if born else None


def _day_of(request: HttpRequest) -> date | None:
    """Return the past day that ``?jour=`` asks for; None for today, or for no day."""
    try:
        day = parse_date(request.GET.get("jour", ""))
    except ValueError:
        return None
    return day if day and day < timezone.localdate() else None


def _number(request: HttpRequest) -> int | None:
    asked = request.GET.get("dent", "")
    return int(asked) if asked.isdecimal() and len(asked) == 2 and is_tooth(int(asked)) else None


def _of_tooth(request: HttpRequest, patient: "Patient", fdi: int) -> dict[str, object]:
    day = _day_of(request)
    shown = _mouth(patient, day).tooth(fdi)
    return {
        "patient": patient,
        "fdi": fdi,
        "name": name_fr(fdi),
        "day": day,
        "presence": drawings.presence_of(shown) if shown else "",
        "subject": cards.ToothOf(patient, fdi),
        **cards.told_of(patient.id, fdi, shown),
    }
