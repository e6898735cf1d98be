"""The token of a page's forms: drawn once a request, where Django draws it once a template."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject

_SECRET = "CSRF_COOKIE"  # noqa: S105 - the name of where Django keeps it


def token_of(request: HttpRequest) -> str:
    """Return the token against forged requests; a new one once the secret has changed (login)."""
    secret, token = getattr(request, "form_token", ("", ""))
    if not secret or request.META.get(_SECRET) != secret:
        token = get_token(request)
        request.form_token = request.META[_SECRET], token  # type: ignore[attr-defined]
    return str(token)


def csrf_once(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``csrf_token`` in the place of Django's own (a context processor)."""
    return {"csrf_token": SimpleLazyObject(partial(token_of, request))}
