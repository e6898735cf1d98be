"""Answers that several pages give."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment


def leading(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to a page, whether a form or htmx asked."""
    response = HttpResponse(status=204 if wants_fragment(request) else 302)
    response["HX-Redirect" if wants_fragment(request) else "Location"] = address
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
