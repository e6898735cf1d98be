"""A fresh proof: the person of a login shows once more that she is there."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from quenotte.base.keyboard import access, operations
from quenotte.base.keyboard.forms import ProofForm
from quenotte.kernel.errors import Refusal

_NEVER_SENT_AGAIN = frozenset({"csrfmiddlewaretoken", "preuve"})


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
        operations.prove_by_password(request, form.cleaned_data["preuve"], full=False)
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
