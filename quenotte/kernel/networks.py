"""Whether somebody asks from the practice's network or from the Internet."""

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_near(address: str, proxies: Iterable[Network] = ()) -> bool:
    """Tell whether an address is this machine's or a private network's, never the Internet's.

    Behind a server that speaks for others (``proxies``), neither it nor this machine is near:
    it did not say for whom it asks, which may be the Internet.

    Source: RFC 1918, RFC 4193, RFC 6598 (what the registries call not global).
    """
    try:
        sender = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    sender = getattr(sender, "ipv4_mapped", None) or sender
    declared = tuple(proxies)
    if declared and (sender.is_loopback or any(sender in one for one in declared)):
        return False
    return not sender.is_global
