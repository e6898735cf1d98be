"""Who asks and what she may do, and a line for each login, refused or not."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from quenotte.base.audit.access import actor_of, public, requires
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.access import sit

__all__ = ["actor_of", "masked_username", "may_request", "person_of", "public", "requires"]


def may_request(request: HttpRequest, action: str) -> bool:
    """Tell whether the person of this request may do ``action`` (for menus and templates)."""
    person = request.user
    lent: frozenset[str] = getattr(request, "extra_roles", frozenset())
    return person.is_authenticated and person.is_active and person.may(action, lent)


def person_of(request: HttpRequest) -> Person:
    """Return the person who is logged in; only views behind ``requires`` may ask.

    Raises: PermissionDenied for a stranger.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def masked_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Return what django-axes counts failures under: a digest, never what was typed.

    People type their password in the wrong field: no table may keep it.
    """
    given = credentials or {}
    typed = given.get("username") or given.get("login") or request.POST.get("login")
    if not typed:
        return None
    return salted_hmac("quenotte.base.people.axes", str(typed).strip().lower()).hexdigest()


def note_login(request: HttpRequest, user: Person, **_: Any) -> None:
    """Write the line of a login (receives allauth's ``user_logged_in``)."""
    sit(request, user.practice_id)
    record(action=Action.LOGIN, actor=actor_of(request), object_kind="session")


def note_logout(request: HttpRequest | None, user: Person | None, **_: Any) -> None:
    """Write the line of a logout (receives Django's ``user_logged_out``)."""
    if request is not None and user is not None:
        record(action=Action.LOGOUT, actor=_as(request, user), object_kind="session")


def note_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Write the line of a refused login: which account when it exists, never what was typed."""
    if request is None:
        return
    account = _account(str(credentials.get("username") or ""))
    record(
        action=Action.FAILURE,
        actor=_stranger(request, account),
        object_kind="account",
        object_id=str(account.id) if account else "",
        result="failed",
        detail={"known": account is not None},
    )


def note_lockout(request: HttpRequest, **_: Any) -> None:
    """Write the line of a lockout (receives django-axes' ``user_locked_out``)."""
    account = account_tried(request)
    record(
        action=Action.FAILURE,
        actor=_stranger(request, account),
        object_kind="account",
        object_id=str(account.id) if account else "",
        result="locked",
        detail={"known": account is not None, "minutes": lockout_minutes()},
    )


def lockout_minutes() -> int:
    """Return how long a lockout lasts, in minutes."""
    return round(settings.AXES_COOLOFF_TIME * 60)


def account_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> Person | None:
    """Return the account that somebody tries to open; None when there is none of that name."""
    given = (credentials or {}).get("username") or getattr(request, "tried", "")
    return _account(str(given or request.POST.get("login", "")))


def _account(username: str) -> Person | None:
    return Person.objects.filter(username=username.strip().lower()).first()


def _stranger(request: HttpRequest, account: Person | None) -> Actor:
    """Return somebody not proven to be anybody; the line goes to the account's practice."""
    seat = getattr(request, "workstation", None)
    practice_id: UUID | None = seat.practice_id if seat else None
    return Actor(
        person_id=None,
        person_label="",
        practice_id=account.practice_id if account else practice_id,
        workstation=seat.name if seat else "",
        source="web",
    )


def _as(request: HttpRequest, person: Person) -> Actor:
    seat = getattr(request, "workstation", None)
    return Actor(
        person_id=person.id,
        person_label=person.full_name,
        practice_id=person.practice_id,
        workstation=seat.name if seat else "",
        source="web",
        roles=person.roles,
    )
