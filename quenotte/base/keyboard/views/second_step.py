"""The second step of a login, and the login by passkey alone (django-allauth, in our pages)."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from quenotte.base.audit.access import public
from quenotte.base.keyboard import queries


class _SecondStep(AuthenticateView):
    """allauth's second step with our template; wrong codes count as wrong passwords do."""

    template_name = "base/keyboard/second_step.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Turn away who failed too often, before her code is believed."""
        person = self.stage.login.user
        if not AxesProxyHandler.is_allowed(request, {"username": person.username}):
            locked_out: HttpResponse = import_string(settings.AXES_LOCKOUT_CALLABLE)(request)
            return locked_out
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which factors the person has, to show what is of use to her."""
        context = super().get_context_data(**kwargs)
        has_passkey = bool(context["js_data"]["request_options"]["publicKey"]["allowCredentials"])
        code = queries.demo_code(self.stage.login.user)
        return {**context, "has_passkey": has_passkey, "demo_code": code}


_second_step = _SecondStep.as_view()
_passkey_login = LoginWebAuthnView.as_view()


@public
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authenticate(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor after the password."""
    answer: HttpResponseBase = _second_step(request)
    return answer


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_login(request: HttpRequest) -> HttpResponseBase:
    """Give a challenge to any passkey of the practice; its answer is a full login."""
    answer: HttpResponseBase = _passkey_login(request)
    return answer
