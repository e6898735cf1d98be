"""A draft that is none any more: its page says who gave it up or issued it, and what was typed."""

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.patients import queries as patients
from quenotte.care.prescriptions.models import State
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.views.answers import toasted, whole
from quenotte.web.fragments import wants_fragment
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.prescriptions.models import Letter, Prescription
    from quenotte.kernel.errors import Refusal

#: Where the editor of each stood, who may write there, the page of the paper, and who tells what
#: waited in a tab in words.
_PLACES: Final = {
    "letter": ("courrier", "letters.write", "prescriptions:letter", "prescriptions:letter_beside"),
    "prescription": (
        "ordonnance",
        "prescriptions.write",
        "prescriptions:show",
        "prescriptions:beside",
    ),
}


def gone(request: HttpRequest, paper: "Prescription | Letter", kind: str) -> HttpResponse:
    """Answer whoever opens a dropped draft (410); ``kind``: "letter" or "prescription"."""
    context = _context(request, paper, kind) | patients.frame_of(paper.patient)
    return render(request, "care/prescriptions/closed.html", context, status=410)


def closed_meanwhile(
    request: HttpRequest, paper: "Prescription | Letter", kind: str, beside: str
) -> HttpResponse:
    """Answer whoever was writing on it (409): ``beside`` is what was typed, in words."""
    context = _context(request, paper, kind) | {"beside": beside}
    is_dropped = paper.state == State.DROPPED
    refusal = str(_refusal(paper, beside))
    if wants_fragment(request):
        name = "_dropped.html" if is_dropped else "_issued.html"
        drawn = render_to_string(f"care/prescriptions/{name}", context, request)
        response = whole(drawn, f"#{context['place']}", status=409)
        return toasted(response, refusal, "attention") if beside or is_dropped else response
    if beside or is_dropped:
        messages.error(request, refusal)
    context |= patients.frame_of(paper.patient)
    return render(request, "care/prescriptions/closed.html", context, status=409)


def _refusal(paper: "Prescription | Letter", beside: str) -> "Refusal":
    """Return why nothing is written any more, and what to do with what was typed."""
    if paper.state == State.DROPPED:
        return refusals.Dropped() if beside else refusals.DroppedUntouched()
    if paper.state == State.CANCELLED:
        return refusals.CancelledMeanwhile()
    return refusals.IssuedMeanwhile()


def _context(request: HttpRequest, paper: "Prescription | Letter", kind: str) -> dict[str, object]:
    place, action, shown_at, told_at = _PLACES[kind]
    return {
        "paper": paper,
        "patient": paper.patient,
        "place": place,
        "is_dropped": paper.state == State.DROPPED,
        "can_write": may(actor_of(request).roles, action),
        "key": f"{kind}:{paper.id}",
        "paper_url": link_to(shown_at, paper.id),
        "beside_url": link_to(told_at, paper.id),
        "beside": "",
        "is_fragment": wants_fragment(request),
    }
