"""Whether a place still holds the copies that it took: it may have been set back, or emptied."""

from collections.abc import Collection, Iterator
from itertools import takewhile

from django.db.models import QuerySet

from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import SNAPSHOTS
from quenotte.upkeep.backups import queries
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.backups.operations.tending import stores_of


def missing(
    destination: Destination, repository: Repository, rotten: Collection[str] = ()
) -> Copy | None:
    """Return the last good copy made to a place when the place no longer holds it, else None.

    ``rotten`` are files that are there and cannot be read (``snapshots/0a1b…``).

    What is found is noted with the copies: those that went are no more what one comes back to.

    Raises: Damaged, Refused, Unreachable.
    """
    good = queries.good_copies_of(destination.id)
    last, held = good.first(), {name for name, _size in repository.store.names(SNAPSHOTS)}
    if last is not None and last.snapshot_id not in held:
        held.update(_held_by_all_years(destination))
    held.difference_update(name.rpartition("/")[2] for name in rotten)
    _note(good.filter(summary__has_key=queries.GONE), held)
    gone = list(takewhile(lambda copy: copy.snapshot_id not in held, good.iterator()))
    _note(gone, held)
    return gone[0] if gone else None


def _note(copies: list[Copy] | QuerySet[Copy], held: set[str]) -> None:
    """Write down beside copies whether they went."""
    for copy in copies:
        is_gone = copy.snapshot_id not in held
        if is_gone == (queries.GONE in copy.summary):
            continue
        summary = {name: told for name, told in copy.summary.items() if name != queries.GONE}
        copy.summary = summary | ({queries.GONE: True} if is_gone else {})
        copy.save(update_fields=["summary"])


def _held_by_all_years(destination: Destination) -> Iterator[str]:
    """Yield the snapshots of all repositories of a place: a copy may have begun the next one."""
    for store in stores_of(destination):
        yield from (name for name, _size in store.names(SNAPSHOTS))
