"""Where things stand on the drawing, in SVG units."""

from dataclasses import dataclass
from typing import Final

from quenotte.care.perio.rules.mouths import LOWER, UPPER, Face, on_screen

MM: Final = 4.2
#: What the grid shows of a root and of a crown, in mm and in units.
ROOT_MM: Final = 15
CROWN: Final = 20
LEFT, TOOTH, SITE, MIDDLE = 88, 60, 20, 8
WIDTH: Final = LEFT + 16 * TOOTH + MIDDLE + 4

#: Heights of the rows of a face, from the outside to the teeth.
ROWS: Final = (("attachment", 14), ("recession", 14), ("depth", 16), ("signs", 13))
_NUMBERS: Final = sum(height for _, height in ROWS)
_BAND: Final = ROOT_MM * MM + CROWN
NAMES: Final = 42
FACE: Final = _NUMBERS + _BAND
ARCH: Final = 2 * FACE + NAMES
GAP: Final = 14
HEIGHT: Final = 2 * ARCH + GAP


@dataclass(frozen=True, slots=True)
class Band:
    """One face of one arch. ``towards``: -1 when the roots point up the page, 1 when down."""

    row: tuple[int, ...]
    face: Face
    top: float
    towards: int

    @property
    def zero(self) -> float:
        """The height of the junction of crown and root, from which recession is counted."""
        if self.towards < 0:
            return self.top + _NUMBERS + ROOT_MM * MM
        return self.top + CROWN

    def at(self, mm: float) -> float:
        """Return the height of a point so many mm towards the root; outside the grid, its edge."""
        inside = max(-CROWN / MM, min(float(ROOT_MM), mm))
        return round(self.zero + self.towards * inside * MM, 1)

    def row_at(self, name: str) -> float:
        """Return the middle of a row of numbers or signs."""
        y = 0.0
        for known, height in ROWS:
            if known == name:
                y += height / 2
                break
            y += height
        return round(self.top + y if self.towards < 0 else self.top + FACE - y, 1)


def bands() -> tuple[Band, ...]:
    """Return the four faces from top to bottom: of each arch vestibular above, lingual below."""
    found = []
    for number, row in enumerate((UPPER, LOWER)):
        top = number * (ARCH + GAP)
        found.append(Band(row, Face.VESTIBULAR, top, -1))
        found.append(Band(row, Face.LINGUAL, top + FACE + NAMES, 1))
    return tuple(found)


def middle_of(place: int) -> float:
    """Return the middle of a tooth, by its place from the left (0 to 15)."""
    return LEFT + place * TOOTH + TOOTH / 2 + (MIDDLE if place > 7 else 0)


def sites_of(band: Band) -> list[tuple[int, str, float]]:
    """Return (tooth, site, x) of a face, from left to right."""
    return [
        (tooth, site, middle_of(place) + (number - 1) * SITE)
        for place, tooth in enumerate(band.row)
        for number, site in enumerate(on_screen(tooth, band.face))
    ]


BANDS: Final = bands()
