"""Whether somebody asks from the practice's network or from the Internet."""

import ipaddress


def is_near(address: str) -> bool:
    """Tell whether an address is this machine's or a private network's, never the Internet's.

    Source: RFC 1918, RFC 4193, RFC 6598 (what the registries call not global).
    """
    try:
        sender = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    return not (getattr(sender, "ipv4_mapped", None) or sender).is_global
