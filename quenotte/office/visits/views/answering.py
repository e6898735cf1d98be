"""How the page of a visit answers: the part that changed, a toast, and what was seen."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quenotte.kernel.errors import Refusal
from quenotte.office.visits import panels
from quenotte.web import answers

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def seen(request: HttpRequest) -> int:
    """Return the version of the note that the page showed, 0 for none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def visit_done(
    request: HttpRequest,
    patient: "Patient",
    visit_id: UUID,
    act: Callable[[], object],
    *,
    text: str | Callable[[], str] = "",
    undo: str | Callable[[], str] = "",
    tell: str = "",
    form_id: str = "",
    drawn: tuple[type[Refusal], ...] = (),
    beside: Callable[[], str] = str,
) -> HttpResponse:
    """Do something in a visit, then show what was done as it is now.

    ``form_id`` names the form that needs a new key, and is empty again when all went well: what
    is refused stays as it was typed. ``beside`` draws what else changed, the refusals ``drawn``
    too.
    """
    key = panels.next_key(request, form_id) if form_id else ""
    return answers.done(
        request,
        act,
        back=reverse("visits:visit", args=[patient.id, visit_id]),
        text=text,
        undo=undo,
        tell=tell or ("formNoted" if form_id else ""),
        drawn=drawn,
        fragment=lambda: panels.work_again(request, patient, visit_id) + key + beside(),
    )
