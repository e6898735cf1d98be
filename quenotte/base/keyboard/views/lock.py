"""The lock: put on, kept, taken off by the same person or by a colleague."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import access, logins, operations, queries
from quenotte.base.keyboard.door import refused
from quenotte.base.keyboard.queries import Login
from quenotte.base.keyboard.rules import State
from quenotte.kernel.errors import Refusal


@requires("account.own")
@never_cache
@require_safe
def lock(request: HttpRequest) -> HttpResponseBase:
    """Show the locked keyboard: no name of anybody."""
    login = access.login_of(request)
    if login.state is State.OPEN:
        return redirect(logins.return_to(request))
    return _page(request, login)


@requires("account.own")
@require_POST
def put(request: HttpRequest) -> HttpResponseBase:
    """Lock now; the page says where to come back to."""
    login = access.login_of(request)
    operations.lock(actor=actor_of(request), sitting_id=login.id, how="key")
    if page := request.POST.get("suite", "")[:2000]:
        request.session[access.RETURN_TO] = page
    return redirect("keyboard:lock")


@requires("account.own")
@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Note that a key or a gesture came from a person; never unlocks."""
    login = access.login_of(request)
    if login.state is not State.OPEN:
        return refused()
    operations.touch(sitting_id=login.id, idle_s=login.idle_s)
    return HttpResponse(status=204)


@requires("account.own")
@require_POST
def idle(request: HttpRequest) -> HttpResponse:
    """Answer a page that nobody touches: how long until the lock (423: it is on)."""
    login = access.login_of(request)
    if login.state is not State.OPEN:
        return refused()
    elapsed_s = (timezone.now() - login.last_input_at).total_seconds()
    return JsonResponse({"left_s": max(1, round(login.idle_s - elapsed_s))})


@requires("account.own")
@sensitive_post_parameters()
@never_cache
@require_POST
def unlock(request: HttpRequest) -> HttpResponseBase:
    """Take the lock off with a PIN, or with the password of who sits here."""
    login = access.login_of(request)
    if login.state is State.OPEN:
        return redirect(logins.return_to(request))
    chosen = request.POST.get("qui") or str(login.id)
    try:
        if chosen != str(login.id):
            return _switch(request, login, chosen)
        how = _prove(request, login)
    except Refusal as refusal:
        return _page(request, login, chosen=chosen, refusal=str(refusal), status=422)
    return _opened(request, login, how)


@requires("account.own")
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponseBase:
    """Give a challenge to the passkeys of who sits here; take the lock off with the answer."""
    login = access.login_of(request)
    if request.method == "GET":
        return JsonResponse(operations.challenge(person=request.user))
    try:
        credential = json.loads(request.POST.get("credential", ""))
        operations.use_passkey(credential=credential, person=request.user)
    except (Refusal, json.JSONDecodeError):
        message = str(operations.WrongKey.message)
        return _page(request, login, refusal=message, status=422)
    return _opened(request, login, "passkey")


@requires("account.own")
@require_POST
def other(request: HttpRequest) -> HttpResponseBase:
    """Leave the locked keyboard to somebody who logs in in full."""
    login = access.login_of(request)
    if operations.take_back(actor=_somebody(request), login=login):
        request.session.flush()
    return redirect("account_login")


def _prove(request: HttpRequest, login: Login) -> str:
    """Return how the person of this login proved who she is. Raises: Refusal."""
    if request.POST.get("mot_de_passe"):
        operations.prove_by_password(
            request, request.POST["mot_de_passe"], code=request.POST.get("code", ""), full=True
        )
        return "password"
    _verify(request, login, login.person_id)
    return "pin"


def _verify(request: HttpRequest, login: Login, person_id: Any) -> None:
    if login.workstation_id is None:
        raise operations.NotAtThisWorkstation
    operations.verify_pin(
        actor=_somebody(request),
        person_id=person_id,
        workstation_id=login.workstation_id,
        workstation_key=access.workstation_key(request),
        pin=request.POST.get("pin", ""),
    )


def _switch(request: HttpRequest, login: Login, chosen: str) -> HttpResponseBase:
    sitting = operations.swapped_sitting(login, chosen)
    _verify(request, login, sitting.person_id)
    person = sitting.person
    colleague = Actor(
        person.pk,
        person.full_name,
        person.practice_id,
        _somebody(request).workstation,
        "web",
        person.roles,
    )
    operations.resume(actor=colleague, login=login, sitting=sitting)
    logins.open_again(request, sitting)
    return redirect("home")


def _opened(request: HttpRequest, login: Login, how: str) -> HttpResponseBase:
    person: Any = request.user
    operations.unlock(actor=actor_of(request), login=login, role=person.role, how=how)
    request.session.cycle_key()
    return redirect(logins.return_to(request))


def _somebody(request: HttpRequest) -> Actor:
    """Return somebody at this workstation who has not proved to be anybody."""
    known = actor_of(request)
    return Actor(None, "", known.practice_id, known.workstation, known.source)


def _page(
    request: HttpRequest, login: Login, *, chosen: str = "", refusal: str = "", status: int = 200
) -> HttpResponse:
    factors = queries.factors(login.person_id)
    tiles = queries.tiles(login)
    context = {
        "tiles": tiles,
        "chosen": chosen or str(login.id),
        "has_pin": tiles[0].has_pin,
        "is_spent": queries.is_spent(login.person_id, login.workstation_id),
        "needs_code": factors.is_protected,
        "demo_code": queries.demo_code(request.user) if factors.is_protected else "",
        "has_passkey": bool(factors.passkeys),
        "refusal": refusal,
    }
    return render(request, "base/keyboard/lock.html", context, status=status)
