"""Which Windows machine this is."""

import socket

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_CREDIBLE, Told, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.windows.powershell import answer, one


def look_at_machine(machine: Machine, found: Gathering) -> None:
    """Tell name, identifiers, model and memory."""
    told = one(answer(machine, "machine"))
    found.tell("machine.name", credible.text(socket.gethostname(), most=64))
    found.tell("machine.uuid", credible.uuid(text(told.get("uuid"))))
    found.tell("machine.serial", credible.identity(text(told.get("serial"))))
    found.tell("machine.model", credible.model(text(told.get("maker")), text(told.get("model"))))
    memory = credible.number(text(told.get("memory")), least=1 << 26, most=1 << 44)
    found.tell("machine.memory_mib", memory if memory.unknown else Told(memory.value >> 20))


def look_at_system(machine: Machine, found: Gathering) -> None:
    """Tell edition, version and build; 1 is a workstation, 2 and 3 are servers."""
    told = one(answer(machine, "system"))
    build, ubr = text(told.get("build")), text(told.get("ubr"))
    found.tell("os.family", Told("windows"))
    found.tell("os.name", credible.text(text(told.get("caption"))))
    found.tell("os.version", credible.text(text(told.get("version"))))
    found.tell("os.build", credible.text(".".join(filter(None, (build, build and ubr)))))
    product = told.get("product")
    found.tell("machine.is_server", Told(product != 1) if product in {1, 2, 3} else NOT_CREDIBLE)


def text(told: object) -> str:
    """Return what PowerShell told as a text: numbers come as numbers, nothing as null."""
    is_plain = isinstance(told, str | int) and not isinstance(told, bool)
    return clean(str(told)) or "" if is_plain else ""
