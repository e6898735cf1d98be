"""What each page begins with: the patient through her door, the examination among hers."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from quenotte.base.people.access import actor_of
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.queries import frame_of
from quenotte.care.perio import panels, queries
from quenotte.care.perio.forms import StartForm

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient
    from quenotte.care.perio.models import PerioExam


def opened(
    request: HttpRequest, patient_id: UUID, exam_id: UUID, *, action: str = "chart.read"
) -> tuple["Patient", "PerioExam"]:
    """Return a patient and one of her examinations. Raises: Http404; as ``opened_patient``."""
    patient = opened_patient(actor_of(request), patient_id, action=action)
    return patient, exam_or_404(patient.id, exam_id)


def exam_or_404(patient_id: UUID, exam_id: UUID) -> "PerioExam":
    """Return an examination of this patient. Raises: Http404."""
    exam = queries.exam_of(patient_id, exam_id)
    if exam is None:
        raise Http404
    return exam


def start_form(request: HttpRequest, patient: "Patient", data: Any = None) -> StartForm:
    """Return the form that begins an examination: today, by who asks when she examines."""
    actor = actor_of(request)
    people = panels.examiner_choices(actor.own_practice_id)
    mine = [str(one) for one, _ in people if one == actor.person_id]
    initial = {"examined_on": timezone.localdate(), "examiner": mine[0] if mine else None}
    return StartForm(data, people=people, born_on=patient.born_on, initial=initial)


def home_context(request: HttpRequest, patient: "Patient", form: StartForm) -> dict[str, Any]:
    """Return what the list of examinations shows."""
    lines = queries.lines_of(patient.id)
    return {
        **frame_of(patient),
        "lines": lines,
        "draft": next((one for one in lines if one.exam.status == "draft"), None),
        "pairs": queries.pairs(lines),
        "given_up": queries.given_up(patient.id),
        "form": form,
    }
