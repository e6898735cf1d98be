"""What comes back from copies: a practice, a copy beside it, all of it in open formats."""

from quenotte.base import erasures
from quenotte.base.audit.rules import Actor
from quenotte.upkeep.restores.beside import restore_to
from quenotte.upkeep.restores.bringing import bring_back
from quenotte.upkeep.restores.exporting import export
from quenotte.upkeep.restores.past import look
from quenotte.upkeep.restores.reaching import Moment, forget_old, make, shown
from quenotte.upkeep.restores.recovering import (
    fill,
    folder,
    keep_filling,
    note_return,
    note_trouble,
    watch,
)
from quenotte.upkeep.restores.searching import found_at, search

__all__ = [
    "bring_back",
    "export",
    "fill",
    "folder",
    "forget_old",
    "found_at",
    "keep_filling",
    "look",
    "note_return",
    "note_trouble",
    "reach",
    "restore_to",
    "search",
    "settle_return",
    "watch",
]


def settle_return() -> int:
    """Erase again what was erased, then note the return; called before anybody may log in.

    Returns how many erasures were carried out. Raises: erasures.UnknownErasure.
    """
    count = erasures.carry_out_again()
    note_return()
    return count


def reach(moment: Moment) -> None:
    """Make a moment of the past, and search through all of it when it says whose practice.

    What is refused is shown to who waits; what is unexpected is tried again.
    """
    with shown(moment) as listener:
        make(moment, listener)
        if moment.search is not None:
            search(moment, Actor(None, "", moment.search, "", "worker"), listener)
