"""The door of every page: who asks, may she, and a line when she may not.

It stands in this room because each refusal is a line of the journal, and because the rooms
under ``people`` have pages too. The permission table itself is in ``people.rules``.
"""

from collections.abc import Callable
from functools import wraps
from operator import is_
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.audit.writing import record

View: TypeAlias = Callable[..., HttpResponseBase]
Prover: TypeAlias = Callable[[HttpRequest], HttpResponseBase | None]

#: Says which page comes before an action, by its name; "" when none does.
Gate: TypeAlias = Callable[[HttpRequest, str], str]

_provers: list[Prover] = []
_gates: list[Gate] = []

#: What a person with a temporary password may still reach.
_OWN_ACCOUNT = "account.own"

_NOTHING_LENT: frozenset[Any] = frozenset()

#: What changes nothing.
_READING = frozenset({"GET", "HEAD"})


def actor_of(request: HttpRequest) -> Actor:
    """Return who makes this request, and from which workstation."""
    workstation = getattr(request, "workstation", None)
    extra: frozenset[Any] = getattr(request, "extra_roles", _NOTHING_LENT)
    seen = (workstation, request.user, extra)
    # A page asks twenty times; login, logout and grants change what it is made of.
    known, actor = getattr(request, "known_actor", ((), None))
    if actor is not None and all(map(is_, known, seen)):
        return cast("Actor", actor)
    actor = _actor(*seen)
    request.known_actor = seen, actor  # type: ignore[attr-defined]
    return actor


def _actor(workstation: Any, person: Any, extra: frozenset[Any]) -> Actor:
    name = workstation.name if workstation else ""
    if not person.is_authenticated:
        practice_id = workstation.practice_id if workstation else None
        return Actor(None, "", practice_id, name, "web")
    # What an emergency grant lends counts for this request alone.
    roles = person.roles | extra
    return Actor(person.pk, person.full_name, person.practice_id, name, "web", roles)


def use_prover(prover: Prover) -> None:
    """Name the function that asks for a fresh proof; None from it means: proven."""
    _provers[:] = [prover]


def use_gate(gate: Gate) -> None:
    """Name the function that says which page comes before an action, on this site."""
    _gates[:] = [gate]


def requires(
    action: str, *, fresh: bool = False, fresh_to_write: bool = False
) -> Callable[[View], View]:
    """Guard a view: logged in, and allowed ``action`` by the permission table.

    Others are led to the login page, or refused with a line in the journal. ``fresh`` asks
    for a proof of a few minutes at most: rights, exports, the journal. ``fresh_to_write`` asks
    for it only of what changes something: the same page may be read without.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            is_asked = fresh or (fresh_to_write and request.method not in _READING)
            away = _turned_away(request, action) or (_asked_again(request) if is_asked else None)
            return away or view(request, *args, **kwargs)

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Mark a view that needs no login."""
    view.required_action = None  # type: ignore[attr-defined]
    return view


def _turned_away(request: HttpRequest, action: str) -> HttpResponseBase | None:
    person = request.user
    if not person.is_authenticated:
        return _to_login(request)
    if person.password_is_temporary and action != _OWN_ACCOUNT:
        return _led_to(request, resolve_url("account_change_password"))
    if action != _OWN_ACCOUNT and (step := getattr(request, "first_step", "")):
        return _led_to(request, resolve_url(step))
    if not person.may(action, getattr(request, "extra_roles", frozenset())):
        record(
            action=Action.READ if request.method in {"GET", "HEAD"} else Action.CHANGE,
            actor=actor_of(request),
            object_kind="page",
            object_id=action,
            result="refused",
        )
        raise PermissionDenied
    steps = (gate(request, action) for gate in _gates)
    step = next(filter(None, steps), "")
    return _led_to(request, resolve_url(step)) if step else None


def _asked_again(request: HttpRequest) -> HttpResponseBase | None:
    if getattr(request, "proof_is_fresh", False):
        return None
    for prover in _provers:
        return prover(request)
    raise PermissionDenied


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _led_to(request, _login_before(request, "HX-Current-URL"))
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    # What an island sends by itself is told where it was sent from.
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        messages.warning(
            request,
            _(
                "Vous n’étiez plus connecté : ce que vous veniez d’envoyer n’a pas été fait. "
                "Connectez-vous, puis recommencez."
            ),
        )
    return redirect(_login_before(request, "Referer"))


def _login_before(request: HttpRequest, header: str) -> str:
    """Return the login that leads back to the page of this site that a header names."""
    page = request.headers.get(header, "")
    if not url_has_allowed_host_and_scheme(page, request.get_host()):
        return resolve_url(settings.LOGIN_URL)
    parts = urlsplit(page)
    return redirect_to_login(parts.path + (f"?{parts.query}" if parts.query else "")).url


def _led_to(request: HttpRequest, url: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(url)
    # A fragment must not be replaced by a login form: the whole page goes there.
    return HttpResponse(status=401, headers={"HX-Redirect": url})
