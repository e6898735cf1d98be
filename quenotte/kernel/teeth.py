"""Teeth by their FDI numbers: names, rows, ages, codes."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from quenotte.kernel.names import fold, tokens
from quenotte.kernel.tooth_codes import TOOTH_ROWS

PERMANENT: Final = tuple(
    10 * quadrant + place for quadrant in (1, 2, 3, 4) for place in range(1, 9)
)
PRIMARY: Final = tuple(10 * quadrant + place for quadrant in (5, 6, 7, 8) for place in range(1, 6))
_TEETH: Final = frozenset(PERMANENT + PRIMARY)

Row = tuple[int, ...]


def _row(right: int, left: int, length: int) -> Row:
    """Return a row as the dentist faces the patient, whose right is on the left."""
    places = range(1, length + 1)
    return tuple(
        [10 * right + place for place in reversed(places)] + [10 * left + p for p in places]
    )


#: Rows from top to bottom, each from the patient's right to her left.
ROWS_ADULT: Final[tuple[Row, ...]] = (_row(1, 2, 8), _row(4, 3, 8))
ROWS_CHILD: Final[tuple[Row, ...]] = (_row(5, 6, 5), _row(8, 7, 5))
ROWS_MIXED: Final[tuple[Row, ...]] = (ROWS_ADULT[0], *ROWS_CHILD, ROWS_ADULT[1])

#: Ages in years at which teeth erupt, by place from the midline. Approximate: girls are a few
#: months earlier, and a year or two either way is common.
#: Source: general odontology (middle of the usual eruption ranges).
_ERUPTION_UPPER: Final = (7.5, 8.5, 11.5, 10.5, 11.0, 6.0, 12.5, 20.0)
_ERUPTION_LOWER: Final = (6.5, 7.5, 9.5, 11.0, 11.5, 6.0, 12.0, 20.0)
_ERUPTION_PRIMARY_UPPER: Final = (0.83, 0.92, 1.58, 1.33, 2.4)
_ERUPTION_PRIMARY_LOWER: Final = (0.67, 1.08, 1.67, 1.33, 2.25)

_NAMES: Final = (
    "incisive centrale",
    "incisive latérale",
    "canine",
    "première prémolaire",
    "deuxième prémolaire",
    "première molaire",
    "deuxième molaire",
    "troisième molaire",
)
_PRIMARY_NAMES: Final = (*_NAMES[:3], *_NAMES[5:7])
_SIDES: Final = ("supérieure droite", "supérieure gauche", "inférieure gauche", "inférieure droite")

#: SNOMED CT code to write for each tooth. Source: DICOM PS3.16 CID 4018 and 4019.
SNOMED_WRITE: Final[dict[int, str]] = {tooth: row.sct for tooth, row in TOOTH_ROWS.items()}
_BY_UNIVERSAL: Final = {row.universal: tooth for tooth, row in TOOTH_ROWS.items()}
_LEGACY_SCHEMES: Final = frozenset({"SRT", "SNM3", "99SDM"})

Source = Literal["sct", "sct_also", "srt"]


@dataclass(frozen=True)
class ToothReading:
    """A tooth read from a code.

    ``confirmed`` is false when the code names no dentition: on a child it is a proposal, since
    the primary tooth of the same place may be meant.
    """

    tooth: int
    source: Source
    confirmed: bool


def is_tooth(number: int) -> bool:
    """Return whether an FDI number names one of the 52 teeth."""
    return number in _TEETH


def is_primary(number: int) -> bool:
    """Return whether an FDI number names a primary tooth (51-85)."""
    return is_tooth(number) and number > 50


def quadrant(number: int) -> int:
    """Return the quadrant, 1 to 8, of a tooth. Raises: ValueError for no tooth."""
    return _checked(number) // 10


def position(number: int) -> int:
    """Return the place, 1 to 8, counted from the midline. Raises: ValueError for no tooth."""
    return _checked(number) % 10


def successor(primary: int) -> int:
    """Return the permanent tooth that takes the place of a primary one: 55 gives 15.

    Raises: ValueError when the number is not that of a primary tooth.
    """
    if not is_primary(primary):
        raise ValueError(f"{primary} is not a primary tooth")
    return primary - 40


def name_fr(number: int) -> str:
    """Return the French name, such as « première molaire supérieure droite ».

    Raises: ValueError for no tooth.
    """
    side = _SIDES[(quadrant(number) - 1) % 4]
    place = position(number) - 1
    if is_primary(number):
        return f"{_PRIMARY_NAMES[place]} temporaire {side}"
    return f"{_NAMES[place]} {side}"


def expected_teeth(age_years: float) -> frozenset[int]:
    """Return the teeth that a mouth of that age usually shows.

    A primary tooth is expected until its successor is. Approximate by a year or two: a start
    for the dentist, never a finding.

    Units: years. Source: general odontology (middle of the usual eruption ranges).
    """
    ages, mouths = _mouths()
    return mouths[bisect_right(ages, age_years)]


def eruption_years(number: int) -> float:
    """Return the age at which a tooth usually comes. Raises: ValueError for no tooth.

    Units: years. Source: as ``expected_teeth``.
    """
    return _eruption_age(_checked(number))


def dentition(age_years: float) -> Literal["primary", "mixed", "permanent"]:
    """Return which dentition that age usually has; a baby without teeth counts as primary.

    Units: years. Source: as ``expected_teeth``.
    """
    expected = expected_teeth(age_years)
    if not expected.intersection(PERMANENT):
        return "primary"
    return "mixed" if expected.intersection(PRIMARY) else "permanent"


def tooth_from_code(code: str, scheme: str) -> ToothReading | None:
    """Return the tooth that a coded value of a DICOM file means, None when it is unknown.

    ``scheme`` is the Coding Scheme Designator: SCT, or one of the older SRT, SNM3, 99SDM.

    Source: DICOM PS3.3 C.8.11.9; PS3.16 CID 4018 and 4019.
    """
    return _BY_CODE.get((_family(scheme), code.strip().upper()))


def teeth_from_text(text: str) -> tuple[int, ...]:
    """Return the teeth that free text names: « RA 36 », « dent 36 », « 36-37 ».

    Only the numbers written are returned, in their order, each once; « 36-38 » names two.
    Dates, hours, exposure values and numbers of rooms or pictures are passed over. Always a
    proposal, for a person to confirm.
    """
    found: dict[int, None] = {}
    for run in _NUMBERS.finditer(text):
        start, end = run.span()
        near = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
        if not _is_something_else(*near):
            found |= dict.fromkeys(_teeth_of_run(run[0]))
    return tuple(found)


def tooth_from_universal(code: str) -> int | None:
    """Return the FDI number for an ADA Universal code (1-32, A-T), None when it is none.

    The numbers also exist in FDI with other meanings: only for devices known to use Universal.
    """
    return _BY_UNIVERSAL.get(code.strip().lstrip("#0").upper())


def _checked(number: int) -> int:
    if not is_tooth(number):
        raise ValueError(f"{number} is not a tooth")
    return number


@cache
def _mouths() -> tuple[list[float], list[frozenset[int]]]:
    """Return the ages at which teeth come, and the mouth before the first and after each."""
    ages = sorted({_eruption_age(tooth) for tooth in _TEETH})
    erupted = [{tooth for tooth in _TEETH if _eruption_age(tooth) <= age} for age in ages]
    return ages, [frozenset(), *map(_without_replaced, erupted)]


def _without_replaced(erupted: set[int]) -> frozenset[int]:
    return frozenset(
        tooth for tooth in erupted if not (is_primary(tooth) and successor(tooth) in erupted)
    )


def _eruption_age(tooth: int) -> float:
    is_upper = tooth // 10 in {1, 2, 5, 6}
    if is_primary(tooth):
        ages = _ERUPTION_PRIMARY_UPPER if is_upper else _ERUPTION_PRIMARY_LOWER
        return ages[tooth % 10 - 1]
    return (_ERUPTION_UPPER if is_upper else _ERUPTION_LOWER)[tooth % 10 - 1]


def _is_something_else(before: str, after: str) -> bool:
    """Return whether the words around a number say that it is no tooth."""
    glued = _GLUED_BEFORE.search(before)
    if _GLUED_AFTER.match(after) or (glued and fold(glued[0]) not in _TOOTH_WORDS):
        return True
    words = [word for word in tokens(before) if word not in {"n", "no", "numero"}]
    return words[-1:] != [] and words[-1] in _OTHER_THINGS


def _teeth_of_run(run: str) -> list[int]:
    """Return the teeth of « 36 » or « 36-37 », none for a date, an hour or a measure."""
    parts = re.split("[^0-9]", run)
    numbers = [int(part) for part in parts if len(part) == 2]
    signs = set(re.findall("[^0-9]", run))
    if len(numbers) < len(parts) or not all(map(is_tooth, numbers)) or signs & {".", ":"}:
        return []
    may_be_date = signs == {"/"} or (signs == {"-"} and len(numbers) == 3)
    return [] if may_be_date and numbers[0] <= 31 and numbers[1] <= 12 else numbers


def _family(scheme: str) -> str:
    designator = scheme.strip().upper()
    return "SRT" if designator in _LEGACY_SCHEMES else designator


def _code_readings() -> Iterator[tuple[tuple[str, str], ToothReading]]:
    for tooth, row in TOOTH_ROWS.items():
        yield ("SCT", row.sct), ToothReading(tooth, "sct", confirmed=True)
        yield ("SCT", row.sct_also), ToothReading(tooth, "sct_also", confirmed=False)
        yield ("SRT", row.srt), ToothReading(tooth, "srt", confirmed=True)
        yield ("SRT", row.srt_also), ToothReading(tooth, "srt", confirmed=False)


_BY_CODE: Final = {key: reading for key, reading in _code_readings() if key[1]}


#: Numbers with the signs that join them: 36, 36-37, 11/21, 14:30, 0.16.
_NUMBERS: Final = re.compile("[0-9]+(?:[-+,./:][0-9]+)*")
#: How many characters around a number may say what it is.
_NEAR: Final = 30
_GLUED_BEFORE: Final = re.compile(r"\w+$")
_TOOTH_WORDS: Final = frozenset({"d", "dent", "dents", "n", "no", "ra", "rx"})
_OTHER_THINGS: Final = frozenset(
    "chambre fauteuil h image images img lot page poste salle serie version vue".split()
)
_GLUED_AFTER: Final = re.compile(
    r"""\w | \s*(?: [%°µ] | (?: ans? | mois | jours? | h | min | s | sec | ms | mm | cm | px | dpi
    | bits? | kvp? | mas? | mgy | [kmg]o | janv\w* | f[ée]v\w* | mars | avr\w* | mai | juin
    | juil\w* | ao[uû]t | sept\w* | oct\w* | nov\w* | d[ée]c\w* )\b )""",
    re.VERBOSE | re.IGNORECASE,
)
