"""What is done with an examination: begun, closed, given up, concluded."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.access import opened_patient
from quenotte.care.perio import operations
from quenotte.care.perio.forms import AdditionForm, HabitForm, StatementForm
from quenotte.care.perio.models import PerioExam
from quenotte.care.perio.views.opening import exam_or_404, home_context, opened, start_form
from quenotte.care.perio.views.pages import exam_context
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient
    from quenotte.care.perio.forms import StartForm


@requires("chart.write")
@require_POST
def begin(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Begin an examination, or go on with the one that is being typed."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    form = start_form(request, patient, request.POST)
    exam = _started(request, form, patient) if form.is_valid() else None
    if exam is not None:
        return redirect("perio:exam", patient_id=patient.id, exam_id=exam.id)
    context = home_context(request, patient, form)
    return render(request, "care/perio/home.html", context, status=422)


def _started(request: HttpRequest, form: "StartForm", patient: "Patient") -> PerioExam | None:
    try:
        return operations.start(
            actor=actor_of(request),
            patient_id=patient.id,
            born_on=patient.born_on,
            examined_on=form.cleaned_data["examined_on"],
            examiner_id=UUID(form.cleaned_data["examiner"]),
            corrects_id=form.cleaned_data["corrects"],
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    except PerioExam.DoesNotExist:
        raise Http404 from None
    return None


@requires("chart.write")
@require_POST
def close(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Close an examination: it never changes again."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")

    def work() -> str:
        operations.close(actor=actor_of(request), patient_id=patient.id, exam_id=exam.id)
        return _(
            "Examen clos. Il ne se modifie plus : un complément ou un nouvel examen le corrige."
        )

    return _done(request, patient, exam, work)


@requires("chart.write")
@require_POST
def give_up(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Put a draft aside; it can be taken up again from the list."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")
    operations.give_up(actor=actor_of(request), patient_id=patient.id, exam_id=exam.id)
    messages.success(request, _("Examen abandonné. Il attend ci-dessous si vous le reprenez."))
    return redirect("perio:home", patient_id=patient.id)


@requires("chart.write")
@require_POST
def take_up(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Go on with a draft that was put aside."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")

    def work() -> str:
        operations.take_up_again(actor=actor_of(request), patient_id=patient.id, exam_id=exam.id)
        return _("Examen repris : ses valeurs sont là.")

    return _done(request, patient, exam, work)


@requires("chart.write")
@require_POST
def margin(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Note a recession of 0 wherever a probed site has none."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")

    def work() -> str:
        count = operations.fill_margin(
            actor=actor_of(request), patient_id=patient.id, exam_id=exam.id
        )
        return ngettext(
            "Récession 0 notée à %(count)d site.", "Récession 0 notée à %(count)d sites.", count
        ) % {"count": count}

    return _done(request, patient, exam, work)


def _done(
    request: HttpRequest, patient: "Patient", exam: PerioExam, work: Callable[[], str]
) -> HttpResponse:
    """Do something, tell how it went, and lead back to the examination."""
    try:
        messages.success(request, work())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("perio:exam", patient_id=patient.id, exam_id=exam.id)


@requires("chart.write")
@require_POST
def conclude(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Sign a conclusion, or let the help count again with what was typed (``calculer``)."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")
    form = StatementForm(request.POST)
    is_signed = "calculer" not in request.POST and _signed(request, form, patient, exam)
    if is_signed:
        messages.success(request, _("Conclusion signée."))
        return redirect("perio:exam", patient_id=patient.id, exam_id=exam.id)
    context = exam_context(request, patient, exam, form)
    status = 200 if form.is_valid() else 422
    return render(request, "care/perio/exam.html", context, status=status)


def _signed(request: HttpRequest, form: StatementForm, patient: "Patient", exam: PerioExam) -> bool:
    if not form.is_valid():
        return False
    try:
        operations.sign(
            actor=actor_of(request),
            patient_id=patient.id,
            exam_id=exam.id,
            kind="conclusion",
            text=form.cleaned_data["text"],
            classes=form.classes(),
            context=form.context(),
        )
    except Refusal as refusal:
        form.add_error("text", str(refusal))
        return False
    return True


@requires("chart.write")
@require_POST
def add(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Sign a dated addition to a closed examination."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")
    form = AdditionForm(request.POST)
    if form.is_valid():
        try:
            operations.sign(
                actor=actor_of(request), patient_id=patient.id, exam_id=exam.id,
                kind="addition", text=form.cleaned_data["text"],
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Complément signé."))
            return redirect("perio:exam", patient_id=patient.id, exam_id=exam.id)
    context = {**exam_context(request, patient, exam, None), "addition": form}
    return render(request, "care/perio/exam.html", context, status=422)


@requires("chart.write")
@require_POST
def habit(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Keep how this person goes round the mouth."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.write")
    exam = exam_or_404(patient.id, exam_id)
    form = HabitForm(request.POST)
    if form.is_valid():
        operations.keep_habit(actor=actor_of(request), habit=form.habit())
        messages.success(request, _("Chemin enregistré pour vous."))
    return redirect("perio:exam", patient_id=patient.id, exam_id=exam.id)
