"""Which requests of the web process are for the door of the agents, where a site has one there."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http.request import split_domain_port

from quenotte.config import proxies

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope


def is_for_agents(scope: "HTTPScope") -> bool:
    """Tell whether a request is for the door of the agents.

    By the name that patients know, there is no such door; in clear, behind a server in front that
    speaks TLS, neither.
    """
    if not scope["path"].startswith("/agents/"):
        return False
    if settings.PUBLIC_HOST_IS_APART and _host(scope) == settings.PUBLIC_HOST:
        return False
    return not settings.TRUSTED_PROXIES or proxies.came_encrypted(scope, settings.TRUSTED_PROXIES)


def _host(scope: "HTTPScope") -> str:
    told = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return split_domain_port(told.decode("latin-1"))[0]
