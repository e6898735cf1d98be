"""Sessions and sittings: what a login opens, what a switch of person opens again.

Above the operations, because a session is written here; below the views, and used by the
signals of Django, which no request calls.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import login as open_session
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from quenotte.base.keyboard import access, operations, queries
from quenotte.base.keyboard.models import Sitting
from quenotte.base.practice.access import sit


def note_opening(request: Any, user: Any, **_: Any) -> None:
    """Give a new session its sitting (receives Django's ``user_logged_in``)."""
    resumed = getattr(request, "resumed", None)
    if resumed is None:
        resumed = operations.open_sitting(
            person_id=user.pk, practice_id=user.practice_id, role=user.role, needs_factor=False
        ).id
    request.session[access.SITTING] = str(resumed)


def note_full_login(request: Any, user: Any, **_: Any) -> None:
    """Ask a gestionnaire for a second factor first (receives allauth's ``user_logged_in``)."""
    if queries.is_factor_due(user):
        operations.require_factor(person_id=user.pk, is_required=True)


def note_closing(request: Any, user: Any, **_: Any) -> None:
    """Close the sitting of a session that ends (receives Django's ``user_logged_out``)."""
    login = queries.look(request.session.get(access.SITTING)) if request is not None else None
    if login is not None and user is not None:
        operations.close(actor=access.actor_of(request), sitting_id=login.id, how="logout")


def open_again(request: Any, sitting: Sitting) -> None:
    """Open a session of its own, with a new key, for the colleague who takes the keyboard."""
    request.session.flush()
    request.resumed = sitting.id
    backend = settings.AUTHENTICATION_BACKENDS[-1]
    open_session(request, sitting.person, backend=backend)
    sit(request, sitting.person.practice_id)


def note_wrong_code(request: Any, user: Any, **_: Any) -> None:
    """Count a wrong second factor as a wrong password (receives allauth's signal)."""
    credentials = {"username": user.username}
    # A lockout that follows is noted under this account.
    request.tried = user.username
    user_login_failed.send(__name__, credentials=credentials, request=request)


def return_to(request: HttpRequest) -> str:
    """Return the page that the lock covered, once; home when there is none."""
    page = str(request.session.pop(access.RETURN_TO, "") or "/")
    is_ours = url_has_allowed_host_and_scheme(page, None)
    return page if is_ours and not page.startswith("/verrou/") else "/"
