"""What the keyboard's island asks: values kept, values read again, the drawing drawn again."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.perio import operations, panels, queries, wording
from quenotte.care.perio.rules.indices import indices
from quenotte.care.perio.rules.readings import MOST_CHANGES, Change, change_of
from quenotte.care.perio.views.opening import opened


@requires("chart.write")
@require_POST
def values(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Keep what was keyed in; what cannot be comes back with the reason."""
    patient, exam = opened(request, patient_id, exam_id, action="chart.write")
    changes, strange = _read(request.POST.get("changes", ""))
    words = _(
        "Des valeurs n’ont pas été comprises. Elles sont écrites à côté : rechargez la page, puis "
        "reprenez-les."
    )
    if not changes:
        return JsonResponse({"message": words}, status=400)
    try:
        kept = operations.key_in(
            actor=actor_of(request),
            patient_id=patient.id,
            exam_id=exam.id,
            changes=changes,
            hand=request.POST.get("hand", "")[:40],
        )
    except operations.ExamIsClosed as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    refused = [_told(change, code) for change, code in kept.refused]
    refused += [_told(one, "overtaken") | {"held": now} for one, now in kept.overtaken]
    refused += [one | {"message": words} for one in strange]
    return JsonResponse({"kept": kept.count, "refused": refused})


def _read(text: str) -> tuple[list[Change], list[dict[str, Any]]]:
    """Return the changes of a request, and those that are not understood: others stay good.

    A page that was left open through an upgrade says things of another version.
    """
    try:
        sent = json.loads(text)
    except ValueError:
        return [], []
    if not isinstance(sent, list) or len(sent) > MOST_CHANGES:
        return [], []
    read = [(change_of(one), one) for one in sent]
    strange = [_echo(raw) for change, raw in read if change is None]
    return [change for change, _raw in read if change], strange


def _echo(raw: Any) -> dict[str, Any]:
    """Return a change as it was sent, in a form that the page can write beside the chart."""
    sent = raw if isinstance(raw, dict) else {}
    tooth, value = sent.get("tooth"), sent.get("value")
    return {
        "tooth": tooth if isinstance(tooth, int) else 0,
        "site": str(sent.get("site", "")),
        "field": str(sent.get("field", "")),
        "value": value if isinstance(value, (int, str, type(None))) else str(value),
    }


def _told(change: Change, code: str) -> dict[str, Any]:
    return {
        "tooth": change.tooth,
        "site": change.site,
        "field": change.field,
        "value": change.value,
        "message": wording.refused(code, change.tooth),
    }


@requires("chart.read")
@require_GET
def state(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Return all values of an examination, after somebody else typed some."""
    _patient, exam = opened(request, patient_id, exam_id)
    charting = queries.charting_of(exam.id)
    return JsonResponse({"status": exam.status, "values": panels.values(charting)})


@requires("chart.read")
@require_GET
def chart(request: HttpRequest, patient_id: UUID, exam_id: UUID) -> HttpResponse:
    """Draw an examination again, and its indices."""
    _patient, exam = opened(request, patient_id, exam_id)
    charting = queries.charting_of(exam.id)
    drawn = panels.chart(exam, charting, is_live=True)
    return HttpResponse(drawn + panels.index_list(panels.index_rows(indices(charting))))
