"""Since when a machine runs: the same answer each time, though its clock is set meanwhile."""

from datetime import UTC, datetime
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine

#: Seconds by which the computed start may move before it is believed to have moved.
_STILL_S: Final = 120.0
_last = {"at": 0.0}


def booted_at(machine: Machine) -> datetime:
    """Return when the machine was started, aware."""
    at = float(machine.counts.boot_time())
    if abs(at - _last["at"]) > _STILL_S:
        _last["at"] = at
    return datetime.fromtimestamp(_last["at"], UTC)


def look_at_boot(machine: Machine, found: Gathering) -> None:
    """Tell when the machine was started."""
    found.tell("use.booted_at", credible.boot(booted_at(machine), seen_at=found.observed_at))
