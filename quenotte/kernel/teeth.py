"""Teeth by their FDI numbers (ISO 3950): names, places, ages and codes."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from quenotte.kernel.tooth_codes import ROWS

PERMANENT: Final = tuple(q * 10 + p for q in (1, 2, 3, 4) for p in range(1, 9))
PRIMARY: Final = tuple(q * 10 + p for q in (5, 6, 7, 8) for p in range(1, 6))
_ALL: Final = frozenset(PERMANENT + PRIMARY)

Dentition = Literal["primary", "mixed", "permanent"]


def _row(right: int, left: int, last: int) -> tuple[int, ...]:
    """One row as the dentist faces the patient: her right on our left."""
    return tuple(right * 10 + p for p in range(last, 0, -1)) + tuple(
        left * 10 + p for p in range(1, last + 1)
    )


ROWS_ADULT: Final = (_row(1, 2, 8), _row(4, 3, 8))
ROWS_CHILD: Final = (_row(5, 6, 5), _row(8, 7, 5))
ROWS_MIXED: Final = (ROWS_ADULT[0], ROWS_CHILD[0], ROWS_CHILD[1], ROWS_ADULT[1])

#: Typical age at eruption in years, by position: permanent upper, permanent lower, primary.
#: Approximate, general odontology: a hint for the display, never a diagnosis.
_ERUPTS_UPPER: Final = {1: 7.5, 2: 8.5, 3: 11.5, 4: 10.5, 5: 11.0, 6: 6.5, 7: 12.5, 8: 19.0}
_ERUPTS_LOWER: Final = {1: 6.5, 2: 7.5, 3: 10.0, 4: 10.5, 5: 11.5, 6: 6.0, 7: 12.0, 8: 19.0}
_ERUPTS_PRIMARY: Final = {1: 0.7, 2: 0.9, 3: 1.6, 4: 1.3, 5: 2.3}

_NAMES: Final = {
    1: "incisive centrale",
    2: "incisive latérale",
    3: "canine",
    4: "première prémolaire",
    5: "deuxième prémolaire",
    6: "première molaire",
    7: "deuxième molaire",
    8: "troisième molaire",
}
_PRIMARY_NAMES: Final = {**_NAMES, 4: "première molaire", 5: "deuxième molaire"}
_SIDES: Final = {
    1: "supérieure droite",
    2: "supérieure gauche",
    3: "inférieure gauche",
    4: "inférieure droite",
}


def is_tooth(number: int) -> bool:
    """Tell whether ``number`` is one of the 52 FDI numbers."""
    return number in _ALL


def is_primary(number: int) -> bool:
    """Tell whether the tooth is a milk tooth."""
    return number in PRIMARY


def quadrant(number: int) -> int:
    """Return the quadrant, 1 to 4 for permanent teeth, 5 to 8 for primary ones."""
    return number // 10


def position(number: int) -> int:
    """Return the place from the middle of the arch, 1 to 8."""
    return number % 10


def successor(primary: int) -> int:
    """Return the permanent tooth that replaces a primary one.

    Raises: ValueError when the tooth is not primary.
    """
    if not is_primary(primary):
        raise ValueError(f"{primary} is not a primary tooth")
    return primary - 40


def name_fr(number: int) -> str:
    """Return the French name: « première molaire supérieure droite ».

    Raises: ValueError when the number is no tooth.
    """
    if not is_tooth(number):
        raise ValueError(f"{number} is not a tooth")
    if is_primary(number):
        side = _SIDES[quadrant(number) - 4]
        return f"{_PRIMARY_NAMES[position(number)]} temporaire {side}"
    return f"{_NAMES[position(number)]} {_SIDES[quadrant(number)]}"


def _erupts_at(number: int) -> float:
    if is_primary(number):
        return _ERUPTS_PRIMARY[position(number)]
    table = _ERUPTS_UPPER if quadrant(number) in (1, 2) else _ERUPTS_LOWER
    return table[position(number)]


def expected_teeth(age_years: float) -> frozenset[int]:
    """Return the teeth usually in the mouth at this age (years); a hint, not a finding."""
    permanent = {tooth for tooth in PERMANENT if _erupts_at(tooth) <= age_years}
    primary = {
        tooth
        for tooth in PRIMARY
        if _erupts_at(tooth) <= age_years and successor(tooth) not in permanent
    }
    return frozenset(permanent | primary)


def dentition(age_years: float) -> Dentition:
    """Return which rows to show at this age (years)."""
    teeth = expected_teeth(age_years)
    if not any(map(is_primary, teeth)):
        return "permanent" if age_years >= 1 else "primary"
    return "primary" if all(map(is_primary, teeth)) else "mixed"


#: FDI number -> SNOMED CT code that we write.
SNOMED_WRITE: Final[dict[int, str]] = {row[0]: row[1] for row in ROWS}

_WRITTEN: Final = {row[1]: row[0] for row in ROWS}
_READ_ALSO: Final = {row[2]: row[0] for row in ROWS if row[2]}
_SRT: Final = {code: row[0] for row in ROWS for code in row[3]}
_UNIVERSAL: Final = {row[4]: row[0] for row in ROWS}


@dataclass(frozen=True)
class ToothReading:
    """A tooth read from a file: how it was read, and whether it may be trusted as it is."""

    tooth: int
    source: str
    confirmed: bool


def tooth_from_code(code: str, scheme: str) -> ToothReading | None:
    """Return the tooth of a coded item, or None.

    The second SNOMED column names no dentition, so it is a proposal to confirm.
    Source: DICOM PS3.16 CID 4018, 4019.
    """
    value, designator = code.strip(), scheme.strip().upper()
    if designator == "SCT" and value in _WRITTEN:
        return ToothReading(_WRITTEN[value], "sct", confirmed=True)
    if designator == "SCT" and value in _READ_ALSO:
        return ToothReading(_READ_ALSO[value], "sct_also", confirmed=False)
    if designator in {"SRT", "SNM3", "99SDM"} and value in _SRT:
        return ToothReading(_SRT[value], "srt", confirmed=True)
    return None


def teeth_from_text(text: str) -> tuple[int, ...]:
    """Return the FDI numbers that free text names, in order: « RA 36-37 » -> (36, 37).

    Free text is always a proposal.
    """
    found = [int(number) for number in re.findall(r"(?<!\d)\d{2}(?!\d)", text)]
    return tuple(dict.fromkeys(number for number in found if is_tooth(number)))


def tooth_from_universal(code: str) -> int | None:
    """Return the tooth of a North American Universal code (1-32, A-T), or None.

    Only for a device that is known to write them: bare numbers are ambiguous with FDI.
    """
    return _UNIVERSAL.get(code.strip().upper().lstrip("0"))
