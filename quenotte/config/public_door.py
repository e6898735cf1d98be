"""The address that patients know: it answers the few pages made for them and nothing else.

A practice's site is not for the Internet. When ``QUENOTTE_PUBLIC_URL`` names a host of its own,
whoever comes by that name finds the pages behind the links of messages and the calendars, and
not even the login page.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotFound
from django.http.request import split_domain_port

#: Where the pages made for patients and telephones begin.
OPEN: Final = ("/r/", "/flux/", "/static/")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def public_url(text: str) -> str:
    """Return the public address without its last slash; empty stays empty.

    Raises: ValueError when it is no address, or promises patients a page without HTTPS.
    """
    address = text.strip().rstrip("/")
    if not address:
        return ""
    parts = urlsplit(address)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("QUENOTTE_PUBLIC_URL: https://host")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("QUENOTTE_PUBLIC_URL: https://host")
    if parts.path:
        raise ValueError("QUENOTTE_PUBLIC_URL: https://host, without a path")
    return address


def patients_pages_only(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: by the public name, only what is open to everybody exists."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if _is_public(request) and not request.path.startswith(OPEN):
            # No page of the site: it would tell a stranger what stands behind.
            return HttpResponseNotFound("Page introuvable.", content_type="text/plain")
        return get_response(request)

    return answer


def _is_public(request: HttpRequest) -> bool:
    if not settings.PUBLIC_HOST_IS_APART:
        return False
    # As Django reads it: a port, capitals or a last dot make no other name.
    host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    return host == settings.PUBLIC_HOST
