"""Who is in: connections are counted, those of one address as well; idle ones give way."""

import ipaddress
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from quenotte.config.proxies import Network, is_declared

if TYPE_CHECKING:
    from quenotte.config.agents.serving.limits import Limits
    from quenotte.config.agents.serving.lines import Line

_SINCE: Final = attrgetter("since")


def peer_of(host: str) -> str:
    """Return what stands for one client: an address of IPv4, of IPv6 the network of 64 bits."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else address.packed[:8].hex()


class Guests:
    """The connections of a door. ``in_front``: servers that speak for many, whose address says
    nothing.
    """

    def __init__(self, limits: "Limits", in_front: tuple[Network, ...] = ()) -> None:
        self._limits, self._in_front = limits, in_front
        # In the order in which they came.
        self._lines: dict[Line, None] = {}
        self._near: dict[str, dict[Line, None]] = {}
        self._idle: list[Line] = []
        self._looked_at = -1.0

    def __iter__(self) -> "Iterator[Line]":
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def let_in(self, line: "Line", now: float) -> bool:
        """Count a connection; tell whether there is room for it, or an idle one gave way.

        ``now``: by the loop's clock, exact to a tick.
        """
        near = self._near.setdefault(line.peer, {})
        has_room = self._has_room(line, near, now)
        self._lines[line] = near[line] = None
        return has_room

    def let_go(self, line: "Line") -> None:
        """Forget a connection that was closed."""
        self._lines.pop(line, None)
        near = self._near.get(line.peer, {})
        near.pop(line, None)
        if not near:
            self._near.pop(line.peer, None)

    def rest(self) -> None:
        """Forget who was seen idle: it was a moment ago."""
        self._idle.clear()

    def _has_room(self, line: "Line", near: "dict[Line, None]", now: float) -> bool:
        limits = self._limits
        if len(near) >= limits.connections_each and not is_declared(line.host, self._in_front):
            return _close_first(_oldest_last(near, now), now)
        if len(self._lines) < limits.connections:
            return True
        if now != self._looked_at:
            # Once a tick: it is a look at all of them, and a crowd of strangers may come.
            self._looked_at, self._idle = now, _oldest_last(self._lines, now)
        return _close_first(self._idle, now)


def _oldest_last(lines: "Iterable[Line]", now: float) -> "list[Line]":
    """Return those that give way, the newest first."""
    found = sorted((one for one in lines if one.gives_way(now)), key=_SINCE)
    return found[::-1]


def _close_first(idle: "list[Line]", now: float) -> bool:
    """Close the one that was idle longest; tell whether there was any."""
    while idle:
        line = idle.pop()
        if line.gives_way(now):
            line.rest()
            return True
    return False
