"""An act as it is typed in one line: « 16 couronne », « 16 MOD composite », « détartrage »."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from quenotte.kernel.typed_teeth import UNITS, surfaces_in, teeth_in

#: Longest line that is read, in characters.
LONGEST_LINE: Final = 120


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line says: FDI numbers in the order typed, surfaces (« MOD »), and words."""

    teeth: tuple[int, ...] = ()
    surfaces: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as the catalogue says it on a day, with where it is done.

    Amounts are cents for one act; ``teeth`` are FDI numbers as a column keeps them (« 16 17 »).
    """

    code: str
    label: str
    teeth: str = ""
    surfaces: str = ""
    quantity: int = 1
    tariff_cents: int | None = None
    fee_cents: int | None = None
    basket: str = ""
    charts_as: str = ""
    material: str = ""
    minutes: int = 0


def typed(line: str) -> Typed:
    """Return what a line says; a number that is no tooth stays among the words."""
    teeth: dict[int, None] = {}
    surfaces, words = "", []
    is_after_teeth = False
    read = line[:LONGEST_LINE].split()
    for word, after in zip_longest(read, read[1:], fillvalue=""):
        found = [] if after.lower() in UNITS else teeth_in(word)
        if found:
            teeth |= dict.fromkeys(found)
        elif is_after_teeth and surfaces_in(word):
            surfaces = surfaces_in(word)
        else:
            words.append(word)
        is_after_teeth = bool(found)
    return Typed(tuple(teeth), surfaces, " ".join(words))


def teeth_of(text: str) -> tuple[int, ...]:
    """Return the teeth of a field or a column: « 16 17 », « 14-16 », « 16, 17 »."""
    return typed(text).teeth


def stored_teeth(teeth: Iterable[int]) -> str:
    """Return teeth as a column keeps them: « 16 17 »."""
    return " ".join(map(str, teeth))


def shown_teeth(teeth: Sequence[int]) -> str:
    """Return teeth as a page shows them: « 16, 17 »."""
    return ", ".join(map(str, teeth))
