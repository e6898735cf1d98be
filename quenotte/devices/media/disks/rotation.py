"""Which disk is next, and when a disk is where it should not be. Pure: no clock, no disk.

Times are aware datetimes; ``opening`` tells when the practice opens next after a moment.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: How long a disk may stay plugged once its run is over.
PLUGGED_AT_MOST: Final = timedelta(minutes=30)
#: Who plugs a disk so shortly before the practice opens is who opens it, for the copy to come.
PLUGGED_EARLY: Final = timedelta(hours=2)
#: How old the newest copy that is out of reach may be.
OFFLINE_WITHIN: Final = timedelta(days=8)


class Alarm(StrEnum):
    """What is wrong with the disks."""

    STILL_PLUGGED = "still_plugged"
    SAME_DISK = "same_disk"
    NO_OFFLINE = "no_offline"
    REFUSED = "refused"


#: Which alarms are red; the others are amber.
RED: Final = frozenset({Alarm.NO_OFFLINE, Alarm.REFUSED})


@dataclass(frozen=True, slots=True)
class Run:
    """A visit of a disk that ended well: what was written on it was read back.

    ``data_at`` is the moment that its newest copy brings back, None when nobody knew.
    """

    letter: str
    uuid: str
    ended_at: datetime
    data_at: datetime | None = None


#: When the practice opens next after a moment, which is another day once it opened; None where
#: nobody knows.
Opening = Callable[[datetime], datetime | None]


def alarms(
    runs: Sequence[Run],
    plugged: Collection[str],
    *,
    now: datetime,
    opening: Opening,
    is_anomaly_open: bool = False,
    shelved: Collection[datetime] = (),
    since: Mapping[str, datetime] | None = None,
    visited: str = "",
) -> list[Alarm]:
    """Return what is wrong. ``runs`` oldest first, ``plugged``: filesystems of ours seen now.

    ``shelved``: when discs and tapes were written, which are out of reach like a disk in a drawer.
    ``since``: when each disk that is plugged was plugged, where that is known; ``visited``: the one
    that is being written or read. Where no disk ever ran, the lack of a copy offline is told as
    well.
    """
    told = {
        Alarm.REFUSED: is_anomaly_open and bool(plugged),
        Alarm.NO_OFFLINE: not _is_offline_copy_fresh(runs, plugged, now, shelved),
        Alarm.STILL_PLUGGED: _is_forgotten(runs, {*plugged} - {visited}, now, opening, since or {}),
        Alarm.SAME_DISK: _is_same_twice(runs),
    }
    return [alarm for alarm, is_told in told.items() if is_told]


def next_letter(letters: Collection[str], runs: Sequence[Run]) -> str:
    """Return the disk to plug next: one that never ran, else that whose run is the oldest.

    "" when there is none.
    """
    last = {run.letter: run.ended_at for run in runs}
    never = [letter for letter in sorted(letters) if letter not in last]
    ran = sorted(set(letters) & last.keys(), key=lambda letter: last[letter])
    return next(iter([*never, *ran]), "")


def offline_since(
    runs: Sequence[Run], plugged: Collection[str], shelved: Collection[datetime] = ()
) -> datetime | None:
    """Return when the newest copy that is out of reach now was made."""
    unplugged = [run.ended_at for run in runs if run.uuid not in plugged]
    return max([*unplugged, *shelved], default=None)


def _is_offline_copy_fresh(
    runs: Sequence[Run], plugged: Collection[str], now: datetime, shelved: Collection[datetime]
) -> bool:
    since = offline_since(runs, plugged, shelved)
    return since is not None and now - since <= OFFLINE_WITHIN


def _is_forgotten(
    runs: Sequence[Run],
    plugged: Collection[str],
    now: datetime,
    opening: Opening,
    since: Mapping[str, datetime],
) -> bool:
    last = {run.uuid: run.ended_at for run in runs}
    return any(_stays(last.get(uuid), since.get(uuid), now, opening) for uuid in plugged)


def _stays(ran: datetime | None, since: datetime | None, now: datetime, opening: Opening) -> bool:
    """Tell whether a disk is plugged for too long: after its run, or for a run that never came."""
    begun = max((moment for moment in (ran, since) if moment is not None), default=None)
    if begun is None:
        return False
    if ran is not None and begun == ran and now - ran >= PLUGGED_AT_MOST:
        return True
    opens = opening(begun)
    if opens is not None and begun != ran and opens - begun <= PLUGGED_EARLY:
        opens = opening(opens)
    return opens is not None and begun < opens <= now


def _is_same_twice(runs: Sequence[Run]) -> bool:
    return len(runs) > 1 and runs[-1].uuid == runs[-2].uuid
