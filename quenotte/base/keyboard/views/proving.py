"""A fresh proof: the person of a login shows once more that she is there."""

from typing import Any
from urllib.parse import urlencode

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quenotte.base.keyboard import access, operations, queries
from quenotte.base.keyboard.forms import ProofForm
from quenotte.kernel.errors import Refusal

_NEVER_SENT_AGAIN = frozenset({"csrfmiddlewaretoken", "preuve"})


class WrongProof(Refusal):
    """The password, or the code that goes with it, is not hers."""

    message = _("Ce mot de passe ou ce code n’est pas le bon. Rien n’est perdu : réessayez.")


class TooManyProofs(Refusal):
    """Five failures: the account waits."""

    message = _("Trop d’essais ratés. Rien n’est perdu : attendez quinze minutes, puis réessayez.")


def prove_by_password(request: HttpRequest, password: str, *, code: str = "", full: bool) -> None:
    """Check the password of the person of this request; failures count as those of a login.

    ``full`` asks for the second factor too, when she has one. Raises: WrongProof, TooManyProofs.
    """
    person: Any = request.user
    credentials = {"username": person.username}
    request.tried = person.username  # type: ignore[attr-defined]
    if not AxesProxyHandler.is_allowed(request, credentials):
        raise TooManyProofs
    if authenticate(request, username=person.username, password=password) is None:
        raise WrongProof
    if not full or not queries.factors(person.pk).is_protected:
        return
    if not operations.check_code(person=person, code=code):
        user_login_failed.send(__name__, credentials=credentials, request=request)
        raise WrongProof


def ask(request: HttpRequest) -> HttpResponseBase | None:
    """Ask for a fresh proof before a guarded page; None when it has just been given.

    What was being sent is kept in the page that asks, and goes through with the proof.
    """
    if request.method in {"GET", "HEAD"}:
        there = f"{reverse('keyboard:proof')}?{urlencode({'suite': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": there})
        return redirect(there)
    if "preuve" not in request.POST:
        return _again(request, ProofForm(), status=403)
    form = ProofForm(request.POST)
    if form.is_valid() and proven(request, form):
        return None
    return _again(request, form, status=422)


def proven(request: HttpRequest, form: ProofForm) -> bool:
    """Note the proof of a form; an error in it says why not."""
    try:
        prove_by_password(request, form.cleaned_data["preuve"], full=False)
    except Refusal as refusal:
        form.add_error("preuve", str(refusal))
        return False
    login = access.login_of(request)
    operations.prove(actor=access.actor_of(request), sitting_id=login.id, how="password")
    return True


def _again(request: HttpRequest, form: ProofForm, *, status: int) -> HttpResponse:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NEVER_SENT_AGAIN
        for value in values
    ]
    context = {"form": form, "kept": kept, "action": request.get_full_path()}
    return render(request, "base/keyboard/proof.html", context, status=status)
