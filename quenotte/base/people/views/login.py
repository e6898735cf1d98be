"""Login, logout, own password, and what a locked-out person reads."""

from typing import Any

from allauth.account.views import LoginView
from axes.decorators import axes_dispatch, axes_form_invalid
from django.contrib.auth import logout as end_login
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.keyboard.access import login_of
from quenotte.base.people import operations, queries
from quenotte.base.people.access import actor_of, lockout_minutes, person_of, public, requires
from quenotte.base.people.forms import PasswordForm
from quenotte.base.people.rules import DEMO_PASSWORD


class _LoginPage(LoginView):
    """allauth's login with our template, counted by django-axes as its documentation says."""

    template_name = "base/people/login.html"

    @method_decorator(axes_form_invalid)
    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again, or the lockout page after one failure too many."""
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the accounts of the demo practice; elsewhere there are none."""
        context = super().get_context_data(**kwargs)
        return {**context, "demo": queries.demo_accounts(), "demo_password": DEMO_PASSWORD}


_login_page = axes_dispatch(_LoginPage.as_view())


@public
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """Show the login page; before the first installation, lead there."""
    if not queries.is_installed():
        return redirect("people:installation")
    response: HttpResponseBase = _login_page(request)
    return response


@public
@require_POST
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """End this login."""
    end_login(request)
    return redirect("account_login")


@public
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Say that the account is closed (its owner knew the password)."""
    return render(request, "base/people/closed.html", status=403)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Answer somebody who failed too often: for how long, and what to do."""
    context = {"minutes": lockout_minutes()}
    return render(request, "base/people/locked_out.html", context, status=429)


@requires("account.own")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Let a person choose her password."""
    person = person_of(request)
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        operations.choose_password(
            actor=actor_of(request),
            person=person,
            password=form.cleaned_data["password"],
            keep=login_of(request).id,
        )
        update_session_auth_hash(request, person)
        return redirect("home")
    status = 422 if form.errors else 200
    return render(request, "base/people/password.html", {"form": form}, status=status)
