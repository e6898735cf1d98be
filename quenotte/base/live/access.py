"""Who may listen, and to what."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from quenotte.base.live.models import Event

#: The permission that opens a stream.
PERMISSION = "live.read"


@dataclass(frozen=True)
class Listener:
    """Who listens: what decides whether an event is for her."""

    practice_id: UUID
    person_id: UUID
    may: Callable[[str], bool]
    #: Her name, as the journal writes it.
    label: str = ""

    def hears(self, event: Event) -> bool:
        """Tell whether an event is meant for this person."""
        if event.practice_id not in {None, self.practice_id}:
            return False
        if event.person_id not in {None, self.person_id}:
            return False
        return not event.audience or self._is_allowed(event.audience)

    def _is_allowed(self, audience: str) -> bool:
        try:
            return self.may(audience)
        except KeyError:
            # A permission that nobody declared opens nothing.
            return False


def listener_of(session_key: str) -> Listener | None:
    """Return who is logged in with this session; None when nobody may listen with it.

    The same checks as a page: the session lives, the login was not cut, the account is open.
    """
    engine: Any = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.session = engine.SessionStore(session_key)
    person: Any = get_user(request)
    if not person.is_authenticated or not person.may(PERMISSION):
        return None
    return Listener(person.practice_id, person.pk, person.may, person.full_name)
