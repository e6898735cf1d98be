"""Ports of this machine: free, taken, answering."""

import ipaddress
import socket


def is_free(host: str, port: int) -> bool:
    """Tell whether a server can listen on ``host:port`` (port 0 always can)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A server that has just stopped leaves connections behind that do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def answers(host: str, port: int, *, timeout_s: float = 0.5) -> bool:
    """Tell whether something accepts connections on ``host:port``."""
    try:
        with socket.create_connection((reachable(host), port), timeout=timeout_s):
            return True
    except OSError:
        return False


def reachable(host: str) -> str:
    """Return the address by which this machine reaches a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not a bind


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
