"""The machine itself and its system, from BIOS, HARDWARE and OPERATINGSYSTEM."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import (
    NO_SUCH_THING,
    NOT_CREDIBLE,
    NOT_REPORTED,
    Told,
    clean,
)
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.glpi.sections import Row, Sections

#: How kernels and systems call themselves, in lower case.
_FAMILIES: Final = (
    ("windows", ("mswin32", "windows", "microsoft windows")),
    ("macos", ("darwin", "macos", "mac os")),
    ("linux", ("linux", "gnu/linux")),
)
_WINDOWS_BUILD: Final = re.compile(r"\d+\.\d+\.(\d+(?:\.\d+)?)")
_MACOS_BUILD: Final = re.compile(r"\((\w{4,10})\)")
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)")
_MOST_MEMORY_MIB: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class System:
    """What kind of system speaks: the meaning of an absent section hangs on it."""

    family: str | None
    is_server: bool | None
    zone: tzinfo


def system_of(sections: Sections, zone: tzinfo) -> System:
    """Return what kind of system an inventory is of."""
    row = first(sections, "OPERATINGSYSTEM")
    names = [row.get(name, "").lower() for name in ("KERNEL_NAME", "NAME", "FULL_NAME")]
    family = next((family for family, heads in _FAMILIES if _any_begins(names, heads)), None)
    is_server = "server" in row.get("FULL_NAME", "").lower() if family == "windows" else None
    return System(family, is_server, _zone_of(row.get("TIMEZONE.OFFSET", "")) or zone)


def first(sections: Sections, name: str) -> Row:
    """Return the only entry of a section, empty when it is absent."""
    return next(iter(sections.get(name, ())), {})


def tell_machine(found: Gathering, sections: Sections, _system: System) -> None:
    """Tell name, identifiers, model and memory."""
    bios, hardware = first(sections, "BIOS"), first(sections, "HARDWARE")
    found.tell("machine.name", credible.text(hardware.get("NAME"), most=64))
    found.tell("machine.uuid", credible.uuid(hardware.get("UUID")))
    found.tell("machine.serial", credible.identity(bios.get("SSN")))
    found.tell("machine.model", credible.model(bios.get("SMANUFACTURER"), bios.get("SMODEL")))
    memory = credible.number(hardware.get("MEMORY"), least=64, most=_MOST_MEMORY_MIB)
    found.tell("machine.memory_mib", memory)


def tell_system(found: Gathering, sections: Sections, system: System) -> None:
    """Tell the system, its edition and build, and when it was started."""
    row = first(sections, "OPERATINGSYSTEM")
    found.tell("os.family", Told(system.family) if system.family else NOT_REPORTED)
    found.tell("os.name", credible.text(row.get("FULL_NAME") or row.get("NAME")))
    found.tell("os.version", _version(row, system))
    found.tell("os.build", _build(row, system))
    found.tell("machine.is_server", _is_server(system))
    found.tell("use.booted_at", _booted(row.get("BOOT_TIME"), system, found.observed_at))


def _any_begins(names: list[str], heads: tuple[str, ...]) -> bool:
    return any(name.startswith(heads) for name in names)


def _zone_of(offset: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(offset.strip())
    if found is None:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if ahead > timedelta(hours=14):
        return None
    return timezone(ahead if found[1] == "+" else -ahead) if ahead else UTC


def _version(row: Row, system: System) -> Told:
    """Return the version; older agents tell that of Windows by its kernel alone."""
    is_windows = system.family == "windows"
    return credible.text(row.get("VERSION") or (row.get("KERNEL_VERSION") if is_windows else None))


def _build(row: Row, system: System) -> Told:
    if system.family == "linux":
        return NO_SUCH_THING
    pattern, name = (
        (_MACOS_BUILD, "FULL_NAME")
        if system.family == "macos"
        else (_WINDOWS_BUILD, "KERNEL_VERSION")
    )
    found = pattern.search(row.get(name, ""))
    return Told(found[1]) if found else NOT_REPORTED


def _is_server(system: System) -> Told:
    if system.family == "windows":
        return Told(system.is_server)
    # Others have no edition that would say so.
    return NO_SUCH_THING if system.family else NOT_REPORTED


def _booted(raw: str | None, system: System, seen_at: datetime) -> Told:
    """Return an instant that was written by the clock on the machine's wall."""
    text = clean(raw)
    if text is None:
        return NOT_REPORTED
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return NOT_CREDIBLE
    return credible.boot(at if at.tzinfo else at.replace(tzinfo=system.zone), seen_at=seen_at)
