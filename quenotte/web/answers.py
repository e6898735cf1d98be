"""How a page answers a button: a fragment or a redirect, a toast or a message, a way back."""

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment


def shown_paper(request: HttpRequest, make: Callable[[], bytes], *, back: str) -> HttpResponse:
    """Show a PDF that is made now; a refusal is said on the page at ``back``."""
    try:
        content = make()
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    return HttpResponse(content, content_type="application/pdf")


def refused(request: HttpRequest, refusal: Refusal, *, back: str) -> HttpResponse:
    """Say a refusal in its own words: on the page that is shown, or at ``back``."""

    def act() -> None:
        raise refusal

    return done(request, act, back=back)


def done(
    request: HttpRequest,
    act: Callable[[], object],
    *,
    back: str,
    text: str | Callable[[], str] = "",
    undo: str | Callable[[], str] = "",
    fragment: Callable[[], str] | None = None,
    tell: str = "",
    drawn: tuple[type[Refusal], ...] = (),
) -> HttpResponse:
    """Do something, then say so; a refusal is said in its own words, and nothing else happens.

    ``fragment`` draws what htmx puts in place, ``undo`` takes the action back when POSTed,
    a ``text`` or ``undo`` that depends on what came of it is asked for afterwards,
    ``back`` is where a browser without script goes, ``tell`` names an event for the page's
    script when all went well; the refusals ``drawn`` are said by the fragment itself.
    """
    level = "ok"
    try:
        act()
        text = text() if callable(text) else text
        undo = undo() if callable(undo) else undo
    except Refusal as refusal:
        is_said = isinstance(refusal, drawn) and wants_fragment(request)
        text, undo, level, tell = "" if is_said else str(refusal), "", "attention", ""
    if not wants_fragment(request):
        if text:
            (messages.success if level == "ok" else messages.warning)(request, text)
        return redirect(back)
    response = HttpResponse(fragment() if fragment else "", status=200 if fragment else 204)
    events: dict[str, object] = {tell: True} if tell else {}
    if text:
        events["toast"] = {"text": text, "level": level, **({"undoUrl": undo} if undo else {})}
    if events:
        response["HX-Trigger"] = json.dumps(events)
    return response
