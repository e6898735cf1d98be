"""What the rows of our questions mean: which function turns which rows into facts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.osquery import (
    tell_disks,
    tell_linux,
    tell_machines,
    tell_macos,
    tell_programs,
    tell_windows,
)
from quenotte.devices.agents.osquery.messages import Row
from quenotte.kernel.posture.terms import Platform

Tell = Callable[[Gathering, Sequence[Row]], None]

_EVERYWHERE: Final[Mapping[str, Tell]] = {
    "clock": tell_machines.tell_clock,
    "machine": tell_machines.tell_machine,
    "media": tell_disks.tell_media,
    "ports": tell_programs.tell_ports,
    "remote": tell_programs.tell_remote,
    "software": tell_programs.tell_software,
    "updates": tell_machines.tell_updates,
    "uptime": tell_machines.tell_uptime,
    "admin": tell_machines.tell_admin,
}
_OWN: Final[Mapping[Platform, Mapping[str, Tell]]] = {
    Platform.WINDOWS: {
        "system": tell_windows.tell_system,
        "reboot": tell_windows.tell_reboot,
        "automatic": tell_windows.tell_automatic,
        "antivirus": tell_windows.tell_antivirus,
        "firewall": tell_windows.tell_firewall,
        "disks": tell_disks.tell_windows_disks,
        "lock": tell_windows.tell_lock,
    },
    Platform.MACOS: {
        "system": tell_macos.tell_system,
        "antivirus": tell_macos.tell_antivirus,
        "firewall": tell_macos.tell_firewall,
        "disks": tell_disks.tell_macos_disks,
        "lock": tell_macos.tell_lock,
    },
    Platform.LINUX: {
        "system": tell_linux.tell_system,
        "antivirus": tell_linux.tell_antivirus,
        "firewall": tell_linux.tell_firewall,
        "disks": tell_disks.tell_linux_disks,
    },
}


def teller(platform: Platform, subject: str) -> Tell:
    """Return who tells the rows of a question. Raises: KeyError for none of the catalogue."""
    return _OWN[platform].get(subject) or _EVERYWHERE[subject]
