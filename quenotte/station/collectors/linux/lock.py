"""After how long the screen of a Linux desktop locks by itself."""

import re
from collections.abc import Callable
from configparser import ConfigParser
from configparser import Error as BadFile
from typing import Final

from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.linux.use import sessions
from quenotte.station.collectors.machines import Machine, NoProgram

_NUMBER: Final = re.compile(r"(?:uint32 )?(\d+)")
#: Desktops that keep it with GSettings: the schema of the wait, its key and unit in seconds; the
#: schema of the lock, its switch and delay.
_DESKTOPS: Final = (
    ("org.gnome.desktop.session", "idle-delay", 1, "org.gnome.desktop.screensaver"),
    ("org.cinnamon.desktop.session", "idle-delay", 1, "org.cinnamon.desktop.screensaver"),
    ("org.mate.session", "idle-delay", 60, "org.mate.screensaver"),
)
_MOST_S: Final = 30 * 86400


def look_at_lock(machine: Machine, found: Gathering) -> None:
    """Tell it of who sits there now, the laxest if there are several; 0 is never."""
    told = sessions(machine)
    screens = [one.uid for one in told or () if one.is_graphical]
    if told is None:
        found.tell("lock.after_s", NOT_READABLE)
    elif screens:
        waits = [_after_s(machine, uid) for uid in screens]
        found.tell("lock.after_s", _laxest(waits))
    elif not _has_desktop(machine):
        found.tell("lock.after_s", NO_SUCH_THING)


def _laxest(waits: list[int | None]) -> Told:
    if None in waits:
        return NOT_READABLE
    known = [one for one in waits if one is not None]
    return Told(0 if 0 in known else max(known))


def _has_desktop(machine: Machine) -> bool:
    return bool(
        machine.names("/usr/share/xsessions") or machine.names("/usr/share/wayland-sessions")
    )


def _after_s(machine: Machine, uid: int) -> int | None:
    tries: tuple[Callable[[Machine, int], int | None], ...] = (_by_settings, _by_kde)
    return next((found for one in tries if (found := one(machine, uid)) is not None), None)


def _by_settings(machine: Machine, uid: int) -> int | None:
    """Ask GSettings as its owner, of the desktop that runs; None when none of these does.

    The schemas of GNOME are installed beside other desktops as well, which do not obey them.
    """
    desktop = _desktop(machine, uid)
    for schema, key, unit_s, saver in _DESKTOPS:
        if not desktop or desktop not in schema:
            continue
        wait = _number(_setting(machine, uid, schema, key))
        if wait is None:
            continue
        is_on = _setting(machine, uid, saver, "lock-enabled")
        delay = _number(_setting(machine, uid, saver, "lock-delay")) or 0
        if is_on not in {"true", "false"}:
            return None
        is_never = is_on == "false" or wait == 0
        return 0 if is_never else min(wait * unit_s + delay * unit_s, _MOST_S)
    return None


def _desktop(machine: Machine, uid: int) -> str:
    """Return which desktop runs for somebody, by the program that draws it."""
    heads = {"gnome-shell": "gnome", "cinnamon": "cinnamon", "mate-session": "mate"}
    for one in machine.counts.process_iter(["name", "uids"]):
        uids = one.info["uids"]
        if uids and uids.real == uid and one.info["name"] in heads:
            return heads[one.info["name"]]
    return ""


def _setting(machine: Machine, uid: int, schema: str, key: str) -> str:
    try:
        said = machine.run("gsettings", "get", schema, key, user=uid)
    except NoProgram:
        return ""
    return said.out.strip() if said.code == 0 else ""


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def _by_kde(machine: Machine, uid: int) -> int | None:
    """Read the file of Plasma: minutes, five unless something else is written there."""
    running = machine.counts.process_iter(["name", "uids"])
    if not any(one.info["name"] == "plasmashell" and _is_of(one, uid) for one in running):
        return None
    said = machine.run("getent", "passwd", str(uid))
    home = said.out.split(":")[5] if said.out.count(":") >= 6 else ""
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(machine.text(f"{home}/.config/kscreenlockerrc") or "" if home else "")
    except (BadFile, OSError):
        return None
    if parser.get("Daemon", "Autolock", fallback="true").lower() == "false":
        return 0
    minutes = parser.get("Daemon", "Timeout", fallback="5")
    return int(minutes) * 60 if minutes.isdigit() and len(minutes) < 6 else None


def _is_of(process: object, uid: int) -> bool:
    uids = process.info["uids"]  # type: ignore[attr-defined]
    return bool(uids and uids.real == uid)
