"""Whether the journal at a place leads a return to its end, and what becomes of what it lacks.

A hole in the middle lets all that came after it wait in vain: a return ends before the hole. What
another place holds is put back; else a new base is asked of the process that follows the database.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quenotte.devices.journal import asking, gaps, marks, status
from quenotte.devices.journal.carriers import Carrier, Folder, Shelf, sealed_by
from quenotte.devices.journal.gaps import Gap
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.soundness import bare
from quenotte.devices.repository.store import JOURNAL
from quenotte.upkeep.backups import broken, following, places, queries
from quenotte.upkeep.backups.broken import Broken
from quenotte.upkeep.backups.models import Destination

logger = logging.getLogger(__name__)

#: Reading that takes longer goes on by names alone. Seconds.
_LONGEST_S: Final = 1200.0


@dataclass(frozen=True)
class Looked:
    """What the journal of a place lacked, and what of it is still lacking.

    ``before``: what the chain of the newest return lacked; ``mended``: how many steps were put
    again; ``left``: what it lacks still, ``words``: what is said of that; ``older``: chains that a
    later base follows.
    """

    before: Gap | None = None
    mended: int = 0
    left: Broken | None = None
    words: str = ""
    older: tuple[Gap, ...] = ()

    def findings(self) -> list[Finding]:
        """Return each step as a check names it: what is left is an error, by its own name."""
        left = self.left.names if self.left else ()
        lacked = gaps.without(self.before.names if self.before else (), left)
        found = [*map(_finding, left), *(_finding(name).put_again() for name in lacked)]
        passed = [Finding(JOURNAL, name, What.PASSED) for one in self.older for name in one.names]
        return [*found, *passed]


def look(
    destination: Destination, repository: Repository, *, is_read: bool, is_whole: bool = False
) -> Looked:
    """Look at the steps of a place, mend what can be, and note what is left.

    ``is_read``: each step is read, else its name has to do (where a hole was noted, they are read
    in any case); ``is_whole``: chains that a later base follows are looked at too.

    Raises: Refused, Unreachable.
    """
    noted = broken.noted(destination.id)
    is_read = is_read or noted is not None
    # What was found before is read in any case, or a look that takes too long forgot it.
    suspects = list(noted.names) if noted else []
    ends = time.monotonic() + _LONGEST_S
    shelf, seal = Shelf(bare(repository.store)), sealed_by(repository.key)

    def found() -> list[Gap]:
        return gaps.gaps(
            shelf, seal, known=_known(destination), only_last=not is_whole,
            is_read=lambda: is_read and time.monotonic() < ends, suspects=suspects,
        )  # fmt: skip

    try:
        first = found()
        before = next((one for one in first if one.is_last), None)
        suspects += before.names if before else ()
        mended = gaps.fill(before, shelf, _others(destination), seal) if before else 0
        after = found() if mended else first
    except OSError as error:
        if isinstance(error.__cause__, RepositoryError):
            raise error.__cause__ from None
        raise
    left = _noted(destination, next((one for one in after if one.is_last), None))
    words = left.words(queries.copied_to(destination.id)) if left else ""
    older = tuple(one for one in after if not one.is_last)
    return Looked(before, mended, left, words, older)


def look_again(destination: Destination, repository: Repository) -> None:
    """Look again at a hole that was noted, once a new base came; until then it is asked for.

    A base of which the last part is to come closes nothing yet, and none is asked beside it. A
    place that goes away meanwhile is looked at another time.
    """
    known = broken.noted(destination.id)
    if known is None:
        return
    with suppress(RepositoryError, OSError):
        shelf, seal = Shelf(bare(repository.store)), sealed_by(repository.key)
        shelves: Shelves[Any] = Shelves([shelf], seal, marks.opened)
        newest = shelves.newest()
        if newest is None or newest.head.base == known.base:
            _ask(destination)
        elif not gaps.is_unfinished(newest):
            look(destination, repository, is_read=True)


def _noted(destination: Destination, gap: Gap | None) -> Broken | None:
    found = None
    if gap is not None:
        found = broken.of_gap(gap)
        if not gap.is_arriving:
            _ask(destination)
    broken.note(destination.id, found)
    return found


def _ask(destination: Destination) -> None:
    """Ask for a base, where the journal goes to this place at all."""
    if any(one.label == destination.label for one in following.told()):
        try:
            asking.ask_base(following.home())
        except OSError as error:
            logger.warning("a base cannot be asked for: %s", error.strerror)


def _known(destination: Destination) -> int:
    """Return the last step that the journal says this place took, 0 when it says nothing."""
    told = status.read(following.home())
    carriers = told.carriers if told is not None else ()
    return next((one.sequence for one in carriers if one.name == destination.label), 0)


def _others(destination: Destination) -> list[Carrier]:
    """Return what may hold the same steps and answers: what is on its way, and other places."""
    return [one for one in _everywhere(destination) if _answers(one)]


def _everywhere(destination: Destination) -> Iterator[Carrier]:
    yield Folder(Path(following.home()) / "spool")
    for one in queries.destinations().filter(kind__in=following.KINDS).exclude(pk=destination.pk):
        with suppress(RepositoryError):
            yield Shelf(places.store_at(places.at(one.place, one.epoch)))


def _answers(carrier: Carrier) -> bool:
    with suppress(OSError):
        list(carrier.names())
        return True
    return False


def _finding(name: str) -> Finding:
    is_there = "-" in name
    return Finding(JOURNAL, name, What.DAMAGED if is_there else What.MISSING)
