"""After a proof, old steps of the journal leave a folder of ours: copies bring those days back."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.utils import timezone

from quenotte.devices.journal import retiring
from quenotte.devices.journal.carriers import sealed_by
from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import JOURNAL
from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.guard import queries as guard

logger = logging.getLogger(__name__)


#: In the summary of a copy: the last step of the journal in each year's folder when it began.
STEPS: Final = "steps"


def steps_at(destination: Destination) -> dict[str, int]:
    """Return the last step of the journal in each year of a folder, before a copy is begun."""
    if destination.kind != Destination.Kind.FOLDER:
        return {}
    found = {}
    with suppress(RepositoryError, OSError):
        for place in _years(destination):
            year = epochs.epoch_of(place, destination.place)
            found[str(year)] = retiring.last_in(Path(place) / JOURNAL)
    return found


def retire(destination: Destination, used: Repository, *, covered: Mapping[str, int]) -> int:
    """Remove what the rule lets go in the years of a folder; return how many steps.

    Nothing goes while an anomaly is open, and nothing ever at a server. ``covered``: what
    ``steps_at`` told when the proved copy was begun; of a copy that noted nothing, nothing goes.
    """
    if destination.kind != Destination.Kind.FOLDER or guard.is_alarmed():
        return 0
    now, count = timezone.now(), 0
    in_use = places.at(destination.place, destination.epoch)
    for place in _years(destination):
        year = str(epochs.epoch_of(place, destination.place))
        with suppress(RepositoryError, OSError):
            # Steps of another master key are not ours to judge.
            Repository.known(places.store_at(place), used.key)
            count += retiring.retire(
                Path(place) / JOURNAL,
                sealed_by(used.key),
                covered=covered.get(year, 0),
                now=now,
                is_over=place != in_use,
            )
    return count


def _years(destination: Destination) -> list[str]:
    return epochs.existing(destination.place, on=epochs.horizon(timezone.localdate()))


def still_to_come(place: str) -> int:
    """Return by how much the journal at a folder still grows before it is shortened, in bytes."""
    held = retiring.held(Path(place) / JOURNAL)
    now = timezone.now().timestamp()
    days = retiring.KEPT.days
    recent = [(at, size) for at, size in held if now - at < days * 86_400]
    if not recent:
        return 0
    span = max(1.0, (now - min(at for at, _size in recent)) / 86_400)
    a_day = sum(size for _at, size in recent) / span
    return max(0, int(a_day * days) - sum(size for _at, size in held))
