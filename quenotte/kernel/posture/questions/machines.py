"""Questions about the machine itself: room on its disks, their health, its power, its doors."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from quenotte.kernel.posture.facts import Unknown
from quenotte.kernel.posture.questions.asked import Asked
from quenotte.kernel.posture.terms import Outcome, bad, ok, unknown

#: A large disk with a small share left still has room: both must be short.
_ROOM_MIB: Final = 20 * 1024
#: Below it a battery does not last until a server is shut down.
_CHARGE_PCT: Final = 30
#: Ports from here on are given out at random by the system. Source: RFC 6335, section 6.
_DYNAMIC: Final = 49152


def is_room_left(asked: Asked) -> Outcome:
    """Tell whether disks have room. The limit is the share that must be free, in per cent."""
    assert isinstance(asked.limit, int)
    told = [row for row in asked.needed[0] if _is_measured(row)]
    if short := [row for row in told if is_short(row, asked.limit)]:
        least = min(short, key=lambda row: row["free_mib"])
        names = [row.get("mount") or row.get("name") or "" for row in short]
        return bad("full", names=names, free_mib=least["free_mib"])
    return ok() if told else unknown(Unknown.NOT_READABLE)


def is_all_healthy(asked: Asked) -> Outcome:
    """Tell whether the disks say of themselves that they are well, each of them."""
    disks = asked.needed[0]
    if failing := [row.get("name") or "" for row in disks if row.get("is_healthy") is False]:
        return bad("failing", names=failing)
    is_told = all(row.get("is_healthy") for row in disks)
    return ok() if disks and is_told else unknown(Unknown.NOT_READABLE)


def is_power_safe(asked: Asked) -> Outcome:
    """Tell whether a battery stands behind the machine, full, and rests."""
    supplies = asked.needed[0]
    if not supplies:
        return bad("none")
    if any(row.get("is_on_battery") for row in supplies):
        return bad("on_battery")
    low = [row["charge_pct"] for row in supplies if is_low(row)]
    return bad("low", charge_pct=min(low)) if low else ok()


def is_no_port_foreign(asked: Asked) -> Outcome:
    """Tell whether only agreed ports are open to the network."""
    ports = {row["port"] for row in asked.needed[0] if is_door(row)}
    foreign = sorted(ports - asked.around.ports)
    return bad("open", ports=foreign) if foreign else ok()


def is_no_tool_foreign(asked: Asked) -> Outcome:
    """Tell whether only agreed tools can take the machine over from afar."""
    agreed = {name.casefold() for name in asked.around.remote_tools}
    tools = {row.get("name") or "" for row in asked.needed[0]}
    foreign = sorted(name for name in tools if name.casefold() not in agreed)
    return bad("foreign", names=foreign) if foreign else ok()


def is_short(row: Mapping[str, Any], limit_pct: int) -> bool:
    """Tell whether a disk has little room left; of one that was not measured nobody knows."""
    is_small = _is_measured(row) and row["free_mib"] < _ROOM_MIB
    return is_small and _share_pct(row) < limit_pct


def is_low(row: Mapping[str, Any]) -> bool:
    """Tell whether a battery would not last; one that tells nothing is believed."""
    charge_pct = row.get("charge_pct")
    return charge_pct is not None and charge_pct < _CHARGE_PCT


def is_door(row: Mapping[str, Any]) -> bool:
    """Tell whether a port is open to the network, and is none that the system gave out."""
    port = row.get("port")
    return port is not None and port < _DYNAMIC and _is_reachable(row.get("address"))


def _is_measured(row: Mapping[str, Any]) -> bool:
    return bool(row.get("total_mib")) and row.get("free_mib") is not None


def _share_pct(row: Mapping[str, Any]) -> float:
    return float(100 * row["free_mib"] / row["total_mib"])


def _is_reachable(address: str | None) -> bool:
    try:
        return not ipaddress.ip_address((address or "").split("%")[0]).is_loopback
    except ValueError:
        return True
