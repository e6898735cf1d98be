"""Whether the papers in force still open a place: copies and proofs open it with another key.

A place that was set back, or that somebody tidied, may lack the key file of a paper and look whole.
"""

from contextlib import suppress

from quenotte.devices.repository import mirroring
from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.soundness import bare
from quenotte.devices.repository.store import KEYS
from quenotte.upkeep.backups import queries, rotten
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import tending


def look(destination: Destination, repository: Repository) -> None:
    """Put again the key files of papers that a place has no more; note what no paper opens.

    A place that goes away meanwhile is looked at another time.
    """
    with suppress(RepositoryError):
        _look(destination, repository)


def _look(destination: Destination, repository: Repository) -> None:
    papers, store = queries.paper_keys(destination), bare(repository.store)
    for name in sorted(papers.here - _held(repository)):
        for other in tending.others(KEYS):
            # One that a server declines, or that is nowhere whole, is told.
            with suppress(RepositoryError):
                if mirroring.mend(store, [other], [Finding(KEYS, name, What.MISSING)]):
                    break
    held = _held(repository)
    lost = papers.here - held
    if not papers.here and not papers.anywhere & held:
        lost = papers.anywhere
    rotten.note_closed(destination.id, sorted(lost))


def _held(repository: Repository) -> frozenset[str]:
    return frozenset(name for name, _size in bare(repository.store).names(KEYS))
