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
    changes = _read(request.POST.get("changes", ""))
    if changes is None:
        words = _("Ces valeurs n’ont pas été comprises. Elles restent à l’écran.")
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
    return JsonResponse({"kept": kept.count, "refused": refused})


def _read(text: str) -> list[Change] | None:
    """Return the changes of a request; None when it is not understood."""
    try:
        sent = json.loads(text)
    except ValueError:
        return None
    if not isinstance(sent, list) or len(sent) > MOST_CHANGES:
        return None
    changes = [change_of(one) for one in sent]
    return [one for one in changes if one] if all(changes) else None


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
