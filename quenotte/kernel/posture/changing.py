"""Which change of a fact is news: what moves by itself leaves no history, what it means does.

The facts themselves are kept as they were told; here is only what a line is written about. A line
at each contact would bury the one that somebody looks for.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from quenotte.kernel.posture.questions import machines
from quenotte.kernel.posture.rules import BY_KEY
from quenotte.kernel.posture.values import fault, moment_of

#: How it is at a moment, many times a day: a history of it would be one of whoever sits there.
_OF_THE_MOMENT: Final = frozenset({"use.idle_s", "use.is_locked"})
#: The same start is computed anew each time, to the minute; a start further off is another one, as
#: of a machine that restarts as often as it is heard.
_SAME_START: Final = timedelta(minutes=3)
#: Beyond the limit of its rule a clock is off by minutes, hours, days, or has lost the year.
_CLOCK_S: Final = (3_600, 86_400, 30 * 86_400)


def is_news(key: str, before: Any, after: Any) -> bool:
    """Tell whether a fact became another so that a line of its history says something.

    None: it was not known. What is not well formed is compared as it is.
    """
    if before == after or key in _OF_THE_MOMENT:
        return False
    if before is None or after is None or fault(key, before) or fault(key, after):
        return True
    if key in _MOVED:
        return _MOVED[key](before, after)
    meaning = _MEANINGS.get(key)
    return meaning is None or meaning(before) != meaning(after)


def _of_clock(offset_s: float) -> tuple[int, bool]:
    """Return in which order of size a clock is off, and whether it is ahead; right is right."""
    limit = BY_KEY["clock_right"].limit
    assert isinstance(limit, int)
    size = sum(abs(offset_s) > most for most in (limit, *_CLOCK_S))
    return size, bool(size) and offset_s > 0


def _of_disks(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return disks without the room that is left on them; whether it is short is said."""
    limit = BY_KEY["disk_space"].limit
    assert isinstance(limit, int)
    return _alike(
        {**_without(row, "free_mib"), "is_short": machines.is_short(row, limit)} for row in rows
    )


def _of_supplies(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return _alike({**_without(row, "charge_pct"), "is_low": machines.is_low(row)} for row in rows)


def _of_ports(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the doors of a machine: whatever its address is today, and without those by chance."""
    doors = (_without(row, "address") for row in rows if machines.is_door(row))
    return sorted(set(_alike(doors)))


def _of_antivirus(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return programs, and whether they work: signatures come each day."""
    return _alike(_without(row, "signed_at", "version") for row in rows)


def _of_media(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return _alike(_without(row, "since", "seen_at") for row in rows)


def _is_another_start(before: str, after: str) -> bool:
    return abs(moment_of(after) - moment_of(before)) >= _SAME_START


def _is_back_or_again(before: str, after: str) -> bool:
    """Tell whether copies went back in time, or go on after they had stopped."""
    limit = BY_KEY["backup_fresh"].limit
    assert isinstance(limit, timedelta)
    return not timedelta() <= moment_of(after) - moment_of(before) <= limit


def _is_another_day(before: str, after: str) -> bool:
    return moment_of(after).date() != moment_of(before).date()


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names and value is not None}


def _alike(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return rows in one order: agents list them as they come."""
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


#: What is compared of a fact; of all others the whole value.
_MEANINGS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "clock.offset_s": _of_clock,
    "disks": _of_disks,
    "ups": _of_supplies,
    "ports.open": _of_ports,
    "antivirus.products": _of_antivirus,
    "media.plugged": _of_media,
    "backup.medium": _of_media,
    **dict.fromkeys(("firewall.profiles", "disks.health", "remote.tools", "licences"), _alike),
}
#: Moments that go on by themselves.
_MOVED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "use.booted_at": _is_another_start,
    "backup.restorable_until": _is_back_or_again,
    "backup.proven_at": _is_another_day,
    "backup.offline_copied_at": _is_another_day,
}
