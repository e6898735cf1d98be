"""Answers that several pages give."""

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment


def leading(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to a page, whether a form or htmx asked."""
    if not wants_fragment(request):
        return redirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def whole(drawn: str, place: str, *, status: int = 200) -> HttpResponse:
    """Answer htmx with a part of the page that takes the place of the whole of it."""
    response = HttpResponse(drawn, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = place, "outerHTML"
    return response


def toasted(response: HttpResponse, words: str, level: str) -> HttpResponse:
    """Say something in passing beside an answer to htmx."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": words, "level": level}})
    return response


def done(request: HttpRequest, work: Callable[[], object], words: str) -> bool:
    """Do one operation; the next page says what happened, or why it did not."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    if words:
        messages.success(request, words)
    return True
