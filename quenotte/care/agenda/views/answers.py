"""How a change is answered: in words, with the way back, and never with half a page.

The grid, the waiting room and the panels send changes in the background; what they hear is an
empty answer whose ``HX-Trigger`` says what to tell and that the agenda must be drawn again.
Without script the same change is a form, and the answer a page with a message.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.access import actor_of
from quenotte.care.agenda import operations
from quenotte.care.agenda.forms.fields import impossible
from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment

#: Asks the open page to read the agenda again; carries what changed.
CHANGED = "agenda:changed"
#: Asks the person whether she insists; carries why the hours speak against it.
ANYWAY = "agenda:anyway"


class NotUnderstood(Refusal):
    """What was sent is no change that anybody can type."""

    message = _("La demande est incomplète. Rien n’a été modifié.")
    #: What the journal calls it; "" when there is nothing to note.
    reason: str = ""


@dataclass(frozen=True)
class Told:
    """What was done, in words; ``undo`` is the address that takes it back when POSTed."""

    words: str
    undo: str = ""
    changed: dict[str, Any] = field(default_factory=dict)


def attempt(request: HttpRequest, work: Callable[[], Told]) -> HttpResponse:
    """Run a change and tell how it went."""
    try:
        told = work()
    except Refusal as refusal:
        _note(request, refusal)
        return _refused(request, refusal)
    if not wants_fragment(request):
        messages.success(request, told.words)
        return redirect(_back(request))
    toast = {"text": told.words, **({"undoUrl": told.undo} if told.undo else {})}
    return triggering(HttpResponse(status=204), {"toast": toast, CHANGED: told.changed})


def triggering(response: HttpResponse, events: dict[str, Any]) -> HttpResponse:
    """Ask the page that receives this answer for some events."""
    response["HX-Trigger"] = json.dumps(events)
    return response


def address(name: str, appointment_id: UUID, **values: Any) -> str:
    """Return the address of a change with its values, for a way back."""
    kept = {key: "" if value is None else value for key, value in values.items()}
    return f"{reverse(f'agenda:{name}', args=[appointment_id])}?{urlencode(kept)}"


def sent(request: HttpRequest) -> QueryDict:
    """Return what came with a change: a way back has its values in its address."""
    values = request.GET.copy()
    values.update(request.POST)
    return values


def understood(form: forms.Form) -> dict[str, Any]:
    """Return the values of a form. Raises: NotUnderstood, with the first error in words."""
    if form.is_valid():
        return form.cleaned_data
    first = next((str(error) for errors in form.errors.values() for error in errors), "")
    wrong = NotUnderstood(f"{first} {_('Rien n’a été modifié.')}".strip())
    wrong.reason = impossible(form)
    raise wrong


def _note(request: HttpRequest, refusal: Refusal) -> None:
    """Leave the line of what was refused; what could not be read asked for nothing."""
    reason, match = _reason(refusal), request.resolver_match
    if not reason or match is None:
        return
    actor, named = actor_of(request), match.kwargs
    if "appointment_id" in named:
        appointment_id = named["appointment_id"]
        operations.note_refused_change(actor=actor, reason=reason, appointment_id=appointment_id)
    else:
        operations.note_refused_waiting(actor=actor, reason=reason, entry_id=named.get("entry_id"))


def _reason(refusal: Refusal) -> str:
    if isinstance(refusal, NotUnderstood):
        return refusal.reason
    return operations.reason_of(refusal)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if not wants_fragment(request):
        messages.error(request, str(refusal))
        return redirect(_back(request))
    answer = HttpResponse(status=409)
    if isinstance(refusal, operations.Closed) and refusal.can_force:
        return triggering(answer, {ANYWAY: str(refusal)})
    changed: dict[str, Any] = {}
    if isinstance(refusal, operations.ChangedMeanwhile):
        # Told now: who tries again has read what the other person did.
        changed = {"version": refusal.version}
    toast = {"text": str(refusal), "level": "danger"}
    return triggering(answer, {"toast": toast, CHANGED: changed})


def _back(request: HttpRequest) -> str:
    """Return the page the change was sent from, else the agenda."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return page if is_ours else reverse("agenda:page")
