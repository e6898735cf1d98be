"""The fresh proof, and the reason of who works outside her hours."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.keyboard import access, logins, operations, queries
from quenotte.base.keyboard.forms import ProofForm, ReasonForm
from quenotte.base.keyboard.views.proving import proven
from quenotte.kernel.errors import Refusal


@requires("account.own")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponseBase:
    """Ask who is there once more, then go where she was going."""
    page = _page(request)
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and proven(request, form):
        return redirect(page)
    person: Any = request.user
    context = {"form": form, "page": page, "has_passkey": bool(queries.factors(person.pk).passkeys)}
    status = 422 if form.errors else 200
    return render(request, "base/keyboard/proof.html", context, status=status)


@requires("account.own")
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponseBase:
    """Give a challenge to one's passkeys; their answer is a fresh proof."""
    if request.method == "GET":
        return JsonResponse(operations.challenge(person=request.user))
    form = ProofForm()
    try:
        credential = json.loads(request.POST.get("credential", ""))
        operations.use_passkey(credential=credential, person=request.user)
    except (Refusal, json.JSONDecodeError):
        message = str(operations.WrongKey.message)
        context = {"form": form, "page": _page(request), "has_passkey": True, "refusal": message}
        return render(request, "base/keyboard/proof.html", context, status=422)
    login = access.login_of(request)
    operations.prove(actor=actor_of(request), sitting_id=login.id, how="passkey")
    return redirect(_page(request))


@requires("account.own")
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest) -> HttpResponseBase:
    """Ask why somebody works outside her hours."""
    login = access.login_of(request)
    if not login.needs_reason:
        return redirect(logins.return_to(request))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.give_reason(
            actor=actor_of(request), sitting_id=login.id, reason=form.cleaned_data["reason"]
        )
        return redirect(logins.return_to(request))
    status = 422 if form.errors else 200
    return render(request, "base/keyboard/reason.html", {"form": form}, status=status)


def _page(request: HttpRequest) -> str:
    page = request.POST.get("suite") or request.GET.get("suite", "")
    return page if url_has_allowed_host_and_scheme(page, None) else "/"
