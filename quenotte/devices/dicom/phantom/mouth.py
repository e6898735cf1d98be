"""Teeth side by side on a grid, with the bone that holds them. Lengths in millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quenotte.devices.dicom.phantom.projection import Line, Shadow
from quenotte.devices.dicom.phantom.stories import story_of
from quenotte.devices.dicom.phantom.teeth import Tooth, row_of, tooth
from quenotte.devices.dicom.phantom.textures import Generator, Picture, ramp

_CONTACT = 0.985  # neighbours overlap slightly on the picture


_BONE_REPLACED = 0.62


@dataclass(frozen=True)
class Placed:
    """A tooth and where the middle of its biting edge lies on the picture."""

    tooth: Tooth
    across: float
    along: float


@dataclass(frozen=True)
class Grid:
    """Rows and columns of the drawing, and the side of its pixels in millimetres."""

    rows: int
    columns: int
    pixel: float

    @property
    def down(self) -> Line:
        """Return the height of each row, from the top."""
        return np.arange(self.rows, dtype=np.float32) * self.pixel

    @property
    def across(self) -> Line:
        """Return the place of each column, from the left."""
        return np.arange(self.columns, dtype=np.float32) * self.pixel


def side_by_side(wanted: Sequence[int], width: float, rng: Generator) -> list[Placed]:
    """Return the wanted teeth in the middle of a picture, with the neighbours that fit.

    Raises: KeyError for a tooth that does not exist.
    """
    arch = [tooth(fdi) for fdi in row_of(wanted[0])]
    places = [0.0]
    for before, after in pairwise(arch):
        places.append(places[-1] + (before.width + after.width) / 2 * _CONTACT)
    asked = [place for each, place in zip(arch, places, strict=True) if each.fdi in wanted]
    shift = width / 2 - sum(asked) / len(asked) + float(rng.normal(0, 0.5))
    return [
        Placed(each, place + shift, float(rng.normal(0, 0.22)))
        for each, place in zip(arch, places, strict=True)
        if -each.width < place + shift < width + each.width
    ]


def crest(placed: Sequence[Placed], across: Line, loss: float) -> Line:
    """Return how far below the biting edges the bone begins, for each column."""
    middles = [each.across for each in placed]
    heights = [each.tooth.crown + 1.5 + loss for each in placed]
    level = np.interp(across, middles, heights).astype(np.float32)
    return level + 0.25 * np.sin(across * 0.9).astype(np.float32)


def bone(along: Picture, level: Line, texture: Picture, thickness: float) -> Picture:
    """Return spongy bone under a bright crest. `along`: millimetres below the biting edge."""
    under = along - level[None, :]
    inside = ramp(under, -0.25, 0.5)
    edge = np.exp(-np.square((under - 0.35) / 0.3))
    deep = 1 + 0.018 * np.clip(under, 0, 14)
    return thickness * inside * (deep + 0.18 * texture) + 0.06 * edge


def add_teeth(
    picture: Picture,
    grid: Grid,
    placed: Sequence[Placed],
    *,
    edge: float,
    loss: float,
    rng: Generator,
) -> None:
    """Add the shadows of teeth whose biting edges lie `edge` below the top of the picture."""
    for each in placed:
        reach = each.tooth.crown + each.tooth.root + 4
        half = each.tooth.width / 2 + 3.2
        columns = _within(grid.columns, (each.across - half) / grid.pixel, 2 * half / grid.pixel)
        biting = edge + (-each.along if each.tooth.is_upper else each.along)
        top = biting - reach if each.tooth.is_upper else biting - 0.6
        rows = _within(grid.rows, top / grid.pixel, (reach + 0.6) / grid.pixel)
        story = story_of(each.tooth, rng)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        along = grid.down[rows] - biting
        shadow = Shadow(
            each.tooth,
            story,
            grid.across[columns] - each.across,
            -along if each.tooth.is_upper else along,
        )
        added, tooth_alone = shadow.attenuation(each.tooth.crown + 1.5 + loss)
        # A root takes the place of part of the bone.
        picture[rows, columns] *= 1 - _BONE_REPLACED * np.clip(tooth_alone * 2.5, 0, 1)
        picture[rows, columns] += added


def _within(limit: int, start: float, length: float) -> slice:
    first = int(start)
    return slice(max(0, first), min(limit, max(0, first + int(length))))
