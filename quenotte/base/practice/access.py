"""From which workstation: each browser keeps a random key, the journal says its name.

The middleware stands here and not in a file of its own because it is a door: it decides who
sits where before any view runs, and nothing above this room has to know how.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from quenotte.base.practice.models import Workstation

COOKIE: Final = settings.WORKSTATION_COOKIE_NAME
#: Browsers keep a cookie 400 days at most; each login starts them again.
_COOKIE_AGE_S: Final = 400 * 24 * 3600
#: Where the session remembers its workstation, so that no request asks the database.
SEAT: Final = "workstation"

Respond = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Seat:
    """The workstation of a request."""

    id: str
    name: str
    practice: str
    digest: str

    @property
    def practice_id(self) -> UUID | None:
        """The practice in which it stands."""
        return UUID(self.practice) if self.practice else None


def workstations(get_response: Respond) -> Respond:
    """Give each request its ``workstation`` (a Seat, or None for a browser nobody knows)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.workstation = _seat_of(request)  # type: ignore[attr-defined]
        response = get_response(request)
        if key := getattr(request, "workstation_key", ""):
            response.set_cookie(
                COOKIE,
                key,
                max_age=_COOKIE_AGE_S,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return middleware


def sit(request: HttpRequest, practice_id: UUID) -> Seat:
    """Remember the workstation of a person who has just logged in; make it known if new."""
    key = request.COOKIES.get(COOKIE, "")
    workstation = _known(key)
    if workstation is None:
        key = secrets.token_urlsafe(32)
        digest = _digest(key)
        workstation = Workstation.objects.create(
            practice_id=practice_id, key_digest=digest, name=f"Poste {digest[:4].upper()}"
        )
    _seen_today(workstation)
    seat = _seat(workstation)
    request.session[SEAT] = asdict(seat)
    request.workstation_key = key  # type: ignore[attr-defined]
    request.workstation = seat  # type: ignore[attr-defined]
    return seat


def _seat_of(request: HttpRequest) -> Seat | None:
    key = request.COOKIES.get(COOKIE, "")
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        kept = request.session.get(SEAT)
        if seat := remembered(kept, key):
            return seat
        if kept is None and SESSION_KEY in request.session and request.user.is_authenticated:
            return sit(request, request.user.practice_id)
        if kept is not None:
            # A session carried to another browser is none of this one's.
            return seat_of_key(key)
    # A login may fail: its line names the workstation. Other strangers cost nothing.
    return seat_of_key(key) if request.method == "POST" else None


def remembered(kept: dict[str, Any] | None, key: str) -> Seat | None:
    """Return the workstation that a session keeps, when the browser's key is its own.

    A session carried to another browser does not keep the first one's name.
    """
    return Seat(**kept) if kept and kept["digest"] == _digest(key) else None


def seat_of_key(key: str) -> Seat | None:
    """Return the workstation of a browser's key; None for one that nobody knows."""
    workstation = _known(key)
    return _seat(workstation) if workstation else None


def _known(key: str) -> Workstation | None:
    return Workstation.objects.filter(key_digest=_digest(key)).first() if key else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _seat(workstation: Workstation) -> Seat:
    return Seat(
        id=str(workstation.id),
        name=workstation.name,
        practice=str(workstation.practice_id or ""),
        digest=workstation.key_digest,
    )


def _seen_today(workstation: Workstation) -> None:
    today = timezone.localdate()
    if workstation.seen_on != today:
        Workstation.objects.filter(id=workstation.id).update(seen_on=today)
