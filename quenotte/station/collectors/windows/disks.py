"""Disks of Windows: room, BitLocker, health; what is plugged."""

from typing import Any, Final

from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.mounts import mount_of
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.marks import named
from quenotte.station.collectors.rooms import free_mib
from quenotte.station.collectors.windows.machines import text
from quenotte.station.collectors.windows.powershell import answer, one, rows

_MIB: Final = 1 << 20
#: 2 is « undetermined »: a locked volume.
_PROTECTED: Final = {0: False, 1: True}
_HEALTH: Final = {
    "0": True, "1": False, "2": False, "healthy": True, "warning": False, "unhealthy": False,
}  # fmt: skip
_CARRIED: Final = frozenset({"usb", "sd", "mmc"})
_CARDS: Final = frozenset({"sd", "mmc"})


def look_at_disks(machine: Machine, found: Gathering) -> None:
    """Tell each drive that stays. BitLocker tells an administrator alone: unknown to others."""
    told = one(answer(machine, "disks"))
    volumes = {text(row.get("DriveLetter")): row for row in rows(told.get("volumes"))}
    carried = told.get("carried")
    away = set(carried if isinstance(carried, list) else [carried])
    drives = [row for row in rows(told.get("drives")) if text(row.get("DeviceID")) not in away]
    system = text(told.get("system")).upper()
    if drives:
        found.rows("disks", (_drive(row, volumes, system) for row in drives))
    else:
        found.tell("disks", NOT_READABLE)


def look_at_health(machine: Machine, found: Gathering) -> None:
    """Tell what Windows says of each disk that stays."""
    told = rows(answer(machine, "health"))
    staying = [row for row in told if text(row.get("bus")).lower() not in _CARRIED]
    if staying:
        found.rows("disks.health", map(_health, staying))
    else:
        found.tell("disks.health", NO_SUCH_THING)


def look_at_media(machine: Machine, found: Gathering) -> None:
    """Tell what is plugged, by its maker and model."""
    found.rows("media.plugged", map(_medium, rows(answer(machine, "media"))))


def _drive(row: dict[str, Any], volumes: dict[str, Any], system: str) -> dict[str, Any]:
    letter = text(row.get("DeviceID")).upper()
    total, free = row.get("Size"), row.get("FreeSpace")
    is_told = isinstance(total, int) and isinstance(free, int) and 0 <= free <= total
    return {
        "name": letter,
        "mount": mount_of(letter),
        "total_mib": total // _MIB if is_told and total else None,
        "free_mib": free_mib(free // _MIB) if is_told and free is not None else None,
        "is_encrypted": _PROTECTED.get(volumes.get(letter, {}).get("ProtectionStatus", 2)),
        "is_system": letter == system,
    }


def _health(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": clean(text(row.get("name"))),
        "is_healthy": _HEALTH.get(text(row.get("health")).lower()),
    }


def _medium(row: dict[str, Any]) -> dict[str, Any]:
    is_card = text(row.get("bus")).lower() in _CARDS
    is_stick = "removable" in text(row.get("media")).lower()
    return {
        "name": named(clean(text(row.get("name"))) or "usb", is_ours=row.get("ours") is True),
        "kind": "card" if is_card else "stick" if is_stick else "disk",
    }
