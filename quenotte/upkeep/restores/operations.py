"""What the program asks of a practice that is coming back."""

from quenotte.base import erasures
from quenotte.upkeep.restores.recovering import (
    fill,
    folder,
    keep_filling,
    note_return,
    note_trouble,
    watch,
)

__all__ = [
    "fill",
    "folder",
    "keep_filling",
    "note_return",
    "note_trouble",
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
