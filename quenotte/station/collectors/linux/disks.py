"""Disks of Linux: room, encryption, and what they say of their health."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from quenotte.devices.agents.credible import NO_SUCH_THING, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.mounts import mount_of
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.rooms import free_mib

_MIB: Final = 1 << 20
#: What holds no data of people: the loader, images of programs.
_NO_DATA: Final = ("/boot", "/efi", "/snap", "/var/lib/snapd", "/var/lib/docker")
_IMAGES: Final = frozenset({"squashfs", "iso9660", "udf", "erofs"})
#: Whole disks: not loops, memory, nor what is put together of others.
_WHOLE: Final = re.compile(r"(?:sd[a-z]+|hd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)")
#: A bus of USB in the way to a device.
_USB: Final = re.compile(r"/usb\d+/")


def look_at_disks(machine: Machine, found: Gathering) -> None:
    """Tell each filesystem on a disk that stays in the machine."""
    rows = [*_rows(machine)]
    if rows:
        found.rows("disks", rows)
    else:
        found.tell("disks", NO_SUCH_THING)


def look_at_health(machine: Machine, found: Gathering) -> None:
    """Tell what each disk says of itself, where smartctl is installed to ask it."""
    disks = [name for name in machine.names("/sys/block") if _WHOLE.fullmatch(name)]
    rows = [
        {"name": model(machine, name) or name, "is_healthy": _health(machine, name)}
        for name in disks
        if not is_removable(machine, name)
    ]
    if rows:
        found.rows("disks.health", rows)
    else:
        found.tell("disks.health", NO_SUCH_THING)


def model(machine: Machine, disk: str) -> str | None:
    """Return the model of a whole disk, behind its maker where that says something."""
    name = clean(machine.text(f"/sys/block/{disk}/device/model"))
    maker = clean(machine.text(f"/sys/block/{disk}/device/vendor"))
    if not name or not maker or maker.upper() == "ATA" or maker.startswith("0x"):
        return name
    return name if name.lower().startswith(maker.lower()) else clean(f"{maker} {name}")


def is_removable(machine: Machine, disk: str) -> bool:
    """Tell whether a whole disk can be carried away: a stick, a card, a disk on USB."""
    if (machine.text(f"/sys/block/{disk}/removable") or "").strip() == "1":
        return True
    if (machine.text(f"/sys/block/{disk}/device/type") or "").strip() == "SD":
        return True
    return bool(_USB.search(str(machine.place(f"/sys/block/{disk}/device").resolve())))


def whole(machine: Machine, device: str) -> list[str]:
    """Return the whole disks on which a block device rests, through what lies between."""
    return [name for name in _below(machine, device) if _WHOLE.fullmatch(name)]


def _rows(machine: Machine) -> Iterator[dict[str, Any]]:
    seen = set()
    for one in machine.counts.disk_partitions(all=False):
        device = machine.place(one.device).resolve().name
        if one.fstype in _IMAGES or _is_without_data(one.mountpoint) or device in seen:
            continue
        disks = whole(machine, device)
        if not disks or any(is_removable(machine, disk) for disk in disks):
            continue
        seen.add(device)
        yield {"name": device, **_room(machine, one.mountpoint), **_facts(machine, device, one)}


def _is_without_data(mount: str) -> bool:
    return any(mount == one or mount.startswith(f"{one}/") for one in _NO_DATA)


def _room(machine: Machine, mount: str) -> dict[str, int | None]:
    try:
        usage = machine.counts.disk_usage(mount)
    except OSError:
        return {"total_mib": None, "free_mib": None}
    return {"total_mib": usage.total // _MIB, "free_mib": free_mib(usage.free // _MIB)}


def _facts(machine: Machine, device: str, one: Any) -> dict[str, Any]:
    return {
        "mount": mount_of(one.mountpoint),
        "is_encrypted": any(_is_crypt(machine, name) for name in _below(machine, device)),
        "is_system": one.mountpoint == "/",
    }


def _below(machine: Machine, device: str) -> Iterator[str]:
    """Yield a block device and those it rests on: a partition's disk, the parts of a mapping."""
    yield device
    for name in machine.names(f"/sys/class/block/{device}/slaves"):
        yield from _below(machine, name)
    if machine.text(f"/sys/class/block/{device}/partition") is not None:
        yield machine.place(f"/sys/class/block/{device}").resolve().parent.name


def _is_crypt(machine: Machine, device: str) -> bool:
    return (machine.text(f"/sys/class/block/{device}/dm/uuid") or "").startswith("CRYPT-")


def _health(machine: Machine, disk: str) -> bool | None:
    """Return what a disk says; None when it says nothing. Raises: NoProgram."""
    said = machine.run("smartctl", "--json", "--health", f"/dev/{disk}")
    try:
        passed = json.loads(said.out)["smart_status"]["passed"]
    except (ValueError, KeyError, TypeError):
        return None
    return passed if isinstance(passed, bool) else None
