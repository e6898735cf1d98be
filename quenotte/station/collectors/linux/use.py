"""Who works at a Linux machine: never a name, only whether somebody does, and with what rights."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.idleness import idle_s
from quenotte.station.collectors.machines import Machine

_ADMINS: Final = frozenset({"sudo", "wheel", "admin", "root"})
_ID: Final = re.compile(r"[A-Za-z0-9]{1,32}")
_GRAPHICAL: Final = frozenset({"x11", "wayland", "mir"})
_ASKED: Final = "Active,Class,IdleHint,IdleSinceHintMonotonic,LockedHint,Remote,State,Type,User"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's session, as logind tells it. ``idle_since_s``: since boot, None when busy."""

    uid: int
    is_graphical: bool
    is_locked: bool | None
    idle_since_s: float | None


def sessions(machine: Machine) -> list[Session] | None:
    """Return the sessions of people; None when logind does not run. Raises: NoProgram, TooSlow."""
    said = machine.run("loginctl", "list-sessions", "--no-legend", "--no-pager")
    if said.code != 0:
        return None
    ids = [line.split()[0] for line in said.out.splitlines() if line.strip()]
    return [one for name in ids if _ID.fullmatch(name) for one in _session(machine, name)]


def look_at_use(machine: Machine, found: Gathering) -> None:
    """Tell how long nobody touched it, and whether its screen is locked."""
    told = sessions(machine)
    if told is None:
        found.tell("use.idle_s", NOT_READABLE)
        found.tell("use.is_locked", NOT_READABLE)
        return
    screens = [one for one in told if one.is_graphical]
    found.tell("use.idle_s", _idle(machine, screens))
    states = [one.is_locked for one in screens]
    found.tell("use.is_locked", Told(all(states)) if states else NO_SUCH_THING)


def look_at_rights(machine: Machine, found: Gathering) -> None:
    """Tell whether somebody works with all rights now; nothing when nobody is there."""
    told = sessions(machine)
    if told is None:
        found.tell("use.is_admin_daily", NOT_READABLE)
    elif told:
        rights = {_is_admin(machine, one.uid) for one in told}
        is_told = True in rights or None not in rights
        found.tell("use.is_admin_daily", Told(True in rights) if is_told else NOT_READABLE)


def _session(machine: Machine, name: str) -> Iterator[Session]:
    said = machine.run("loginctl", "show-session", name, f"--property={_ASKED}")
    told = dict(line.split("=", 1) for line in said.out.splitlines() if "=" in line)
    if told.get("Class") != "user" or told.get("State") == "closing":
        return
    if not told.get("User", "").isdigit():
        return
    idle = told.get("IdleSinceHintMonotonic", "")
    is_idle = told.get("IdleHint") == "yes" and idle.isdigit()
    is_graphical = told.get("Type") in _GRAPHICAL
    is_locked = told["LockedHint"] == "yes" if "LockedHint" in told else None
    yield Session(int(told["User"]), is_graphical, is_locked, int(idle) / 1e6 if is_idle else None)


def _idle(machine: Machine, screens: list[Session]) -> Told:
    """Return the idleness of the busiest screen; where nobody is at one, there is none."""
    if not screens:
        return NO_SUCH_THING
    if any(one.idle_since_s is None for one in screens):
        return Told(0)
    # The clock of logind, which stands still during sleep.
    last_s = max(one.idle_since_s or 0.0 for one in screens)
    return Told(idle_s(time.monotonic() - last_s))


def _is_admin(machine: Machine, uid: int) -> bool | None:
    """Tell whether an account may become root, wherever it is kept; None when nobody knows it."""
    if uid == 0:
        return True
    said = machine.run("id", "-nG", str(uid))
    return None if said.code != 0 else not _ADMINS.isdisjoint(said.out.split())
