"""The collectors of this system."""

import sys
from collections.abc import Sequence
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.boot import look_at_boot
from quenotte.station.collectors.collector import BEAT_S, HOUR_S, Collector, collector
from quenotte.station.collectors.machines import Machine

_MACHINE: Final = "machine.name machine.memory_mib os.family"
#: What a Mac knows, and this version does not ask.
_UNASKED: Final = (
    "updates.missing updates.missing_security updates.reboot_pending antivirus.products "
    "firewall.profiles disks lock.after_s use.is_admin_daily use.idle_s use.is_locked "
    "remote.tools software ports.open media.plugged"
)


def collectors(platform: str = sys.platform) -> Sequence[Collector]:
    """Return the collectors of a system, named as ``sys.platform`` does."""
    if platform.startswith("linux"):
        from quenotte.station.collectors.linux import COLLECTORS as OF_LINUX

        return OF_LINUX
    if platform == "win32":
        from quenotte.station.collectors.windows import COLLECTORS as OF_WINDOWS

        return OF_WINDOWS
    return OTHERS


def _look_at_machine(machine: Machine, found: Gathering) -> None:
    import socket

    found.tell("machine.name", credible.text(socket.gethostname(), most=64))
    found.tell("machine.memory_mib", Told(machine.counts.virtual_memory().total >> 20))
    found.tell("os.family", Told("macos"))


def _look_at_nothing(_machine: Machine, found: Gathering) -> None:
    for key in _UNASKED.split():
        found.tell(key, NOT_READABLE)


#: Any other system is told as a Mac is: what is not asked is unknown.
OTHERS: Final = (
    collector("machine", _MACHINE, HOUR_S, _look_at_machine),
    collector("boot", "use.booted_at", BEAT_S, look_at_boot),
    collector("unasked", _UNASKED, HOUR_S, _look_at_nothing),
)
