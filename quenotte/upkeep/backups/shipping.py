"""Files on their way between two copies: a new radiograph leaves as soon as its row does.

The next copy finds them there already. What was sent is remembered by this process alone: after a
start, what came since the last whole copy is sent again, and the repository keeps it once more.
"""

import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from quenotte.base.files import operations as files
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.keeping import keep_files
from quenotte.devices.repository.repository import Repository
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import following, places, queries
from quenotte.upkeep.backups.models import Destination

logger = logging.getLogger(__name__)

#: Between two looks, in seconds: with the journal's, a minute is not reached.
EVERY_S: Final = float(os.environ.get("QUENOTTE_JOURNAL_S", "20"))
#: A place that refuses is asked again after so many looks at most.
_MOST_PASSED: Final = 15
#: Rows are committed a moment after they are dated.
_OVERLAP: Final = timedelta(minutes=2)
#: As many files leave together: what they hold is in memory until it is stored.
_TOGETHER: Final = 40


@dataclass
class Way:
    """What goes to one destination: up to when it has all, and what it got since."""

    since: datetime
    sent: set[str] = field(default_factory=set)
    repository: Repository | None = None
    epoch: int = 0
    #: Looks to pass over, after so many refusals in a row.
    passed: int = 0
    refusals: int = 0


def keep_shipping(stopped: threading.Event, *, every_s: float = EVERY_S) -> None:
    """Send new files to each place that takes the journal, until ``stopped``."""
    ways: dict[UUID, Way] = {}
    while not stopped.wait(every_s):
        try:
            for destination in _destinations():
                ship(destination, ways)
        except DatabaseError as error:
            logger.warning("files do not leave: %s", type(error).__name__)


def ship(destination: Destination, ways: dict[UUID, Way]) -> int:
    """Send what is new to one destination; return how many files left."""
    way = ways.get(destination.id) or Way(_since(destination))
    ways[destination.id] = way
    if way.passed:
        way.passed -= 1
        return 0
    begun_at = timezone.now()
    new = [name for name in files.named_since(way.since - _OVERLAP) if name not in way.sent]
    try:
        for start in range(0, len(new), _TOGETHER):
            _send(destination, way, new[start : start + _TOGETHER])
    except (RepositoryError, Refusal, OSError) as error:
        logger.warning("files do not leave: %s", type(error).__name__)
        way.refusals += 1
        way.passed = min(_MOST_PASSED, 2**way.refusals)
        way.repository = None
        return 0
    way.refusals = 0
    if way.since < begun_at - 2 * _OVERLAP:
        way.since, way.sent = begun_at - _OVERLAP, set(new)
    return len(new)


def _send(destination: Destination, way: Way, names: Sequence[str]) -> None:
    if way.repository is None or way.epoch != destination.epoch:
        way.repository = places.opened(places.at(destination.place, destination.epoch))
        way.epoch = destination.epoch
    root = Path(settings.DATA_DIR) / "blobs"
    paths = [root / files.blob_name(name) for name in names]
    keep_files(way.repository.store, way.repository.key, [one for one in paths if one.is_file()])
    way.sent.update(names)


def _destinations() -> list[Destination]:
    return list(queries.destinations().filter(kind__in=following.KINDS))


def _since(destination: Destination) -> datetime:
    last = queries.standing_of(destination).last_whole_copy
    return last.started_at if last is not None else timezone.now()
