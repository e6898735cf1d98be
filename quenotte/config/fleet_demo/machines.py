"""Simulated machines: what each would say of itself, drawn from a fixed seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from quenotte.kernel.posture.values import text_of
from quenotte.wire.reports import Told

_MODELS: Final = ("OptiPlex 7010", "ProDesk 400 G9", "ThinkCentre M70q", "Veriton X4690")
_PROGRAMS: Final = (
    ("7-Zip", "24.09", "Igor Pavlov"),
    ("LibreOffice", "25.2", "The Document Foundation"),
    ("Mozilla Firefox", "140.0", "Mozilla"),
    ("VLC media player", "3.0.21", "VideoLAN"),
)
_DESKS: Final = ("ACCUEIL", "FAUTEUIL-1", "FAUTEUIL-2", "STERILISATION", "BUREAU", "RADIO")


@dataclass(frozen=True)
class Machine:
    """A machine that does not exist, and what is wrong with it."""

    name: str
    uuid: str
    serial: str
    is_server: bool
    faults: frozenset[str]
    values: Mapping[str, Any] = field(default_factory=dict)


def desk(random: Random, number: int, place: int) -> Machine:
    """Draw a machine of a practice: the first is its server."""
    is_server = place == 0
    faults = {name for name, share in _FAULTS.items() if random.random() < share}
    if is_server:
        faults -= {"windows10", "left_on", "never_locks", "whatsapp"}
    return Machine(
        name="SERVEUR" if is_server else _DESKS[(place - 1) % len(_DESKS)],
        uuid=f"{random.getrandbits(32):08x}-0000-1000-8000-{number:08x}{place:04x}",
        serial=f"QN{number:05}{place:02}",
        is_server=is_server,
        faults=frozenset(faults),
        values={"model": random.choice(_MODELS), "free_mib": random.randrange(40_000, 400_000)},
    )


#: Shares of machines with a fault, about what an ordinary week of a fleet looks like.
_FAULTS: Final = {
    "windows10": 0.012,
    "antivirus_off": 0.004,
    "antivirus_old": 0.003,
    "plain_disk": 0.008,
    "firewall_off": 0.004,
    "disk_full": 0.003,
    "disk_failing": 0.002,
    "anydesk": 0.003,
    "whatsapp": 0.006,
    "never_locks": 0.004,
    "admin": 0.004,
    "left_on": 0.012,
    "old_updates": 0.005,
    "unreadable_firewall": 0.03,
}


def facts(machine: Machine, now: datetime) -> tuple[Told, ...]:
    """Return what its companion would tell now."""
    told = {**_identity(machine), **_system(machine), **_defences(machine, now)}
    told |= _use(machine, now)
    found = [Told(key, value) for key, value in told.items()]
    if "unreadable_firewall" in machine.faults:
        from quenotte.kernel.posture.facts import Unknown

        found = [one for one in found if one.key != "firewall.profiles"]
        found.append(Told("firewall.profiles", unknown=Unknown.NOT_READABLE))
    return tuple(found)


def _identity(machine: Machine) -> dict[str, Any]:
    return {
        "machine.name": machine.name,
        "machine.uuid": machine.uuid,
        "machine.serial": machine.serial,
        "machine.model": machine.values["model"],
        "machine.memory_mib": 16384,
        "machine.is_server": machine.is_server,
    }


def _system(machine: Machine) -> dict[str, Any]:
    if machine.is_server:
        name, build = "Microsoft Windows Server 2022 Standard", "20348"
    elif "windows10" in machine.faults:
        name, build = "Microsoft Windows 10 Professionnel", "19045"
    else:
        name, build = "Microsoft Windows 11 Professionnel", "26200"
    return {
        "os.family": "windows",
        "os.name": name,
        "os.version": f"10.0.{build}",
        "os.build": build,
    }


def _defences(machine: Machine, now: datetime) -> dict[str, Any]:
    faults = machine.faults
    updated = now - timedelta(days=70 if "old_updates" in faults else 9)
    free = 1_500 if "disk_full" in faults else machine.values["free_mib"]
    return {
        "updates.last_installed_at": text_of(
            updated.replace(hour=3, minute=0, second=0, microsecond=0)
        ),
        "updates.missing_security": 4 if "old_updates" in faults else 0,
        "updates.reboot_pending": False,
        "antivirus.products": [
            {
                "name": "Windows Defender",
                "is_active": "antivirus_off" not in faults,
                "is_fresh": "antivirus_old" not in faults,
            }
        ],
        "firewall.profiles": [
            {"name": name, "is_on": "firewall_off" not in faults}
            for name in ("Domaine", "Privé", "Public")
        ],
        "disks": [
            {
                "mount": "C:",
                "total_mib": 476_000,
                "free_mib": free,
                "is_encrypted": "plain_disk" not in faults,
                "is_system": True,
            }
        ],
        "disks.health": [{"name": "NVMe 512 Go", "is_healthy": "disk_failing" not in faults}],
        "ports.open": [{"port": 445, "address": "0.0.0.0", "program": "System"}],  # noqa: S104
        "ups": [{"name": "Eaton 3S", "is_on_battery": False, "charge_pct": 100}],
    }


def _use(machine: Machine, now: datetime) -> dict[str, Any]:
    faults = machine.faults
    software = [
        {"name": name, "version": version, "publisher": publisher}
        for name, version, publisher in _PROGRAMS
    ]
    if "whatsapp" in faults:
        software.append({"name": "WhatsApp Desktop", "version": "2.2546", "publisher": "Meta"})
    booted = now.replace(hour=6, minute=30, second=0, microsecond=0) - timedelta(days=1)
    return {
        "lock.after_s": 0 if "never_locks" in faults else 300,
        "use.is_admin_daily": "admin" in faults,
        "use.booted_at": text_of(booted),
        "remote.tools": [{"name": "AnyDesk", "id": "123456789"}] if "anydesk" in faults else [],
        "software": software,
    }
