"""What runs and what listens, as psutil sees it on every system."""

import socket
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final

from quenotte.devices.agents.credible import clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.kernel.posture.take_over import product_of
from quenotte.station.collectors.machines import Machine

#: Ports from here on are given out at random by the system. Source: RFC 6335, section 6.
_DYNAMIC: Final = 49152
#: Linux gives out ports from here on; a browser that asks a name listens on one for a second.
_DYNAMIC_UDP: Final = 32768
#: Where programs are put by those who make or install them. Elsewhere their names are people's.
_OF_THE_SYSTEM: Final = ("/usr/", "/opt/", "/bin/", "/sbin/", "/lib/", "/snap/", "/nix/")
_OF_WINDOWS: Final = ("c:\\windows\\", "c:\\program files\\", "c:\\program files (x86)\\")


def running(machine: Machine) -> set[str]:
    """Return the names of the programs that run, without their arguments."""
    processes = machine.counts.process_iter(["name"])
    return {one.info["name"] for one in processes if one.info["name"]}


def look_at_tools(machine: Machine, found: Gathering) -> None:
    """Tell by what it can be driven from elsewhere: products that we know, nothing else."""
    products = {product_of(name) for name in running(machine)}
    found.rows("remote.tools", ({"name": one} for one in products if one))


def look_at_ports(machine: Machine, found: Gathering) -> None:
    """Tell where programs listen for others."""
    found.rows("ports.open", _ports(machine))


def _ports(machine: Machine) -> Iterator[dict[str, Any]]:
    names: dict[int | None, str | None] = {}
    for one in machine.counts.net_connections("inet"):
        if not one.laddr or one.raddr or not _is_listening(machine, one):
            continue
        if one.laddr.ip.startswith("127.") or one.laddr.ip == "::1":
            continue
        if one.pid not in names:
            names[one.pid] = _name(machine, one.pid)
        yield {"port": one.laddr.port, "address": one.laddr.ip, "program": names[one.pid]}


def _is_listening(machine: Machine, one: Any) -> bool:
    if one.type == socket.SOCK_STREAM:
        return bool(one.status == machine.counts.CONN_LISTEN and one.laddr.port < _DYNAMIC)
    return bool(one.laddr.port < _DYNAMIC_UDP)


def _name(machine: Machine, pid: int | None) -> str | None:
    if pid is None:
        return None
    try:
        process = machine.counts.Process(pid)
        path = process.exe()
    except (machine.counts.Error, OSError):
        return None
    return program_of(path)


def program_of(path: str) -> str | None:
    """Return the name of a program that lies where programs are installed; None for any other."""
    plain = path.lower()
    if plain.startswith(_OF_WINDOWS):
        return clean(PureWindowsPath(path).name, most=60)
    return clean(PurePosixPath(path).name, most=60) if plain.startswith(_OF_THE_SYSTEM) else None
