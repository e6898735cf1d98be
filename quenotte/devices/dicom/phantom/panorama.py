"""The panoramic picture: jaws, ramus and condyles, sinuses, spine, and a whole dentition.

The jaws are drawn as soft-edged outlines on few pixels; teeth come on the fine grid.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from quenotte.devices.dicom.phantom.mouth import Grid, Placed, add_teeth
from quenotte.devices.dicom.phantom.teeth import LOWER, UPPER, tooth
from quenotte.devices.dicom.phantom.textures import (
    Generator,
    Picture,
    cloud,
    enlarged,
    ramp,
    trabeculae,
)

Point = tuple[float, float]

_COARSE = 4  # jaws: one drawn pixel for four by four of the picture
_OVERLAP = 1.06  # neighbours overlap on a panoramic picture
_ARCH = 0.54  # share of the width that the dentition spans

# Outlines on a unit picture: x from the middle (0) to the edge (1), y from top to bottom.
_MANDIBLE_BELOW = (
    (0.0, 0.9),
    (0.13, 0.895),
    (0.27, 0.865),
    (0.4, 0.81),
    (0.5, 0.745),
    (0.575, 0.68),
    (0.61, 0.6),
    (0.63, 0.48),
    (0.655, 0.36),
    (0.695, 0.27),
    (0.705, 0.215),
)
_CONDYLE = ((0.69, 0.185), (0.655, 0.185), (0.63, 0.205), (0.628, 0.245), (0.6, 0.315))
_NOTCH = ((0.565, 0.335), (0.535, 0.315), (0.515, 0.25), (0.498, 0.255), (0.485, 0.31))
_MANDIBLE_ABOVE = ((0.48, 0.4), (0.472, 0.52), (0.44, 0.605), (0.3, 0.64), (0.0, 0.668))
_MAXILLA = (
    (0.0, 0.21),
    (0.1, 0.2),
    (0.2, 0.2),
    (0.32, 0.23),
    (0.42, 0.27),
    (0.46, 0.35),
    (0.44, 0.43),
    (0.3, 0.47),
    (0.0, 0.495),
)
_SINUS = ((0.12, 0.24), (0.24, 0.23), (0.37, 0.26), (0.42, 0.32), (0.36, 0.375), (0.2, 0.37))
_NOSE = ((0.015, 0.16), (0.07, 0.15), (0.095, 0.24), (0.075, 0.325), (0.018, 0.335))
_ZYGOMA = ((0.4, 0.255), (0.5, 0.25), (0.6, 0.2), (0.66, 0.175))
_PALATE = ((0.02, 0.35), (0.2, 0.36), (0.36, 0.335), (0.45, 0.3))
_CANAL = ((0.545, 0.42), (0.54, 0.52), (0.5, 0.625), (0.4, 0.71), (0.27, 0.765), (0.215, 0.755))
_THROAT = ((0.47, 0.3), (0.72, 0.42), (0.78, 0.62), (0.7, 0.84), (0.62, 0.8), (0.65, 0.56))
_HYOID = ((0.42, 0.93), (0.55, 0.915), (0.66, 0.93))


def panoramic(rng: Generator, rows: int, columns: int) -> Picture:
    """Return the attenuation of a panoramic picture. Shape: rows x columns, float32."""
    small = _Sketch(-(-rows // _COARSE), -(-columns // _COARSE))
    picture = enlarged(_jaws(rng, small), rows, columns)
    _add_dentition(rng, picture)
    return picture


class _Sketch:
    """Soft outlines, mirrored left and right."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns

    def _points(self, outline: Sequence[Point], side: int) -> list[Point]:
        half = self.columns / 2
        return [(half + side * x * half, y * self.rows) for x, y in _smooth(outline)]

    def filled(self, outline: Sequence[Point], blur_px: float) -> Picture:
        """Return a filled outline and its mirror image, 0 to 1."""
        canvas = Image.new("L", (self.columns, self.rows))
        for side in (-1, 1):
            ImageDraw.Draw(canvas).polygon(self._points(outline, side), fill=255)
        return _soft(canvas, blur_px)

    def lined(self, outline: Sequence[Point], width_px: int, blur_px: float) -> Picture:
        """Return an open line and its mirror image, 0 to 1."""
        canvas = Image.new("L", (self.columns, self.rows))
        for side in (-1, 1):
            points = self._points(outline, side)
            ImageDraw.Draw(canvas).line(points, fill=255, width=width_px, joint="curve")
        return _soft(canvas, blur_px)

    @property
    def across(self) -> Picture:
        """Return the distance of each column to the middle, 0 to 1, as one row."""
        return np.abs(np.linspace(-1, 1, self.columns, dtype=np.float32))[None, :]

    @property
    def down(self) -> Picture:
        """Return the height of each row, 0 at the top to 1, as one column."""
        return np.linspace(0, 1, self.rows, dtype=np.float32)[:, None]


def _soft(canvas: Image.Image, blur_px: float) -> Picture:
    blurred = canvas.filter(ImageFilter.GaussianBlur(blur_px))
    return np.asarray(blurred, dtype=np.float32) / np.float32(255)


