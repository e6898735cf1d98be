"""A new year begins a repository of its own at each place, by itself, with its first copy.

It goes on under the same master key and with the same key files: papers, shares and the journal
know nothing of it. Until its first copy is whole the one before is in use, and proved; it stays
where it is afterwards, readable as ever.
"""

import logging
import shutil
from datetime import date

from django.utils import timezone

from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import AlreadyThere, Full, Refused
from quenotte.devices.repository.opening import is_server
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import DATA
from quenotte.upkeep.backups import places, queries
from quenotte.upkeep.backups.models import Destination

logger = logging.getLogger(__name__)


def due(destination: Destination, *, on: date) -> int | None:
    """Return the year whose repository should begin at a place, None while this one goes on."""
    begun = epochs.year_in(destination.epoch) or timezone.localdate(destination.created_at).year
    last = queries.standing_of(destination).last_whole_copy
    return epochs.due(begun, on=on, last=timezone.localdate(last.started_at).year if last else None)


def begun(destination: Destination, year: int, earlier: Repository) -> Repository | None:
    """Return the repository of a year, begun now or before; None where it cannot begin.

    No copy is lost for that: the one in use goes on, and the next copy tries again.

    Raises: Unreachable.
    """
    if not _has_room(destination, earlier):
        logger.warning("a new year does not begin: no room for a whole copy")
        return None
    try:
        store = places.store_at(places.at(destination.place, year))
        return Repository.continued(store, earlier)
    except (AlreadyThere, Full, Refused) as error:
        logger.warning("a new year does not begin: %s", type(error).__name__)
        return None


def _has_room(destination: Destination, earlier: Repository) -> bool:
    """Tell whether a disk takes the practice once more; a server says so itself."""
    if is_server(destination.place):
        return True
    needed = sum(size for _name, size in earlier.store.names(DATA))
    return shutil.disk_usage(destination.place).free > needed
