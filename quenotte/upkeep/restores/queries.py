"""How far a practice that is coming back has come."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import ngettext

from quenotte.devices.phoenix import marker
from quenotte.devices.phoenix.marker import Marker
from quenotte.upkeep.restores import rules
from quenotte.upkeep.restores.recovering import folder


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


def _left(minutes: int | None) -> str:
    if minutes is None:
        return ""
    words = ngettext("encore {minutes} minute", "encore {minutes} minutes", minutes)
    return words.format(minutes=minutes)
