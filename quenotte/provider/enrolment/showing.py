"""A token that was just made, shown to who made it alone: sealed in her session, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from quenotte.base.sealing import seal, unseal
from quenotte.provider.enrolment import queries
from quenotte.provider.enrolment.models import Token

_KEY: Final = "fresh_token"
#: Long enough to walk to the machine and to paste; whoever takes the chair later finds nothing.
SHOWN_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Shown:
    """A token in clear, and until when it is shown."""

    typed: str
    until: datetime


def keep(request: HttpRequest, token: Token, typed: str) -> None:
    """Keep a token for the pages that follow; the session holds it sealed."""
    until = timezone.now() + SHOWN_FOR
    sealed = seal(typed, _KEY)
    request.session[_KEY] = {"id": str(token.id), "sealed": sealed, "until": until.isoformat()}


def shown(request: HttpRequest) -> Shown | None:
    """Return the token to show; one whose time is over or that was revoked is forgotten."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None:
        return None
    found = _opened(kept) if isinstance(kept, dict) else None
    if found is None:
        forget(request)
    return found


def _opened(kept: dict[str, Any]) -> Shown | None:
    until = datetime.fromisoformat(kept["until"])
    if timezone.now() >= until or not queries.is_open(UUID(kept["id"])):
        return None
    typed = unseal(kept["sealed"], _KEY)
    return Shown(typed, until) if typed else None


def forget(request: HttpRequest) -> None:
    """Show it no more."""
    request.session.pop(_KEY, None)
