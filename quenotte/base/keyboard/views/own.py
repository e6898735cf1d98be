"""One's own account: the PIN of this workstation, second factors, recovery codes."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.keyboard import access, operations, queries
from quenotte.base.keyboard.forms import CodeForm, PinForm
from quenotte.kernel.errors import Refusal
from quenotte.web import qrcodes

_SECRET = "totp_secret"  # noqa: S105 - the key of the session, no secret


@requires("account.own")
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Show what opens this account, and where."""
    return _page(request, PinForm())


@requires("account.own", fresh=True)
@sensitive_post_parameters()
@require_POST
def pin(request: HttpRequest) -> HttpResponseBase:
    """Choose the PIN of this workstation, or take it back."""
    login, actor = access.login_of(request), actor_of(request)
    if "retirer" in request.POST and login.workstation_id:
        operations.forget_pin(
            actor=actor, person_id=login.person_id, workstation_id=login.workstation_id
        )
        messages.success(request, _("Le code de ce poste est retiré."))
        return redirect("keyboard:own")
    form = PinForm(request.POST)
    if form.is_valid() and _pin_kept(request, form):
        messages.success(request, _("Le code de ce poste est enregistré."))
        return redirect("keyboard:own")
    return _page(request, form, status=422)


@requires("account.own", fresh=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest) -> HttpResponseBase:
    """Show a secret to the telephone, and take its first code."""
    secret = request.session.get(_SECRET) or operations.new_secret()
    request.session[_SECRET] = secret
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = operations.add_application(
                actor=actor_of(request),
                person=request.user,
                secret=secret,
                code=form.cleaned_data["code"],
            )
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[_SECRET]
            messages.success(request, _("L’application est reliée à votre compte."))
            return _shown_once(request, codes)
    address = operations.address_of(person=request.user, secret=secret)
    person: Any = request.user
    context = {
        "form": form,
        "secret": secret,
        "drawing": qrcodes.draw(address),
        "demo_code": queries.code_now(secret) if person.practice.is_demo else "",
    }
    status = 422 if form.errors else 200
    return render(request, "base/keyboard/application.html", context, status=status)


@requires("account.own", fresh=True)
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponseBase:
    """Give a challenge to a new passkey, and keep the one that answers."""
    if request.method == "GET":
        return JsonResponse(operations.registration(person=request.user))
    try:
        codes = operations.add_passkey(
            actor=actor_of(request),
            person=request.user,
            name=request.POST.get("name", ""),
            credential=json.loads(request.POST.get("credential", "")),
        )
    except (Refusal, json.JSONDecodeError):
        messages.error(request, str(operations.WrongKey.message))
        return redirect("keyboard:own")
    messages.success(request, _("La clé d’accès est enregistrée."))
    return _shown_once(request, codes)


@requires("account.own", fresh=True)
@require_POST
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take one of one's factors away."""
    try:
        operations.remove_factor(actor=actor_of(request), person=request.user, factor_id=factor_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Ce second facteur est retiré."))
    return redirect("keyboard:own")


@requires("account.own", fresh=True)
@never_cache
@require_POST
def codes(request: HttpRequest) -> HttpResponseBase:
    """Draw new recovery codes; they are shown once, here."""
    try:
        drawn = operations.renew_codes(actor=actor_of(request), person=request.user)
    except Refusal:
        return redirect("keyboard:own")
    return _shown_once(request, drawn)


def _pin_kept(request: HttpRequest, form: PinForm) -> bool:
    login = access.login_of(request)
    if login.workstation_id is None:
        return False
    try:
        operations.choose_pin(
            actor=actor_of(request),
            workstation_id=login.workstation_id,
            workstation_key=access.workstation_key(request),
            pin=form.cleaned_data["pin"],
        )
    except Refusal as refusal:
        form.add_error("pin", str(refusal))
        return False
    return True


def _shown_once(request: HttpRequest, drawn: list[str]) -> HttpResponseBase:
    if not drawn:
        return redirect("keyboard:own")
    return render(request, "base/keyboard/codes.html", {"codes": drawn})


def _page(request: HttpRequest, form: PinForm, *, status: int = 200) -> HttpResponse:
    login = access.login_of(request)
    person: Any = request.user
    context = {
        "form": form,
        "factors": queries.factors(login.person_id),
        "has_pin": queries.pin_here(login.person_id, login.workstation_id) is not None,
        "is_due": login.needs_factor,
        "due_on": None if login.needs_factor else queries.factor_due_on(person),
    }
    return render(request, "base/keyboard/own.html", context, status=status)
