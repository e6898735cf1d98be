"""Which Linux machine this is."""

import re
import socket
from collections.abc import Callable
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NO_SUCH_THING, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine

_DMI: Final = "/sys/class/dmi/id/"
_LINE: Final = re.compile(r"^([A-Z_]+)=[\"']?(.*?)[\"']?$", re.MULTILINE)
#: Kinds of cases. Source: SMBIOS, System Enclosure or Chassis Types.
_SERVERS: Final = frozenset({"17", "23", "25", "28", "29"})
_DESKS: Final = frozenset("3 4 5 6 7 8 9 10 13 14 15 16 24 30 31 32 35 36".split())


def look_at_machine(machine: Machine, found: Gathering) -> None:
    """Tell name, identifiers, model and memory. The serial number is shown to root alone."""
    found.tell("machine.name", credible.text(socket.gethostname(), most=64))
    found.tell("machine.uuid", _told(machine, "product_uuid", credible.uuid))
    found.tell("machine.serial", _told(machine, "product_serial", credible.identity))
    maker, model = _dmi(machine, "sys_vendor"), _dmi(machine, "product_name")
    found.tell("machine.model", credible.model(maker, model) if model else NO_SUCH_THING)
    memory_mib = machine.counts.virtual_memory().total >> 20
    found.tell("machine.memory_mib", Told(memory_mib))


def look_at_system(machine: Machine, found: Gathering) -> None:
    """Tell the distribution. It has no builds; the case says whether it is a server."""
    told = dict(_LINE.findall(machine.text("/etc/os-release") or ""))
    found.tell("os.family", Told("linux"))
    found.tell("os.name", credible.text(told.get("NAME")))
    found.tell("os.version", credible.text(told.get("VERSION_ID")))
    found.tell("os.build", NO_SUCH_THING)
    case = (_dmi(machine, "chassis_type") or "").strip()
    is_told = case in _SERVERS or case in _DESKS
    found.tell("machine.is_server", Told(case in _SERVERS) if is_told else NO_SUCH_THING)


def _told(machine: Machine, name: str, read: Callable[[str], Told]) -> Told:
    try:
        text = _dmi(machine, name)
    except PermissionError:
        return credible.NOT_READABLE
    if text is None:
        return NO_SUCH_THING
    return read(text)


def _dmi(machine: Machine, name: str) -> str | None:
    return machine.text(_DMI + name)