def _smooth(outline: Sequence[Point]) -> list[Point]:
    """Return a rounded version of an open line: corners cut three times (Chaikin)."""
    points = list(outline)
    for _ in range(3):
        cut = [points[0]]
        for (ax, ay), (bx, by) in pairwise(points):
            cut.append((0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by))
            cut.append((0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by))
        points = [*cut, points[-1]]
    return points


def _jaws(rng: Generator, sketch: _Sketch) -> Picture:
    rows, columns = sketch.rows, sketch.columns
    below = [(x, y + float(rng.normal(0, 0.004))) for x, y in _MANDIBLE_BELOW]
    outline = [*below, *_CONDYLE, *_NOTCH, *_MANDIBLE_ABOVE]
    texture = 0.6 * trabeculae(rng, rows, columns, 5) + 0.25 * cloud(rng, rows, columns, 40)
    mandible = sketch.filled(outline, 2.0)
    maxilla = sketch.filled(_MAXILLA, 5.0)
    picture = _soft_parts(sketch) + (0.34 + 0.05 * texture) * mandible
    picture += (0.24 + 0.05 * texture) * maxilla
    picture += _outlines(sketch, below)
    picture -= 0.2 * sketch.filled(_SINUS, 3.0) + 0.26 * sketch.filled(_NOSE, 3.0)
    picture -= 0.1 * sketch.lined(_CANAL, 7, 1.6)
    return picture


def _outlines(sketch: _Sketch, below: Sequence[Point]) -> Picture:
    """Return the bright lines: cortical bone, sinus walls, palate, cheek bone, hyoid."""
    lines = 0.34 * sketch.lined(below, 8, 2.4)
    lines += 0.16 * sketch.lined([*below[-2:], *_CONDYLE, *_NOTCH, *_MANDIBLE_ABOVE[:3]], 4, 1.6)
    lines += 0.17 * sketch.lined([*_SINUS, _SINUS[0]], 3, 1.2)
    lines += 0.14 * sketch.lined(_NOSE, 3, 1.5) + 0.2 * sketch.lined(_PALATE, 5, 1.8)
    lines += 0.2 * sketch.lined(_ZYGOMA, 12, 4.0) + 0.1 * sketch.lined(_HYOID, 9, 4.0)
    lines += 0.08 * sketch.lined([(x, y - 0.012) for x, y in _CANAL], 2, 0.9)
    lines += 0.08 * sketch.lined([(x, y + 0.012) for x, y in _CANAL], 2, 0.9)
    return lines + 0.2 * sketch.lined(((0.004, 0.15), (0.0, 0.33)), 4, 1.8)


def _soft_parts(sketch: _Sketch) -> Picture:
    """Return cheeks, tongue, spine and air: everything that is neither jaw nor tooth."""
    across, down = sketch.across, sketch.down
    flesh = 0.34 - 0.1 * across + 0.03 * np.cos(down * 6)
    flesh = flesh * (1 - 0.85 * ramp(across + 0 * down, 0.9, 1.0))
    spine = 0.3 * np.exp(-np.square(across / 0.16)) * (0.55 + 0.45 * ramp(down, 0.35, 0.9))
    column = 0.13 * ramp(across, 0.76, 0.86) * (1 - ramp(across, 0.93, 0.99))
    vertebrae = column * (0.8 + 0.2 * np.cos(down * 24))
    gap = 0.555 + 0.052 * (1 - np.square(across / 0.6)) - 0.02
    smile = np.exp(-np.square((down - gap) / 0.016)) * (1 - ramp(across, 0.4, 0.6))
    palate_air = np.exp(-np.square((down - 0.395 - 0.02 * across) / 0.02))
    air = 0.2 * smile + 0.08 * palate_air * (1 - ramp(across, 0.3, 0.6))
    return flesh + spine + vertebrae - air - 0.16 * sketch.filled(_THROAT, 9.0)


def _add_dentition(rng: Generator, picture: Picture) -> None:
    """Add the teeth: both arches hang on a smile, wisdom teeth are often missing."""
    rows, columns = picture.shape
    for arch in (UPPER, LOWER):
        teeth = [tooth(fdi) for fdi in arch]
        total = sum(each.width for each in teeth)
        pixel = total / (columns * _ARCH)
        grid = Grid(rows, columns, pixel)
        place = (grid.columns * pixel - total) / 2
        edge = rows * pixel * (0.53 if arch is UPPER else 0.545)
        placed = []
        for each in teeth:
            middle = place + each.width / 2
            place += each.width
            if _is_missing(each.fdi, rng):
                continue
            reach = abs(2 * middle / (grid.columns * pixel) - 1) / _ARCH
            smile = 0.052 * (1 - reach * reach) * rows * pixel
            wide = replace(each, width=each.width * _OVERLAP)
            placed.append(Placed(wide, middle, smile if arch is LOWER else -smile))
        add_teeth(picture, grid, placed, edge=edge, loss=0.4, rng=rng)


def _is_missing(fdi: int, rng: Generator) -> bool:
    odds = 0.45 if fdi % 10 == 8 else 0.06 if fdi % 10 in (4, 6, 7) else 0.01
    return bool(rng.random() < odds)
