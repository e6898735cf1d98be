"""The server that takes our letters, and the rules of talking to it."""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"  # from the first byte, usually port 465 (RFC 8314)
    STARTTLS = "starttls"  # after a plain greeting, usually port 587 (RFC 3207)
    NONE = "none"  # in clear: a relay on this very machine only


#: The usual port of each protection.
PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


class ClearText(ValueError):
    """Nothing that names a patient leaves this machine without TLS."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where to send, how, and as whom; the password never shows in a ``repr``."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 20.0

    def check(self) -> None:
        """Refuse to talk in clear to another machine.

        Raises: ClearText.
        """
        if self.security is Security.NONE and not is_this_machine(self.host):
            raise ClearText(self.host)


def is_this_machine(host: str) -> bool:
    """Tell whether a host name is this machine's own (loopback)."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
