"""What a login opens: its first step, its emergency grants, its live stream."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from quenotte.base.audit.access import actor_of
from quenotte.base.keyboard.looking import Login, look, open_grant
from quenotte.base.keyboard.rules import GLASS, State, is_idle
from quenotte.base.practice.access import COOKIE

#: Where the session keeps the id of its sitting, and the page to come back to.
SITTING: Final = "sitting"
RETURN_TO: Final = "return_to"

#: Finds the patient of a view from the value of one parameter of its address.
Subject = Callable[[Any], UUID | None]

_subjects: dict[str, Subject] = {"patient_id": lambda value: value}


def use_subject(parameter: str, find: Subject) -> None:
    """Say how to find the patient of a view whose address has ``parameter`` (a picture's id)."""
    _subjects[parameter] = find


def roles_by_grant(login: Login | None, parameters: Mapping[str, Any]) -> frozenset[str]:
    """Return what an open grant adds to the roles of a request about one record.

    Asks nothing for who has no grant: the end of the last one is part of her login.
    """
    if login is None or login.glass_until is None or login.glass_until <= timezone.now():
        return frozenset()
    for name, value in parameters.items():
        find = _subjects.get(name)
        patient_id = find(value) if find else None
        if patient_id and open_grant(login.person_id, patient_id):
            return frozenset({GLASS})
    return frozenset()


def opens_by_grant(person_id: UUID | None, roles: frozenset[str], patient_id: UUID) -> bool:
    """Tell whether the grant that lent its role opens this very record."""
    return GLASS in roles and open_grant(person_id, patient_id) is not None


def first_step(login: Login) -> str:
    """Return the name of the page that comes before anything else; "" when none does."""
    if login.needs_reason:
        return "keyboard:reason"
    return "keyboard:own" if login.needs_factor else ""


def login_of(request: HttpRequest) -> Login:
    """Return the login of a request; only views behind ``requires`` may ask.

    Raises: LookupError for a stranger.
    """
    login: Login | None = getattr(request, "sitting", None)
    if login is None:
        raise LookupError("this request comes with no login")
    return login


def workstation_key(request: HttpRequest) -> str:
    """Return the random key that this browser keeps in its cookie."""
    return request.COOKIES.get(COOKIE, "")


def may_listen(session: Mapping[str, Any], person_id: UUID) -> tuple[UUID, datetime] | None:
    """Return the sitting of a live stream and when it must be looked at again; None: locked.

    The stream looks at once when that moment has come: an event is never told to a screen
    that should be locked.
    """
    login = look(session.get(SITTING))
    if login is None or login.person_id != person_id or first_step(login):
        return None
    now = timezone.now()
    idle = is_idle(now=now, last_input_at=login.last_input_at, idle_s=login.idle_s)
    if login.state is not State.OPEN or idle:
        return None
    return login.id, login.last_input_at + timedelta(seconds=login.idle_s)


def is_locked(session: Mapping[str, Any]) -> bool:
    """Tell whether the login of a session is locked (and not over)."""
    login = look(session.get(SITTING))
    return login is not None and login.state is not State.CLOSED and not first_step(login)


__all__ = [
    "GLASS",
    "RETURN_TO",
    "SITTING",
    "actor_of",
    "first_step",
    "is_locked",
    "login_of",
    "may_listen",
    "opens_by_grant",
    "roles_by_grant",
    "use_subject",
    "workstation_key",
]
