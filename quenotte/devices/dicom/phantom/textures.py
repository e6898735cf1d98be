"""Noise, blur and resizing on float32 pictures, fast enough for hundreds of pictures."""

from typing import Any

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.floating[Any]]
Generator = np.random.Generator


def noise(rng: Generator, rows: int, columns: int) -> Picture:
    """Return white noise of variance one. Shape: rows x columns, float32."""
    return rng.standard_normal((rows, columns), dtype=np.float32)


def blurred(picture: Picture, radius_px: int, passes: int = 2) -> Picture:
    """Return the picture under repeated box blurs of side 2 x radius + 1 pixels."""
    for _ in range(passes):
        picture = _box(_box(picture, radius_px).T, radius_px).T
    return np.ascontiguousarray(picture)


def _box(picture: Picture, radius: int) -> Picture:
    side = 2 * radius + 1
    padded = np.pad(picture, ((radius + 1, radius), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float32)
    return (sums[side:] - sums[:-side]) / np.float32(side)


def enlarged(picture: Picture, rows: int, columns: int) -> Picture:
    """Return the picture stretched linearly. Shape: rows x columns, float32."""
    wide = np.ascontiguousarray(_stretch(np.ascontiguousarray(picture.T), columns).T)
    return _stretch(wide, rows)


def _stretch(picture: Picture, rows: int) -> Picture:
    have = picture.shape[0]
    if have == rows:
        return picture
    where = np.linspace(0, have - 1, rows, dtype=np.float32)
    low = np.minimum(where.astype(np.intp), have - 2)
    stretched = picture[low]
    stretched += (picture[low + 1] - stretched) * (where - low)[:, None]
    return stretched


def cloud(rng: Generator, rows: int, columns: int, grain_px: float) -> Picture:
    """Return smooth noise of variance about one, whose lumps are `grain_px` wide."""
    few_rows = max(4, int(rows / grain_px))
    few_columns = max(4, int(columns / grain_px))
    return enlarged(noise(rng, few_rows, few_columns), rows, columns) * np.float32(1.5)


def trabeculae(rng: Generator, rows: int, columns: int, grain_px: float) -> Picture:
    """Return the bony network: thin bright strands around dark spaces; mean 0."""
    strands: Any = 0
    for size, weight in ((grain_px, 0.5), (grain_px * 1.9, 0.35), (grain_px * 4, 0.3)):
        field = cloud(rng, rows, columns, size)
        strands = strands + weight * np.exp(-np.square(field * np.float32(1.4)))
    soft = blurred(np.asarray(strands, dtype=np.float32), 1, passes=2)
    return (soft - soft.mean()) * np.float32(3)


def ramp(values: Picture, start: float, end: float) -> Picture:
    """Return a smooth step from 0 at `start` to 1 at `end`."""
    part = np.clip((values - start) / (end - start), 0, 1)
    return part * part * (3 - 2 * part)
