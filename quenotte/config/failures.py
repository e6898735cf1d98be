"""What a person sees when something broke: calm words, a number, nothing of a patient."""

import logging
import sys
import traceback
import uuid

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from quenotte.base.audit.access import actor_of
from quenotte.base.audit.rules import SYSTEM
from quenotte.config import falls
from quenotte.config.plain_pages import page

logger = logging.getLogger(__name__)

#: After so many seconds the browser may try again.
RETRY_AFTER_S = 5

#: What the two engines say when somebody else holds the lock.
_BUSY_WORDS = ("locked", "lock timeout", "busy")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed: 503 when the database is away or busy, 500 otherwise."""
    error = sys.exc_info()[1]
    number = report(error)
    if isinstance(error, OperationalError | InterfaceError):
        is_reading = request.method in {"GET", "HEAD"}
        if not is_reading:
            _note(request, error)
        template = "423.html" if is_busy(error) else "503.html"
        return HttpResponse(
            page(template, {"incident": number, "is_reading": is_reading}),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
        )
    return HttpResponse(
        page("500.html", {"incident": number}), status=500, headers={"Cache-Control": "no-store"}
    )


def is_busy(error: Exception) -> bool:
    """Tell whether the database is there, and held by somebody else for too long."""
    words = str(error).lower()
    return any(word in words for word in _BUSY_WORDS)


def _note(request: HttpRequest, error: Exception) -> None:
    """Keep for the journal, which cannot be written now, that something was not saved."""
    try:
        actor = actor_of(request)
    except (AttributeError, DatabaseError, InterfaceError):
        # Who it was could not be found out before the database fell silent.
        actor = SYSTEM
    falls.note_refused(settings.DATA_DIR, reason="busy" if is_busy(error) else "away", actor=actor)


def report(error: BaseException | None) -> str:
    """Write the failure to the log once; return its number (8 characters).

    The log says where it failed and never what the error says: it may quote a patient.
    """
    number = uuid.uuid4().hex[:8]
    frames = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    logger.error("incident %s: %s\n%s", number, type(error).__name__, frames)
    return number
