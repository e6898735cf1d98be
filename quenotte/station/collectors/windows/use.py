"""How a Windows machine is used: locked, with what rights, with what programs, on what power."""

from collections.abc import Iterator
from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import (
    NO_SUCH_THING,
    NOT_CREDIBLE,
    NOT_READABLE,
    Told,
    clean,
)
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.programs import running
from quenotte.station.collectors.windows.machines import text
from quenotte.station.collectors.windows.powershell import answer, one, rows

_MOST: Final = 400
_MOST_LOCK_S: Final = 30 * 86400
#: On its battery, and what else it does while it is. Source: Win32_Battery, BatteryStatus.
_ON_BATTERY: Final = frozenset({1, 4, 5})


def look_at_use(machine: Machine, found: Gathering) -> None:
    """Tell whether the screen is locked: the program of the lock runs.

    How long nobody touched it is shown to that person's own session, which a service is not.
    """
    names = {name.lower() for name in running(machine)}
    found.tell("use.idle_s", NOT_READABLE)
    is_there = "explorer.exe" in names
    found.tell("use.is_locked", Told("logonui.exe" in names) if is_there else NO_SUCH_THING)


def look_at_rights(machine: Machine, found: Gathering) -> None:
    """Tell whether somebody works with all rights now; nothing when nobody is there."""
    told = one(answer(machine, "rights"))
    sessions, admins = told.get("sessions"), told.get("admins")
    if sessions == 0:
        return
    if not isinstance(sessions, int) or not isinstance(admins, int):
        found.tell("use.is_admin_daily", NOT_READABLE)
    elif not 0 <= admins <= sessions:
        found.tell("use.is_admin_daily", NOT_CREDIBLE)
    else:
        found.tell("use.is_admin_daily", Told(admins > 0))


def look_at_lock(machine: Machine, found: Gathering) -> None:
    """Tell after how long it locks: by policy, by the screen saver of the laxest, or by sleep."""
    told = one(answer(machine, "lock"))
    asleep = _asleep_s(told)
    policy = _seconds(told.get("policy"))
    savers = [_saver_s(row) for row in rows(told.get("users"))]
    waits = [policy, asleep, max(savers) if savers and 0 not in savers else 0]
    known = [one for one in waits if one]
    if known:
        found.tell("lock.after_s", Told(min(known)))
    elif asleep is None or not savers:
        # Nobody is logged on, or it cannot be seen whether sleep locks it.
        found.tell("lock.after_s", NOT_READABLE)
    else:
        found.tell("lock.after_s", Told(0))


def look_at_power(machine: Machine, found: Gathering) -> None:
    """Tell the batteries behind a machine that has none of its own. None seen proves nothing."""
    told = one(answer(machine, "power"))
    supplies = rows(told.get("batteries"))
    if told.get("mobile") is not False or not supplies:
        found.tell("ups", NO_SUCH_THING)
        return
    found.rows("ups", map(_supply, supplies))


def look_at_software(machine: Machine, found: Gathering) -> None:
    """Tell what is installed for everybody. None: it could not be read, each machine has some."""
    told = [row for row in rows(answer(machine, "software")) if row.get("DisplayName")]
    if told:
        found.rows("software", _programs(told[:_MOST]))
    else:
        found.tell("software", NOT_READABLE)


def _asleep_s(told: dict[str, Any]) -> int | None:
    """Return after how long it sleeps on mains and wants a password then; 0 is never."""
    sleep, password = _hex(told.get("sleep")), _hex(told.get("password"))
    if sleep is None or password is None:
        return None
    return sleep if password else 0


def _hex(told: object) -> int | None:
    """Return the value on mains: powercfg writes it before that on battery, both last."""
    values = told if isinstance(told, list) else []
    try:
        return int(values[-2], 16)
    except (IndexError, TypeError, ValueError):
        return None


def _saver_s(row: dict[str, Any]) -> int:
    is_on = text(row.get("active")) == "1" and text(row.get("secure")) == "1"
    seconds = _seconds(row.get("timeout"))
    return seconds if is_on and row.get("program") is True and seconds else 0


def _seconds(told: object) -> int | None:
    found = credible.number(text(told), most=_MOST_LOCK_S).value
    return None if found is None else int(found)


def _supply(row: dict[str, Any]) -> dict[str, Any]:
    status, charge = row.get("BatteryStatus"), row.get("EstimatedChargeRemaining")
    return {
        "name": clean(text(row.get("Name"))) or "ups",
        "is_on_battery": status in _ON_BATTERY if isinstance(status, int) else None,
        "charge_pct": charge if isinstance(charge, int) and 0 <= charge <= 100 else None,
    }


def _programs(told: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in told:
        yield {
            "name": clean(text(row.get("DisplayName"))),
            "version": clean(text(row.get("DisplayVersion")), most=60),
            "publisher": clean(text(row.get("Publisher"))),
        }
