"""Batteries behind a Linux machine, as NUT tells them."""

from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NO_SUCH_THING, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine

#: Status words: on the line, on the battery. Source: NUT's developer guide, ups.status.
_ON_LINE, _ON_BATTERY = "OL", "OB"
_FLAGS: Final = {_ON_LINE: False, _ON_BATTERY: True}


def look_at_power(machine: Machine, found: Gathering) -> None:
    """Tell each supply by its maker. That NUT knows none is no proof that there is none."""
    said = machine.run("upsc", "-l")
    names = [line.strip() for line in said.out.splitlines() if said.code == 0 and line.strip()]
    rows = [_supply(machine, name) for name in names if not name.startswith("-")]
    if rows:
        found.rows("ups", rows)
    else:
        found.tell("ups", NO_SUCH_THING)


def _supply(machine: Machine, name: str) -> dict[str, Any]:
    said = machine.run("upsc", name)
    told = dict(line.split(": ", 1) for line in said.out.splitlines() if ": " in line)
    maker = told.get("device.mfr") or told.get("ups.mfr")
    model = told.get("device.model") or told.get("ups.model")
    states = [_FLAGS[one] for one in told.get("ups.status", "").split() if one in _FLAGS]
    return {
        "name": credible.model(maker, model).value or clean(maker) or "ups",
        "is_on_battery": states[0] if states else None,
        "charge_pct": credible.number(told.get("battery.charge"), most=100).value,
    }
