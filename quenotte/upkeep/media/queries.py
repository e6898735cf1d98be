"""Reading which disks there are, which is next, what is wrong with them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from quenotte.base import openings
from quenotte.devices.media.disks import rotation
from quenotte.devices.media.disks.register import Known, Register, Rota
from quenotte.devices.media.disks.rotation import Alarm, Run
from quenotte.upkeep.backups.rules import Media, Place, Reason
from quenotte.upkeep.guard import queries as guard
from quenotte.wire.pulses import Medium

#: When a practice is said to open whose hours nobody entered. Source: goal G9.
_USUAL: Final = time(8)
_SUNDAY: Final = 6
_INSTANT: Final = timedelta(microseconds=1)
#: Alarms that the light tells; that none is offline follows from the places themselves.
_REASONS: Final = {
    Alarm.REFUSED: Reason.DISK_REFUSED,
    Alarm.STILL_PLUGGED: Reason.DISK_LEFT,
    Alarm.SAME_DISK: Reason.SAME_DISK,
}


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk of the practice. Moments are aware; None: never, or not now."""

    letter: str
    uuid: str
    copied_at: datetime | None
    data_at: datetime | None
    seen_at: datetime | None
    plugged_since: datetime | None
    is_next: bool
    is_visited: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true of the disks. ``next_letter`` is "" when there are none."""

    disks: tuple[Disk, ...]
    next_letter: str
    alarms: tuple[Alarm, ...]
    is_refused: bool


def register() -> Register:
    """Return what this server remembers of its disks."""
    return Register(Path(settings.DATA_DIR))


def situation(*, now: datetime | None = None) -> Situation:
    """Return what is true of the disks at a moment. Raises: OSError, ValueError."""
    now = now or timezone.now()
    rota = register().read()
    following = rotation.next_letter([one.letter for one in rota.disks], rota.runs)
    disks = sorted(rota.disks, key=lambda disk: disk.letter)
    return Situation(
        disks=tuple(_disk(rota, one, following) for one in disks),
        next_letter=following,
        alarms=tuple(alarms(rota, now)),
        is_refused=is_refused(rota),
    )


def alarms(rota: Rota, now: datetime) -> list[Alarm]:
    """Return what is wrong with the disks that were seen; nothing where there are none."""
    if not rota.disks:
        return []
    return rotation.alarms(
        rota.runs,
        rota.plugged,
        now=now,
        opening=opening_after,
        is_anomaly_open=is_refused(rota),
        shelved=[one.ended_at for one in rota.shelved],
        since=rota.since,
        visited=register().visited,
    )


def is_refused(rota: Rota) -> bool:
    """Tell whether an anomaly is open: the mark beside the disks says so, or the database.

    The mark may not have been written, and the database may be what was attacked.
    """
    return rota.is_refused or guard.is_alarmed()


def opening_after(moment: datetime) -> datetime:
    """Return when the practice opens next: by its own hours, else at eight on a working day.

    It opens once a day: neither after lunch nor for whoever begins later than another.
    """
    today = timezone.localdate(moment)
    opens = openings.next_opening(_day(today) - _INSTANT)
    if opens is not None and opens <= moment:
        opens = openings.next_opening(_day(today + timedelta(days=1)) - _INSTANT)
    return opens or _usual_opening(moment)


def told(now: datetime) -> Media:
    """Return what the light of the backups has to know of the disks."""
    try:
        rota = register().read()
    except (OSError, ValueError, KeyError, TypeError):
        return Media()
    last = {run.uuid: run for run in rota.runs}
    places = [_place(rota, last[one.uuid]) for one in rota.disks if one.uuid in last]
    # Of each tape and each set of discs, what it took last.
    shelved = {(one.kind, one.name): one for one in rota.shelved}
    places += [Place(kind=one.kind, copied_to=one.data_at) for one in shelved.values()]
    found = alarms(rota, now)
    return Media(tuple(places), tuple(_REASONS[one] for one in found if one in _REASONS))


def medium(now: datetime) -> tuple[Medium, datetime | None]:
    """Return what is known of the disks: plugged since, seen unplugged at, not known, or none."""
    try:
        rota = register().read()
    except (OSError, ValueError, KeyError, TypeError):
        return Medium.UNKNOWN, None
    if not rota.disks:
        return Medium.NONE, None
    since = [at for one in rota.plugged if (at := rota.sights[one].plugged_since)]
    if since:
        return Medium.PLUGGED, min(since)
    if rota.looked_at is None or rota.looked_at > now:
        return Medium.UNKNOWN, None
    return Medium.UNPLUGGED, rota.looked_at


def _place(rota: Rota, run: Run) -> Place:
    sight = rota.sights.get(run.uuid)
    return Place(
        kind="disk",
        copied_to=run.data_at,
        plugged_since=sight.plugged_since if sight else None,
    )


def _disk(rota: Rota, known: Known, following: str) -> Disk:
    last = next((run for run in reversed(rota.runs) if run.uuid == known.uuid), None)
    sight = rota.sights.get(known.uuid)
    return Disk(
        letter=known.letter,
        uuid=known.uuid,
        copied_at=last.ended_at if last else None,
        data_at=last.data_at if last else None,
        seen_at=max(
            [*([last.ended_at] if last else []), *([sight.last_at] if sight else [])], default=None
        ),
        plugged_since=sight.plugged_since if sight else None,
        is_next=known.letter == following,
        is_visited=known.uuid == register().visited,
    )


def _usual_opening(moment: datetime) -> datetime:
    local = timezone.localtime(moment)
    day = local.date() if local.time() < _USUAL else local.date() + timedelta(days=1)
    while day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    return _day(day, _USUAL)


def _day(day: date, at: time = time.min) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
