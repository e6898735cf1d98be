"""How the catalogue answers: a page with its parts, a toast with a way back, a sentence."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quenotte.base.people.access import actor_of
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue import queries

#: What a list of acts listens to, to draw itself again.
CHANGED = "acts"


def page(
    request: HttpRequest, name: str, subpart: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Draw a page of the catalogue below its parts, of which ``subpart`` is the current one."""
    context = {
        "subpart": subpart,
        "catalogue": queries.state(practice_of(request)),
        **context,
    }
    return render(request, f"office/catalogue/{name}.html", context, status=status)


def practice_of(request: HttpRequest) -> Any:
    """Return the practice whose catalogue is shown."""
    return actor_of(request).own_practice_id


def toasted(
    response: HttpResponse, text: str, *, undo: str = "", level: str = "ok", changed: bool = False
) -> HttpResponse:
    """Say something in the corner of the page, with a way back; have lists drawn again."""
    toast = {"text": text, "level": level, **({"undoUrl": undo} if undo else {})}
    response["HX-Trigger"] = json.dumps({"toast": toast, **({CHANGED: True} if changed else {})})
    return response


def attempt(
    request: HttpRequest, operation: Callable[..., object], done: str, back: str, **values: Any
) -> HttpResponse:
    """Run an operation for a plain form, say how it went, go back."""
    try:
        operation(actor=actor_of(request), **values)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)


def first_error(form: Any) -> str:
    """Return the first sentence of what is wrong with a form."""
    return next(str(error) for errors in form.errors.values() for error in errors)
