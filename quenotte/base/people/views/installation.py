"""The first installation, open until it is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from quenotte.base.people import operations, queries
from quenotte.base.people.access import actor_of, public
from quenotte.base.people.forms import InstallationForm


@public
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def installation(request: HttpRequest) -> HttpResponse:
    """Create the practice and its gestionnaire with the code shown on the server."""
    if queries.is_installed():
        return redirect("account_login")
    form = InstallationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _installed(request, form):
        return redirect("account_login")
    status = 422 if form.errors else 200
    return render(request, "base/people/installation.html", {"form": form}, status=status)


def _installed(request: HttpRequest, form: InstallationForm) -> bool:
    account: dict[str, Any] = dict(form.cleaned_data)
    code, practice_name = account.pop("code"), account.pop("practice_name")
    del account["again"]
    try:
        operations.install(
            actor=actor_of(request), code=code, practice_name=practice_name, account=account
        )
    except operations.WrongCode as refusal:
        form.add_error("code", str(refusal))
        return False
    except operations.AlreadyInstalled:
        return True
    return True
