"""One frame ready to be shown: plain integers, and how to window them.

Source: DICOM PS3.3 sections C.7.6.3 (pixels), C.11.1 (modality), C.11.2 (window), C.11.6.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from quenotte.devices.dicom.headers import spacing_of
from quenotte.devices.dicom.pixels import Layout, Undecodable, layout_of, read_pixels
from quenotte.devices.dicom.reading import opened
from quenotte.devices.dicom.values import Values

__all__ = ["Frame", "Undecodable", "read_frame", "thumbnail"]

_THUMBNAIL_QUALITY = 75
# Percentiles of the pixels that become black and white when no window is written.
_DARKEST, _BRIGHTEST = 0.5, 99.5


@dataclass(frozen=True)
class Frame:
    """A frame. `data`: rows x columns x samples, little-endian, interleaved; windows and
    `slope`, `intercept` as in DICOM; `inverse` when the smallest value is white.
    """

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    is_signed: bool
    photometric: str
    slope: float
    intercept: float
    windows: list[tuple[float, float]]
    inverse: bool
    spacing_mm: tuple[float, float] | None
    spacing_is_detector_plane: bool
    data: bytes

    def pixels(self) -> npt.NDArray[Any]:
        """Return the data as an array. Shape: rows x columns (x 3 when in colour)."""
        sign = "i" if self.is_signed else "u"
        numbers = np.frombuffer(self.data, np.dtype(f"<{sign}{self.bits_allocated // 8}"))
        shape = (self.rows, self.columns)
        return numbers.reshape(shape if self.samples == 1 else (*shape, self.samples))


def read_frame(path: Path, index: int = 0) -> Frame:
    """Return one frame of a file, the first being 0.

    Raises: Unreadable when it is not DICOM, Undecodable when the picture cannot be shown.
    """
    with opened(path) as (dataset, stream):
        values = Values(dataset)
        layout = layout_of(values)
        pixels = read_pixels(dataset, stream, layout, index)
    return _frame(values, layout, pixels)


def _frame(values: Values, layout: Layout, pixels: npt.NDArray[Any]) -> Frame:
    is_grey = pixels.ndim == 2
    slope, intercept = _rescale(values) if is_grey else (1.0, 0.0)
    stored = layout.bits_stored if is_grey else 8
    if pixels.dtype.itemsize == 4:
        pixels, slope, intercept = _in_sixteen_bits(pixels, slope, intercept)
        stored = 16
    spacing, is_detector_plane = spacing_of(values)
    return Frame(
        rows=layout.rows,
        columns=layout.columns,
        samples=1 if is_grey else 3,
        bits_allocated=8 * pixels.dtype.itemsize,
        bits_stored=stored,
        is_signed=pixels.dtype.kind == "i",
        photometric=layout.photometric if is_grey else "RGB",
        slope=slope,
        intercept=intercept,
        windows=_windows(values, pixels, slope, intercept) if is_grey else [(128.0, 256.0)],
        inverse=is_grey and _is_inverse(values, layout),
        spacing_mm=spacing,
        spacing_is_detector_plane=is_detector_plane,
        data=pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes(),
    )


def _rescale(values: Values) -> tuple[float, float]:
    slope, intercept = values.numbers("RescaleSlope"), values.numbers("RescaleIntercept")
    return (slope[0] if slope and slope[0] else 1.0), (intercept[0] if intercept else 0.0)


def _in_sixteen_bits(
    pixels: npt.NDArray[Any], slope: float, intercept: float
) -> tuple[npt.NDArray[Any], float, float]:
    """Return 32-bit pixels on 16 bits, with the rescale that gives the same values."""
    low, high = int(pixels.min()), int(pixels.max())
    step = max(1.0, (high - low) / 65535)
    reduced = np.rint((pixels.astype(np.float64) - low) / step).astype(np.uint16)
    return reduced, slope * step, intercept + slope * low


def _is_inverse(values: Values, layout: Layout) -> bool:
    is_inverse_shape = values.text("PresentationLUTShape", 16).upper() == "INVERSE"
    # MONOCHROME1 and INVERSE say the same thing in the objects that use both (PS3.3 C.11.6).
    return layout.photometric == "MONOCHROME1" or is_inverse_shape


def _windows(
    values: Values, pixels: npt.NDArray[Any], slope: float, intercept: float
) -> list[tuple[float, float]]:
    centers, widths = values.numbers("WindowCenter"), values.numbers("WindowWidth")
    written = [(c, w) for c, w in zip(centers, widths, strict=False) if w > 0]
    if written:
        return written
    # One pixel in sixteen tells the percentiles of millions well enough.
    some = pixels[::4, ::4]
    low, high = np.percentile(some, (_DARKEST, _BRIGHTEST)) * slope + intercept
    low, high = min(low, high), max(low, high)
    return [(float(low + high) / 2, float(max(high - low, 1.0)))]


def thumbnail(path_or_frame: Path | Frame, *, side_px: int = 240) -> bytes:
    """Return a small WebP picture, windowed, that fits a square. Units: pixels.

    Raises: Unreadable, Undecodable.
    """
    frame = path_or_frame if isinstance(path_or_frame, Frame) else read_frame(path_or_frame)
    picture = Image.fromarray(_eight_bit_picture(frame))
    picture.thumbnail((side_px, side_px), Image.Resampling.BOX, reducing_gap=2.0)
    output = BytesIO()
    picture.save(output, "WEBP", quality=_THUMBNAIL_QUALITY, method=4)
    return output.getvalue()


def _eight_bit_picture(frame: Frame) -> npt.NDArray[np.uint8]:
    pixels = frame.pixels()
    if frame.samples == 3:
        return pixels
    span = np.arange(2**frame.bits_allocated, dtype=np.float32)
    if frame.is_signed:
        span -= 2 ** (frame.bits_allocated - 1)
    center, width = frame.windows[0]
    bright = (span * frame.slope + frame.intercept - center) / max(width, 1e-9) + 0.5
    table = np.rint(np.clip(bright, 0, 1) * 255).astype(np.uint8)
    if frame.inverse:
        table = 255 - table
    if frame.is_signed:
        unsigned = pixels.view(pixels.dtype.str.replace("i", "u"))
        return np.roll(table, 2 ** (frame.bits_allocated - 1))[unsigned]
    return table[pixels]
