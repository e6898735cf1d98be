"""The address of the provider's door: https, and nothing else."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from quenotte.station.refusals import NotAnAddress, NotOverTls

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_HTTPS, _HTTP = 443, 80


@dataclass(frozen=True, slots=True)
class Server:
    """A server. ``is_tls`` is false on the loopback of a test alone."""

    host: str
    port: int
    is_tls: bool = True
    #: What stands before ``/agents`` where a proxy serves several sites; "" mostly.
    base: str = ""

    @property
    def url(self) -> str:
        """Return it as it was typed, without what it does not need."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _HTTPS if self.is_tls else _HTTP
        port = "" if self.port == usual else f":{self.port}"
        return f"{'https' if self.is_tls else 'http'}://{host}{port}{self.base}"


def server_of(url: str, *, plain_loopback: bool = False) -> Server:
    """Return the server of an address.

    ``plain_loopback`` lets http through to this very machine, for tests and nothing else.
    Raises: NotAnAddress, NotOverTls.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise NotAnAddress from None
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise NotAnAddress
    if parts.scheme == "https":
        return Server(parts.hostname, port or _HTTPS, True, parts.path.rstrip("/"))
    if parts.scheme != "http":
        raise NotAnAddress
    if not plain_loopback or parts.hostname not in _LOOPBACK:
        raise NotOverTls
    return Server(parts.hostname, port or _HTTP, False, parts.path.rstrip("/"))
