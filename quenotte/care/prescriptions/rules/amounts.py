"""How much of a substance a line gives, as far as its words tell."""

import re
from typing import Final

from quenotte.care.prescriptions.rules.lines import Line
from quenotte.kernel.names import fold

_STRENGTH: Final = re.compile(r"(?<![\d,.])(\d+(?:[.,]\d+)?)\s*(mg|g)\b(?!\s*/)", re.IGNORECASE)
_ANY_STRENGTH: Final = re.compile(
    r"\d\s*(?:mg|g|µg|microgrammes?|ml|ui|mui|%)(?![a-z])", re.IGNORECASE
)
_COUNTS: Final = re.compile(r"(\d+/\d+|½|\d+(?:[.,]\d+)?)(?:\s*(?:à|ou|-)\s*(\d+(?:[.,]\d+)?))?")
_SOLID: Final = ("comprime", "gelule", "capsule")


def has_strength(line: Line) -> bool:
    """Tell whether a strength is said, in its field or in the name."""
    return bool(line.strength.strip() or _ANY_STRENGTH.search(line.name))


def is_swallowed_whole(line: Line) -> bool:
    """Tell whether it is a tablet or a capsule that a small child cannot swallow."""
    form = f" {fold(line.form)}"
    soft = any(word in form for word in ("dispersible", "orodispersible", "effervescent"))
    return not soft and any(f" {one}" in form for one in _SOLID)


def take_mg(line: Line) -> int | None:
    """Return the milligrams of one take, the higher figure of « 1 à 2 »; None when unsaid."""
    if "/kg" in line.dose:
        return None
    if (told := _STRENGTH.search(line.dose)) is not None:
        return _mg(told)
    strength = _STRENGTH.search(line.strength) or _STRENGTH.search(line.name)
    counts = _COUNTS.match(line.dose.strip())
    # « 5 ml » of a syrup counts no tablets.
    if strength is None or counts is None or "ml" in line.dose.lower().split():
        return None
    return round(_mg(strength) * _number(counts[2] or counts[1]))


def daily_mg(line: Line) -> int | None:
    """Return the milligrams of a day; what has no number of takes is taken once."""
    take = take_mg(line)
    return None if take is None else take * (line.times or 1)


def _mg(told: re.Match[str]) -> int:
    return round(_number(told[1]) * (1000 if told[2].lower() == "g" else 1))


def _number(text: str) -> float:
    if text == "½":
        return 0.5
    above, slash, below = text.partition("/")
    if slash:
        return int(above) / (int(below) or 1)
    return float(text.replace(",", "."))
