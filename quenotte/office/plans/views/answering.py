"""How the page of a plan answers: the plan drawn again, a toast, and the version that was seen."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quenotte.office.plans import panels
from quenotte.web import answers

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def seen(request: HttpRequest) -> int:
    """Return the version of the plan that the page showed, 0 for none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def step(request: HttpRequest) -> int:
    """Return -1 for up, +1 for down."""
    return -1 if request.POST.get("sens") == "haut" else 1


def plan_done(
    request: HttpRequest,
    patient: "Patient",
    plan_id: UUID,
    act: Callable[[], object],
    *,
    text: str = "",
    undo: str = "",
    tell: str = "",
    beside: Callable[[], str] = str,
) -> HttpResponse:
    """Do something to a plan, then show it as it is now; ``beside`` draws what else changed."""
    return answers.done(
        request,
        act,
        back=reverse("plans:plan", args=[patient.id, plan_id]),
        text=text,
        undo=undo,
        tell=tell,
        fragment=lambda: (
            panels.plan_again(request, patient, plan_id)
            + panels.tabs_beside(request, patient, plan_id)
            + beside()
        ),
    )
