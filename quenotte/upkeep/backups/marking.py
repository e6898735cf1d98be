"""Where a copy stands in the journal of the database: a tag by which a return orders copies.

Clocks jump, and whoever attacks claims any date; the steps of the journal only go forward.
"""

from contextlib import suppress
from dataclasses import replace

from quenotte.devices.journal import deltas, marks
from quenotte.devices.journal.carriers import Shelf, sealed_by
from quenotte.devices.journal.marks import Mark
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.soundness import bare
from quenotte.devices.repository.store import JOURNAL
from quenotte.upkeep.backups import following


def begun(repository: Repository) -> Mark | None:
    """Return where the journal stands before a database is read; None where the place has none.

    It is the last step of ours, if the place has it or will; after a return the journal of a new
    machine counts anew until it met the place: then the last step that lies there counts.
    """
    with suppress(RepositoryError, OSError):
        name = marks.remembered(following.home())
        if name and (_is_there(repository, name) or _is_on_its_way(name)):
            return marks.of_name(name)
        return _newest(repository)
    return None


def tags(mark: Mark | None) -> tuple[str, ...]:
    """Return the tag of a copy whose database was read since ``begun`` told the mark."""
    if mark is None:
        return ()
    with suppress(OSError):
        last = deltas.sequence_of(marks.remembered(following.home())) or 0
        mark = replace(mark, last=max(mark.last, last))
    return (mark.tag,)


def _is_there(repository: Repository, name: str) -> bool:
    return bare(repository.store).size(JOURNAL, name) is not None


def _is_on_its_way(name: str) -> bool:
    return (following.home() / "spool" / name).exists()


def _newest(repository: Repository) -> Mark | None:
    """Return the mark of the last step that lies at a place."""
    shelf, seal = Shelf(bare(repository.store)), sealed_by(repository.key)
    shelves = Shelves([shelf], seal, marks.opened)
    newest = shelves.newest()
    if newest is None:
        return None
    names = shelves.names_at(newest.head.sequence)
    name = next(one for one in names if shelves.opened(one) is not None)
    return marks.of_name(name)
