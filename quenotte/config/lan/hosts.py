"""What the web process takes from its certificate: the proof it shows, the hosts it answers to."""

from pathlib import Path
from typing import Any, Final

from quenotte.config.lan import keeping, places
from quenotte.devices.certificates import pairs

#: rustls knows no older one; every browser since 2020 speaks 1.3.
OLDEST_TLS: Final = "tls1.2"


def proof() -> dict[str, Any]:
    """Return how granian shows the certificate; nothing off the practice's network."""
    from django.conf import settings
    from granian.constants import SSLProtocols

    if not settings.LAN_NAME:
        return {}
    # One file holds both: they can never be of two ages.
    path = keeping.server_path(settings.DATA_DIR)
    return {"ssl_cert": path, "ssl_key": path, "ssl_protocol_min": SSLProtocols(OLDEST_TLS)}


def open_site() -> None:
    """Let the site answer to the names that its certificate proves, and to no other."""
    from django.conf import settings

    if settings.LAN_NAME:
        known = [host for host in settings.ALLOWED_HOSTS if host not in _added]
        fresh = [host for host in _named(settings.DATA_DIR) if host not in known]
        _added[:] = fresh
        settings.ALLOWED_HOSTS[:] = known + fresh


#: The hosts that the last certificate brought.
_added: list[str] = []


def _named(folder: Path) -> list[str]:
    certificate = pairs.read_certificate(places.public_server_path(folder))
    if certificate is None:
        return []
    facts = pairs.facts(certificate)
    return [*facts.hosts, *map(pairs.host_of, facts.addresses)]
