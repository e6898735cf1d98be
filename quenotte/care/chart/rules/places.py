"""Where on the teeth: surfaces that a tooth has, arches, and what lies between two teeth."""

from collections.abc import Iterable
from typing import Final

from quenotte.kernel.teeth import ROWS_ADULT, ROWS_CHILD

#: Order in which surfaces are written: the three of the crown seen from above, then the others.
SURFACES: Final = "MOIDVLRA"
#: Surfaces of the crown; the others are the root and its apex.
CROWN_SURFACES: Final = "MOIDVL"
_ARCHES: Final = (*ROWS_ADULT, *ROWS_CHILD)


def is_front(tooth: int) -> bool:
    """Return whether a tooth is an incisor or a canine: it has an edge instead of cusps."""
    return tooth % 10 <= 3


def is_upper(tooth: int) -> bool:
    """Return whether a tooth is one of the upper jaw."""
    return tooth // 10 in {1, 2, 5, 6}


def surfaces_of(tooth: int) -> str:
    """Return the letters of the surfaces that a tooth has, in the order written."""
    return "MIDVLRA" if is_front(tooth) else "MODVLRA"


def in_order(letters: Iterable[str]) -> str:
    """Return surfaces as they are kept: each once, in one order."""
    given = set(letters)
    return "".join(letter for letter in SURFACES if letter in given)


def kept_letter(tooth: int, letter: str) -> str:
    """Return the letter under which a typed one is kept, empty when the tooth has no such surface.

    P is the palatal side of the upper jaw, which is kept as L.
    """
    if letter == "P":
        return "L" if is_upper(tooth) else ""
    return letter if letter in surfaces_of(tooth) else ""


def arch_of(tooth: int) -> tuple[int, ...]:
    """Return the row of the tooth, from the patient's right to her left."""
    return next(row for row in _ARCHES if tooth in row)


def between(first: int, last: int) -> tuple[int, ...]:
    """Return the teeth from one to another along their arch, in its order; none across two arches.

    The midline is no gap: 11 and 21 follow each other.
    """
    arch = arch_of(first)
    if last not in arch:
        return ()
    start, end = sorted((arch.index(first), arch.index(last)))
    return arch[start : end + 1]


def in_arch_order(teeth: Iterable[int]) -> tuple[int, ...]:
    """Return teeth of one arch from the patient's right to her left, each once."""
    given = set(teeth)
    return tuple(tooth for row in _ARCHES for tooth in row if tooth in given)
