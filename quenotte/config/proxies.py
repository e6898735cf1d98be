"""Who may speak for somebody else: the HTTPS server in front, and nobody but it."""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeAlias, cast

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_PROTO = b"x-forwarded-proto"
_FOR = b"x-forwarded-for"
#: What a server in front says of the browser; from anybody else it is a lie.
_SAID_FOR_ANOTHER = frozenset(
    {_PROTO, _FOR, b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip", b"forwarded"}
)

#: What was found of addresses last, and among which proxies.
_FOUND: Final[dict[str, tuple[tuple[Network, ...], bool]]] = {}
_MOST_FOUND: Final = 1_024


def networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks of a list separated by commas.

    Raises: ValueError when one is neither.
    """
    words = (word.strip() for word in text.split(","))
    return tuple(ipaddress.ip_network(word, strict=False) for word in words if word)


def without_lies(scope: "HTTPScope", proxies: Iterable[Network]) -> "HTTPScope":
    """Return the request as its sender may tell it.

    From a declared proxy: the last scheme it names, and the address of the last hop that is
    no proxy. From anybody else: nothing of the kind, and the address of the sender.
    """
    client = scope.get("client")
    kept = [pair for pair in scope["headers"] if pair[0] not in _SAID_FOR_ANOTHER]
    if not client or not _is_one_of(_address(client[0]), proxies):
        return cast("HTTPScope", {**scope, "headers": kept})
    if scheme := _words(scope, _PROTO)[-1:]:
        kept.append((_PROTO, scheme[0].encode("latin-1")))
    sender = _sender(_words(scope, _FOR), proxies) or client[0]
    return cast("HTTPScope", {**scope, "headers": kept, "client": (sender, client[1])})


def came_encrypted(scope: "HTTPScope", proxies: tuple[Network, ...]) -> bool:
    """Tell whether a declared proxy says that a request came to it by HTTPS."""
    client = scope.get("client")
    if not client or not is_declared(client[0], proxies):
        return False
    told = [value for name, value in scope["headers"] if name == _PROTO]
    return told == [b"https"] or _words(scope, _PROTO)[-1:] == ["https"]


def is_declared(host: str, proxies: tuple[Network, ...]) -> bool:
    """Tell whether an address is that of a declared proxy: for each heartbeat, of the same few."""
    kept = _FOUND.get(host)
    # A network is dear to compare, and to make a key of: each site has one list of them.
    if kept is None or kept[0] is not proxies:
        if len(_FOUND) >= _MOST_FOUND:
            _FOUND.clear()
        kept = _FOUND[host] = proxies, _is_one_of(_address(host), proxies)
    return kept[1]


def _sender(hops: list[str], proxies: Iterable[Network]) -> str:
    """Return the last hop that is no proxy; what stands before it may be invented."""
    sender = ""
    for hop in reversed(hops):
        address = _address(hop)
        if address is None:
            break
        sender = str(address)
        if not _is_one_of(address, proxies):
            break
    return sender


def _words(scope: "HTTPScope", name: bytes) -> list[str]:
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_one_of(address: Address | None, proxies: Iterable[Network]) -> bool:
    return address is not None and any(address in network for network in proxies)
