"""Examinations as they are looked at: the list, one of them, two of them, on paper."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.care.patients.queries import frame_of, summary_of
from quenotte.care.perio import panels, queries, wording
from quenotte.care.perio.forms import AdditionForm, HabitForm, StatementForm, initial_of
from quenotte.care.perio.rules.comparing import compare
from quenotte.care.perio.rules.indices import indices
from quenotte.care.perio.rules.staging import advise
from quenotte.care.perio.views.opening import exam_or_404, home_context, opened, start_form

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient
    from quenotte.care.perio.models import PerioExam, PerioStatement


@requires("chart.read")
@require_GET
def home(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the examinations of a patient, and where one is begun."""
    patient = opened_patient(actor_of(request), patient_id, action="chart.read")
    context = home_context(request, patient, start_form(request, patient))
    return render(request, "care/perio/home.html", context)


@requires("chart.read")
@require_GET
def exam(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Show an examination: where it is typed while it is a draft, else what it says."""
    patient, found = opened(request, patient_id, exam_id)
    if found.status == "draft" and may(actor_of(request).roles, "chart.write"):
        return render(request, "care/perio/typing.html", _typing(request, patient, found))
    context = exam_context(request, patient, found, None)
    return render(request, "care/perio/exam.html", context)


def _typing(request: HttpRequest, patient: "Patient", found: "PerioExam") -> dict[str, Any]:
    charting = queries.charting_of(found.id)
    habit = queries.habit_of(actor_of(request).own_person_id)
    return {
        **frame_of(patient),
        "exam": found,
        "chart": panels.chart(found, charting, is_live=True),
        "typing": panels.typing(request, patient, found, charting),
        "rows": panels.index_rows(indices(charting)),
        "habit": HabitForm(
            initial={
                "order": habit.order.value,
                "lower_first": habit.lower_first,
                "has_sound": habit.has_sound,
            }
        ),
    }


def exam_context(
    request: HttpRequest, patient: "Patient", found: "PerioExam", form: StatementForm | None
) -> dict[str, Any]:
    """Return what the page of an examination shows; ``form`` when one was sent."""
    charting = queries.charting_of(found.id)
    statements = queries.statements_of(found.id)
    concluded = [one for one in statements if one.kind == "conclusion"]
    last = concluded[-1] if concluded else None
    return {
        **frame_of(patient),
        "exam": found,
        "chart": panels.chart(found, charting),
        "table": panels.table(charting),
        "rows": panels.index_rows(indices(charting)),
        "implants": panels.implant_rows(charting),
        "statements": statements,
        "conclusion": last,
        "corrected_by": queries.corrected_by(found),
        "earlier": queries.earlier(found),
        "form": form or StatementForm(initial=initial_of(last.context) if last else {}),
        "addition": AdditionForm(),
        "draft_key": queries.draft_key(found.id),
        "draft": queries.draft_of(actor_of(request), found.id),
        "advice": _advice(patient, found, last, form),
    }


def _advice(
    patient: "Patient",
    found: "PerioExam",
    last: "PerioStatement | None",
    form: StatementForm | None,
) -> dict[str, Any]:
    age = panels.age(patient, found.examined_on)
    context = queries.context_of(last.context if last else {}, age)
    if form is not None and form.is_valid():
        context = queries.context_of(form.context(), age)
    return advice_shown(queries.charting_of(found.id), context)


def advice_shown(charting: Any, context: Any) -> dict[str, Any]:
    """Return what the help shows: class, facts, what is missing."""
    advice = advise(charting, context)
    return {
        "advice": advice,
        "stage": wording.STAGES.get(advice.stage or 0, ""),
        "is_no_case": advice.stage == 0,
        "grade": "" if advice.grade is None else wording.GRADES[advice.grade],
        "extent": wording.extent(advice.extent),
        "stage_facts": wording.stage_facts(advice),
        "grade_facts": wording.grade_facts(advice),
        "missing": wording.missing(advice),
    }


@requires("chart.read")
@require_GET
def compare_exams(
    request: HttpRequest, patient_id: UUID, exam_id: UUID, before_id: UUID
) -> HttpResponse:
    """Show an examination over an earlier one, and what changed between them."""
    patient, found = opened(request, patient_id, exam_id)
    old = exam_or_404(patient.id, before_id)
    if (old.examined_on, old.started_at) > (found.examined_on, found.started_at):
        old, found = found, old
    chartings = queries.chartings_of([old.id, found.id])
    before, after = chartings[old.id], chartings[found.id]
    changed = compare(before, after)
    context = {
        **frame_of(patient),
        "exam": found,
        "old": old,
        "chart": panels.chart(found, after, before=before),
        "rows": panels.index_rows(indices(before), indices(after)),
        "comparison": changed,
        "changes": panels.change_rows(changed),
        "counts": panels.change_counts(changed),
    }
    return render(request, "care/perio/compare.html", context)


@requires("chart.read")
@require_GET
def print_exam(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Show the sheet of an examination that is printed: one A4 page, landscape."""
    patient = patient_for(actor_of(request), patient_id, purpose="print", action="chart.read")
    found = exam_or_404(patient.id, exam_id)
    charting = queries.charting_of(found.id)
    statements = queries.statements_of(found.id)
    concluded = [one for one in statements if one.kind == "conclusion"]
    context = {
        "patient": patient,
        "summary": summary_of(patient),
        "exam": found,
        "chart": panels.chart(found, charting),
        "rows": panels.index_rows(indices(charting)),
        "conclusion": concluded[-1] if concluded else None,
    }
    return render(request, "care/perio/print.html", context)
