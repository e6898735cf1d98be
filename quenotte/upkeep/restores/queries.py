"""How far a practice that is coming back has come, and a moment of the past."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.translation import ngettext

from quenotte.devices.phoenix import marker
from quenotte.devices.phoenix.marker import Marker
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.restores import rules
from quenotte.upkeep.restores.reaching import state_of
from quenotte.upkeep.restores.recovering import folder

__all__ = ["CameBack", "ComingBack", "came_back", "coming_back", "copied_moments", "state_of"]

#: Copies that are proposed: some days of those of the hour.
_PROPOSED: Final = 60

#: How long the page of the backups says that the practice came back from a copy.
_TOLD_FOR: Final = timedelta(days=14)


@dataclass(frozen=True)
class ComingBack:
    """What is shown of a return under way; ``left`` in words, "" when it cannot be told."""

    marker: Marker
    data_at: datetime
    left: str


def coming_back() -> ComingBack | None:
    """Return the return under way, None when there is none."""
    found = marker.load(folder())
    if found is None:
        return None
    begun_at = datetime.fromisoformat(found.begun_at)
    minutes = rules.minutes_left(found.share, (datetime.now(UTC) - begun_at).total_seconds())
    data_at = datetime.fromisoformat(found.data_at) if found.data_at else begun_at
    return ComingBack(found, data_at, _left(minutes))


@dataclass(frozen=True)
class CameBack:
    """What a practice came back from. Instants are aware.

    ``journal_to``: up to where the journal was followed, None when it was not.
    """

    marker: Marker
    copy_at: datetime
    journal_to: datetime | None
    begun_at: datetime
    told_until: datetime


def came_back(now: datetime) -> CameBack | None:
    """Return the return that this practice comes from, in its first days; else None."""
    found = marker.load(folder()) or marker.last(folder())
    if found is None or not found.data_at:
        return None
    begun_at, data_at = map(datetime.fromisoformat, (found.begun_at, found.data_at))
    copy_at = datetime.fromisoformat(found.copy_at) if found.copy_at else data_at
    if now > begun_at + _TOLD_FOR:
        return None
    journal_to = data_at if data_at > copy_at else None
    return CameBack(found, copy_at, journal_to, begun_at, begun_at + _TOLD_FOR)


def copied_moments() -> list[datetime]:
    """Return the moments that good copies bring back, the newest first, each once."""
    found = {
        copy.data_at.replace(second=0, microsecond=0)
        for one in backups.destinations()
        for copy in backups.good_copies_of(one.id)[:_PROPOSED]
        if copy.data_at
    }
    return sorted(found, reverse=True)[:_PROPOSED]


def _left(minutes: int | None) -> str:
    if minutes is None:
        return ""
    words = ngettext("encore {minutes} minute", "encore {minutes} minutes", minutes)
    return words.format(minutes=minutes)
