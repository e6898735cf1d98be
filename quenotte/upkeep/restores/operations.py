"""What comes back from copies: a practice, a copy beside it, all of it in open formats."""

from quenotte.base import erasures
from quenotte.upkeep.restores.beside import restore_to
from quenotte.upkeep.restores.exporting import export
from quenotte.upkeep.restores.past import bring_back, look
from quenotte.upkeep.restores.recovering import (
    fill,
    folder,
    keep_filling,
    note_return,
    note_trouble,
    watch,
)

__all__ = [
    "bring_back",
    "export",
    "fill",
    "folder",
    "keep_filling",
    "look",
    "note_return",
    "note_trouble",
    "restore_to",
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
