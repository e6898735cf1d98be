"""The door in front of every page: whose login is this, is it here, is it locked?

A middleware, after the one that finds the workstation. While a keyboard is locked nothing of
the practice is answered: pages lead to the lock (302), everything else is refused (423).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit import queries as journal
from quenotte.base.audit.access import actor_of
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import access, operations, queries
from quenotte.base.keyboard.queries import Login
from quenotte.base.keyboard.rules import (
    ALIVE,
    LAST_WORDS_S,
    PROOF_LENGTH_S,
    State,
    input_step_s,
    is_idle,
    is_recent,
)
from quenotte.kernel.dates import clock

Respond = Callable[[HttpRequest], HttpResponseBase]

#: Where the lock itself lives: the only addresses that answer while it is on.
LOCK_PREFIX: Final = "/verrou/"


class Door:
    """Give each request its ``sitting`` (a Login, or None for a stranger), or stop it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer one request."""
        request.sitting, request.first_step = None, ""
        request.proof_is_fresh, request.extra_roles = False, frozenset()
        request.parting_words = ""
        if request.path.startswith(settings.PUBLIC_PATHS):
            # Made for people without a login: whoever sits here counts for nothing there.
            request.user = AnonymousUser()
            return self.get_response(request)
        return self._stopped(request) or self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], _args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Give the person of an emergency grant what it opens, on this record alone.

        Who lost her login is told why, on the page that follows.
        """
        if request.parting_words:
            messages.warning(request, request.parting_words)
        request.extra_roles = access.roles_by_grant(request.sitting, kwargs)

    def _stopped(self, request: Any) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return None
        # The person herself: a page asks some hundred things of her through Django's proxy.
        request.user = get_user(request)
        login = queries.look(request.session.get(access.SITTING))
        if login is None or login.person_id != request.user.pk or login.state not in ALIVE:
            request.parting_words = _why_over(request, login)
            _end(request)
            return None
        login = _seated(request, login)
        if login is None:
            _turn_away(request)
            return None
        login = _locked_by_time(request, login)
        request.sitting = login
        if login.state is State.LOCKED:
            return _while_locked(request, login)
        _note_input(request, login)
        request.proof_is_fresh = is_recent(
            now=timezone.now(), at=login.proven_at, length_s=PROOF_LENGTH_S
        )
        request.first_step = access.first_step(login)
        return None


def _end(request: Any) -> None:
    """Forget the session: the view that follows leads to the login page."""
    request.session.flush()
    request.user = AnonymousUser()


def _turn_away(request: Any) -> None:
    """Give a stranger's browser a session of its own: the other one still tells its owner why."""
    request.session = type(request.session)()
    request.user = AnonymousUser()


def _why_over(request: Any, login: Login | None) -> str:
    """Return what the person of a login that is over must know: it was used elsewhere."""
    seat = request.workstation
    if login is None or seat is None or UUID(seat.id) != login.workstation_id:
        return ""
    stolen = journal.stolen_login(login.person_id, since=login.opened_at)
    if stolen is None:
        return ""
    at, place = stolen
    return _(
        "Votre connexion a été présentée depuis un autre poste (%(place)s), le %(day)s à %(time)s. "
        "Elle a été refusée et fermée partout. Connectez-vous de nouveau ; si ce n’était pas vous, "
        "changez votre mot de passe et prévenez le gestionnaire."
    ) % {
        "place": place or _("poste inconnu"),
        "day": f"{timezone.localtime(at):%d/%m}",
        "time": clock(timezone.localtime(at)),
    }


def _seated(request: Any, login: Login) -> Login | None:
    """Return the login when it comes from its own workstation; else end it, and say so."""
    seat = request.workstation
    if seat is not None and login.workstation_id is None:
        workstation_id = UUID(seat.id)
        operations.seat(sitting_id=login.id, workstation_id=workstation_id)
        return queries.look(login.id)
    if seat is None or UUID(seat.id) != login.workstation_id:
        operations.refuse_stolen(actor=_somebody(request), login=login)
        return None
    return login


def _somebody(request: Any) -> Actor:
    """Return an actor who is not proven to be the person of the session."""
    seat = request.workstation
    return Actor(None, "", request.user.practice_id, seat.name if seat else "", "web")


def _locked_by_time(request: Any, login: Login) -> Login:
    now = timezone.now()
    if login.state is not State.OPEN or not is_idle(
        now=now, last_input_at=login.last_input_at, idle_s=login.idle_s
    ):
        return login
    how = "clock" if login.last_input_at > now else "idle"
    operations.lock(actor=actor_of(request), sitting_id=login.id, how=how)
    return replace(login, state=State.LOCKED, locked_at=now)


def _while_locked(request: Any, login: Login) -> HttpResponseBase | None:
    person = request.user
    if not login.reason and queries.has_day_ended(person.practice_id, person.role):
        operations.close(actor=actor_of(request), sitting_id=login.id, how="hours")
        _end(request)
        return None
    if request.path.startswith(LOCK_PREFIX) or request.path == reverse("account_logout"):
        return None
    if request.path == reverse("people:draft") and _are_last_words(login):
        return None
    if not _is_page(request):
        return refused()
    if request.method in {"GET", "HEAD"}:
        # In the session and not in the address: an address may hold a name that was searched.
        request.session[access.RETURN_TO] = request.get_full_path()
    return redirect("keyboard:lock")


def refused() -> HttpResponse:
    """Answer what is not a page: 423, and where the whole page must go."""
    headers = {"HX-Redirect": reverse("keyboard:lock"), "Cache-Control": "no-store"}
    return HttpResponse(status=423, headers=headers)


def _are_last_words(login: Login) -> bool:
    """Tell whether what was typed just before the lock may still be kept (and nothing read)."""
    return is_recent(now=timezone.now(), at=login.locked_at, length_s=LAST_WORDS_S)


def _is_page(request: Any) -> bool:
    if request.headers.get("HX-Request"):
        return False
    wanted = request.headers.get("Accept", "")
    where = request.headers.get("Sec-Fetch-Dest", "")
    if where:
        return bool(where == "document")
    # Without Fetch Metadata (plain HTTP on a network), a navigation says that it wants HTML.
    return not wanted or "text/html" in wanted


def _note_input(request: Any, login: Login) -> None:
    """Count a navigation that the browser itself says a person asked for.

    Source: Fetch Metadata Request Headers, « Sec-Fetch-User »: a forbidden header name, so
    that no script of a page sets it; polling and timers never carry it.
    """
    if request.headers.get("Sec-Fetch-User") != "?1":
        return
    elapsed_s = (timezone.now() - login.last_input_at).total_seconds()
    if elapsed_s >= input_step_s(login.idle_s) or elapsed_s < 0:
        operations.touch(sitting_id=login.id, idle_s=login.idle_s)
