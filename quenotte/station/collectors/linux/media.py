"""What is plugged: sticks, cards and disks on USB, and whether one is a medium of ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from quenotte.devices.agents.credible import written
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.boot import booted_at
from quenotte.station.collectors.linux.disks import is_removable, model, whole
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.marks import is_ours, named

_CARDS: Final = ("mmcblk",)


def look_at_media(machine: Machine, found: Gathering) -> None:
    """Tell each by its maker and model. A drive without a medium in it has no size."""
    found.rows("media.plugged", _rows(machine))


def _rows(machine: Machine) -> Iterator[dict[str, Any]]:
    ours = {disk for disk, mount in _mounts(machine) if is_ours(machine.place(mount))}
    for disk in machine.names("/sys/block"):
        size = (machine.text(f"/sys/block/{disk}/size") or "0").strip()
        if disk.startswith(("loop", "ram", "zram", "dm-", "md", "sr", "fd")) or size in {"", "0"}:
            continue
        if is_removable(machine, disk):
            since = _since(machine, disk)
            yield {
                "name": named(model(machine, disk) or "usb", is_ours=disk in ours),
                "kind": _kind(machine, disk),
                "since": since and written(since),
            }


def _mounts(machine: Machine) -> Iterator[tuple[str, str]]:
    for one in machine.counts.disk_partitions(all=False):
        device = machine.place(one.device).resolve().name
        for disk in whole(machine, device):
            yield disk, one.mountpoint


def _kind(machine: Machine, disk: str) -> str:
    if disk.startswith(_CARDS):
        return "card"
    is_stick = (machine.text(f"/sys/block/{disk}/removable") or "").strip() == "1"
    return "stick" if is_stick else "disk"


def _since(machine: Machine, disk: str) -> datetime | None:
    """Return when the system first saw it, to the minute: udev counts from the start."""
    number = (machine.text(f"/sys/block/{disk}/dev") or "").strip()
    lines = (machine.text(f"/run/udev/data/b{number}") or "").splitlines()
    told = next((line[2:] for line in lines if line.startswith("I:")), "")
    if not told.isdigit():
        return None
    at = booted_at(machine) + timedelta(microseconds=int(told))
    return at.replace(second=0, microsecond=0)
