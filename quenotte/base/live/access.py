"""Who may listen, and to what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.utils import timezone

from quenotte.base.live.models import Event
from quenotte.base.practice.access import COOKIE as WORKSTATION

#: The permission that opens a stream.
PERMISSION = "live.read"


#: The event that locks the screens of one login, and closes its streams.
LOCK: Final = "session.lock"

#: Says which login a session holds and when to look at it again; None: nobody may listen.
Watch = Callable[[Mapping[str, Any], UUID], tuple[UUID, datetime] | None]


@dataclass(frozen=True)
class Keyboard:
    """What the room above knows of a keyboard.

    ``is_elsewhere`` says whether a session was carried from the workstation of its login to
    the one whose key is shown, and then ends that login.
    """

    watch: Watch
    is_locked: Callable[[Mapping[str, Any]], bool]
    is_elsewhere: Callable[[Mapping[str, Any], UUID, str], bool]


_keyboards: list[Keyboard] = []


def use_keyboard(keyboard: Keyboard) -> None:
    """Name the functions that know where a login sits and whether it is locked."""
    _keyboards[:] = [keyboard]


@dataclass(frozen=True)
class Shown:
    """What a browser shows of itself: the keys of a session and of a workstation."""

    session_key: str
    workstation_key: str


def shown_by(cookies: str) -> Shown | None:
    """Read a header of cookies as the pages read it; None when it holds no session."""
    found = parse_cookie(cookies)
    key = found.get(settings.SESSION_COOKIE_NAME, "")
    return Shown(key, found.get(WORKSTATION, "")) if key else None


@dataclass(frozen=True)
class Listener:
    """Who listens: what decides whether an event is for her.

    ``login`` is the login behind the stream, ``look_at`` when it must be looked at again
    before anything more is told.
    """

    practice_id: UUID
    person_id: UUID
    may: Callable[[str], bool]
    login: UUID | None = None
    look_at: datetime | None = None
    #: Her name, as the journal writes it.
    label: str = ""

    def is_due(self) -> bool:
        """Tell whether the login must be looked at before the next event."""
        return self.look_at is not None and timezone.now() >= self.look_at

    def hears(self, event: Event) -> bool:
        """Tell whether an event is meant for this person."""
        if event.practice_id not in {None, self.practice_id}:
            return False
        if event.person_id not in {None, self.person_id}:
            return False
        if event.name == LOCK and event.data.get("sitting") != str(self.login):
            return False
        return not event.audience or self._is_allowed(event.audience)

    def _is_allowed(self, audience: str) -> bool:
        try:
            return self.may(audience)
        except KeyError:
            # A permission that nobody declared opens nothing.
            return False


def listener_of(shown: Shown) -> Listener | None:
    """Return who is logged in with this session; None when nobody may listen with it.

    The same checks as a page: the session lives, at its own workstation, the login was not cut,
    the account is open. A login that is shown elsewhere is ended.
    """
    session = _session(shown.session_key)
    person = _person(session)
    if not person.is_authenticated or not person.may(PERMISSION):
        return None
    for keyboard in _keyboards:
        if keyboard.is_elsewhere(session, person.practice_id, shown.workstation_key):
            return None
        found = keyboard.watch(session, person.pk)
        if found is None:
            return None
        return Listener(person.practice_id, person.pk, person.may, *found, person.full_name)
    return Listener(person.practice_id, person.pk, person.may, label=person.full_name)


def refusal_of(shown: Shown) -> int:
    """Return the status for a session that may not listen: 423 when locked, 401 otherwise."""
    session = _session(shown.session_key)
    if not _person(session).is_authenticated:
        return 401
    return 423 if any(one.is_locked(session) for one in _keyboards) else 401


def _session(session_key: str) -> Any:
    engine: Any = import_module(settings.SESSION_ENGINE)
    return engine.SessionStore(session_key)


def _person(session: Any) -> Any:
    request = HttpRequest()
    request.session = session
    return get_user(request)
