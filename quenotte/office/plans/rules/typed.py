"""An act as it is typed in one line: « 16 couronne », « 16 MOD composite », « détartrage »."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from quenotte.kernel.teeth import ROWS_ADULT, ROWS_CHILD, is_tooth

#: Longest line that is read, in characters.
LONGEST_LINE: Final = 120
#: Mesial, distal, occlusal, vestibular, lingual, palatal, incisal.
_SURFACES: Final = frozenset("MDOVLPI")
#: Two numbers that are joined: « 14-16 » is a stretch of the arch, « 14,16 » two teeth.
_TEETH: Final = re.compile(r"^\d{2}(?:[-,+/]\d{2})*,?$")
#: « 12 ans » is an age, « 30 min » a time.
_UNITS: Final = frozenset({"an", "ans", "mois", "min"})
_ROWS: Final = (*ROWS_ADULT, *ROWS_CHILD)


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
        found = [] if after.lower() in _UNITS else _teeth_in(word)
        if found:
            teeth |= dict.fromkeys(found)
        elif is_after_teeth and _are_surfaces(word):
            surfaces = word.upper()
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


def _teeth_in(word: str) -> list[int]:
    if not _TEETH.match(word):
        return []
    numbers = [int(one) for one in re.findall(r"\d{2}", word)]
    if not all(map(is_tooth, numbers)):
        return []
    return _between(*numbers) if "-" in word and len(numbers) == 2 else numbers


def _between(first: int, last: int) -> list[int]:
    """Return the teeth of a stretch of one arch, both ends included; else the two teeth."""
    for row in _ROWS:
        if first in row and last in row:
            start, end = sorted((row.index(first), row.index(last)))
            stretch = list(row[start : end + 1])
            return stretch if stretch[0] == first else stretch[::-1]
    return [first, last]


def _are_surfaces(word: str) -> bool:
    letters = word.upper()
    return len(letters) <= 5 and set(letters) <= _SURFACES and len(set(letters)) == len(letters)
