"""Which names and addresses a certificate of the practice may carry (plain decisions).

Source: RFC 1918 and RFC 4193 (private addresses), RFC 6762 (``.local``), RFC 1123 §2.1 (names).
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final, TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

#: What a box or a switch of the practice gives to its machines, and this machine itself.
LAN_NETWORKS: Final[tuple[Network, ...]] = (
    ipaddress.ip_network("10.0.0.0/8"),
    ipaddress.ip_network("172.16.0.0/12"),
    ipaddress.ip_network("192.168.0.0/16"),
    ipaddress.ip_network("169.254.0.0/16"),
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("fc00::/7"),
    ipaddress.ip_network("::1/128"),
)
#: Endings that no site of the Internet can have: what boxes call their machines.
LAN_SUFFIXES: Final = ("local", "localhost", "lan", "home", "internal", "home.arpa")
#: Addresses that a certificate names, at most: a machine of containers has dozens.
MOST_ADDRESSES: Final = 32

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_EVERYWHERE: Final = {"0.0.0.0": 4, "::": 6}  # noqa: S104 - not a bind


class NotAName(ValueError):
    """The words are no host name that a certificate can carry."""


def host_name(text: str) -> str:
    """Return a host name in its plain form: lower case, no final dot.

    Raises: NotAName, for an address as well: an address is no name.
    """
    name = text.strip().rstrip(".").lower()
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAName(text)
    if labels[-1].isdigit():
        raise NotAName(text)
    return name


def main_name(name: str) -> str:
    """Return the name that people type: a bare name is announced on the network as ``.local``."""
    return name if "." in name else f"{name}.local"


def names_of(name: str, machine: str) -> tuple[str, ...]:
    """Return the names of the certificate, the main one first.

    ``name`` was chosen by the practice, ``machine`` is what the machine calls itself. Bare
    names are left out: an authority that may sign for « dental » may sign for all of
    ``.dental``, which exists on the Internet.
    """
    label = machine.split(".", 1)[0]
    wanted = [main_name(name), f"{label}.local", "localhost"]
    if is_local(machine):
        wanted.append(machine)
    return tuple(dict.fromkeys(wanted))


def is_local(name: str) -> bool:
    """Tell whether a name can only be one of the practice's own network."""
    return any(name == suffix or name.endswith(f".{suffix}") for suffix in LAN_SUFFIXES)


def lan_addresses(addresses: Iterable[str]) -> tuple[str, ...]:
    """Keep the addresses by which the practice reaches this machine, this one's own included."""
    found = {address for text in addresses if (address := _address(text)) and is_lan(address)}
    ordered = sorted(found, key=lambda address: (not address.is_loopback, address.version, address))
    kept = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"), *ordered]
    return tuple(dict.fromkeys(str(address) for address in kept))[:MOST_ADDRESSES]


def is_lan(address: Address) -> bool:
    """Tell whether an address belongs to a network of the practice."""
    return any(address in network for network in LAN_NETWORKS)


def typed(addresses: Iterable[str]) -> tuple[str, ...]:
    """Keep the addresses that another machine can reach and a person can type: IPv4."""
    found = (address for text in addresses if (address := _address(text)))
    return tuple(str(one) for one in found if one.version == 4 and not one.is_loopback)


def exposed(host: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the public addresses at which a server that listens on ``host`` would answer."""
    version = _EVERYWHERE.get(host)
    if version is None:
        given = _address(host)
        return (host,) if given is not None and given.is_global else ()
    ours = (_address(text) for text in addresses)
    # A socket on « :: » answers IPv4 too.
    reached = {4, version}
    return tuple(str(one) for one in ours if one and one.is_global and one.version in reached)


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
