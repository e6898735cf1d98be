"""Teeth and surfaces as people type them in a line: « 16 », « 14-16 », « 14,16 », « MOD »."""

import re
from typing import Final

from quenotte.kernel.teeth import ROWS_ADULT, ROWS_CHILD, is_tooth

#: Mesial, occlusal, distal, vestibular, lingual, palatal, incisal.
SURFACES: Final = frozenset("MODVLPI")
#: A tooth has no more.
_MOST_SURFACES: Final = 5
#: « 12 ans » is an age, « 30 min » a time.
UNITS: Final = frozenset({"an", "ans", "mois", "min"})
#: What else is counted: « 10 éléments », « 48 h ».
COUNTED: Final = UNITS | {
    "jour", "jours", "semaine", "semaines", "minute", "minutes", "h", "heure", "heures", "dents",
    "elements", "éléments", "faces", "canaux", "seances", "séances", "mm", "mg", "ml", "g",
    "%", "€",
}  # fmt: skip
#: Two numbers that are joined: « 14-16 » is a stretch of the arch, « 14,16 » two teeth.
_JOINED: Final = re.compile(r"^\d{2}(?:[-,+/]\d{2})*,?$")
_NUMBERS: Final = re.compile(r"\d{2,3}(?:[-,+/]\d{2,3})*,?")
_ROWS: Final = (*ROWS_ADULT, *ROWS_CHILD)


def teeth_in(word: str) -> list[int]:
    """Return the FDI numbers that a word names, in its order; none when one of them is no tooth."""
    if not _JOINED.match(word):
        return []
    numbers = [int(one) for one in re.findall(r"\d{2}", word)]
    if not all(map(is_tooth, numbers)):
        return []
    return stretch(*numbers) if "-" in word and len(numbers) == 2 else numbers


def wrong_tooth_in(word: str) -> int | None:
    """Return the first number of a word that is written as a tooth and names none: « 19 »."""
    if not _NUMBERS.fullmatch(word):
        return None
    return next((int(one) for one in re.findall(r"\d+", word) if not is_tooth(int(one))), None)


def is_stretch(first: int, last: int) -> bool:
    """Tell whether two teeth stand in one row, so that « 36-38 » names those between them too."""
    return any(first in row and last in row for row in _ROWS)


def stretch(first: int, last: int) -> list[int]:
    """Return the teeth of a stretch of one arch, both ends included; else the two teeth."""
    for row in _ROWS:
        if first in row and last in row:
            start, end = sorted((row.index(first), row.index(last)))
            found = list(row[start : end + 1])
            return found if found[0] == first else found[::-1]
    return [first, last]


def surfaces_in(word: str) -> str:
    """Return the surfaces that a word is made of, in capitals, each once; nothing otherwise."""
    letters = word.upper()
    is_made_of = 0 < len(letters) <= _MOST_SURFACES and set(letters) <= SURFACES
    return letters if is_made_of and len(set(letters)) == len(letters) else ""
