"""Periapical and bitewing pictures: attenuation of a few teeth on a small sensor."""

from collections.abc import Sequence

import numpy as np

from quenotte.devices.dicom.phantom.mouth import Grid, add_teeth, bone, crest, side_by_side
from quenotte.devices.dicom.phantom.teeth import Form, tooth
from quenotte.devices.dicom.phantom.textures import Generator, Picture, cloud, ramp, trabeculae

PIXEL_MM = 0.02
_COARSE = 2  # the anatomy is drawn on half the pixels; grain and noise come at full size

_CHEEK = 0.05
_BONE = 0.4


def periapical(rng: Generator, teeth: Sequence[int], rows: int, columns: int) -> Picture:
    """Return the attenuation of whole teeth with their apices, on the coarse grid."""
    grid = _grid(rows, columns)
    is_upper = tooth(teeth[0]).is_upper
    height = grid.rows * grid.pixel
    tallest = max(tooth(fdi).crown + tooth(fdi).root for fdi in teeth)
    margin = min(3.5, height - tallest - 3.0)
    edge = height - margin if is_upper else margin
    picture = _arch(rng, teeth, grid, edge)
    return picture + _CHEEK


def bitewing(rng: Generator, teeth: Sequence[int], rows: int, columns: int) -> Picture:
    """Return the attenuation of upper and lower crowns in contact, on the coarse grid."""
    grid = _grid(rows, columns)
    middle = grid.rows * grid.pixel / 2 + float(rng.normal(0, 0.5))
    upper = [fdi for fdi in teeth if tooth(fdi).is_upper]
    lower = [fdi for fdi in teeth if not tooth(fdi).is_upper]
    upper = upper or [_opposite(fdi) for fdi in lower]
    lower = lower or [_opposite(fdi) for fdi in upper]
    above = _arch(rng, upper, grid, middle - 0.5)
    below = _arch(rng, lower, grid, middle + 0.5)
    return above + below + _CHEEK


def _grid(rows: int, columns: int) -> Grid:
    return Grid(-(-rows // _COARSE), -(-columns // _COARSE), PIXEL_MM * _COARSE)


def _opposite(fdi: int) -> int:
    quadrant, place = divmod(fdi, 10)
    facing = {1: 4, 2: 3, 3: 2, 4: 1, 5: 8, 6: 7, 7: 6, 8: 5}
    return facing[quadrant] * 10 + place


def _arch(rng: Generator, teeth: Sequence[int], grid: Grid, edge: float) -> Picture:
    """Return one jaw: bone, what lies in it, teeth. `edge`: biting edges from the top, mm."""
    placed = side_by_side(teeth, grid.columns * grid.pixel, rng)
    is_upper = placed[0].tooth.is_upper
    loss = float(np.clip(rng.gamma(1.4, 0.55), 0, 4))
    down = grid.down - edge
    along: Picture = np.repeat((-down if is_upper else down)[:, None], grid.columns, axis=1)
    level = crest(placed, grid.across, loss)
    texture = trabeculae(rng, grid.rows, grid.columns, 11)
    texture = texture * (0.75 + 0.25 * cloud(rng, grid.rows, grid.columns, 160))
    picture = bone(along, level, texture, _BONE)
    picture += 0.06 * ramp(along - level[None, :], -2.6, -1.4)
    holes = _sinus(rng, along, grid) if is_upper else _canal(rng, along, grid)
    if any(tooth(fdi).form in (Form.MOLAR, Form.PREMOLAR) for fdi in teeth):
        picture += holes
    add_teeth(picture, grid, placed, edge=edge, loss=loss, rng=rng)
    return picture


def _sinus(rng: Generator, along: Picture, grid: Grid) -> Picture:
    """Return the maxillary sinus: dark, behind a thin bright floor."""
    phase = rng.random() * 6
    floor = 18.2 + 1.6 * np.sin(grid.across * 0.24 + phase) + rng.normal(0, 0.6)
    above = along - floor.astype(np.float32)[None, :]
    line = np.exp(-np.square(above / 0.24))
    return 0.13 * line - 0.24 * ramp(above, 0, 0.9)


def _canal(rng: Generator, along: Picture, grid: Grid) -> Picture:
    """Return the mandibular canal: a dark band between two faint bright lines."""
    slope = rng.normal(0, 0.06)
    course = 24.0 + slope * (grid.across - 10) + 0.5 * np.sin(grid.across * 0.3)
    away = np.abs(along - course.astype(np.float32)[None, :])
    wall = np.exp(-np.square((away - 1.4) / 0.22))
    return 0.07 * wall - 0.13 * ramp(-away, -1.4, -0.9)
