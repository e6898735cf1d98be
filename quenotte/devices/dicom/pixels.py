"""From stored bytes to plain numbers: byte order, dirty bits, colour, compression.

Source: DICOM PS3.5 sections 8.1, 8.2 and annex A, PS3.3 section C.7.6.3.
"""

from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, convert_color_space
from pydicom.uid import UID

from quenotte.devices.dicom import messages
from quenotte.devices.dicom.codestreams import announced_size
from quenotte.devices.dicom.extent import Extent, pixel_extent
from quenotte.devices.dicom.reading import transfer_syntax_of
from quenotte.devices.dicom.silence import quiet
from quenotte.devices.dicom.values import Values
from quenotte.kernel.errors import Refusal

Array = npt.NDArray[Any]

# Rows x columns x samples of one frame; a large panoramic has five million.
LARGEST_FRAME_SAMPLES = 200_000_000


class Undecodable(Refusal):
    """The picture cannot be shown; the file itself is kept."""

    message = messages.UNDECODABLE


@dataclass(frozen=True)
class Layout:
    """How the pixels of a data set are laid out."""

    rows: int
    columns: int
    samples: int
    frames: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    photometric: str

    @property
    def frame_bits(self) -> int:
        """Return the size of one uncompressed frame, in bits."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return self.rows * self.columns * samples * self.bits_allocated


def layout_of(values: Values) -> Layout:
    """Return the layout of the pixels.

    Raises: Undecodable when there is no picture, or too large a one.
    """
    rows, columns = values.whole("Rows") or 0, values.whole("Columns") or 0
    samples = values.whole("SamplesPerPixel") or 1
    allocated = values.whole("BitsAllocated") or 0
    if rows < 1 or columns < 1 or samples not in (1, 3) or allocated not in (1, 8, 16, 32):
        raise Undecodable(messages.NO_PIXELS if not rows else None)
    if rows * columns * samples > LARGEST_FRAME_SAMPLES:
        raise Undecodable(messages.TOO_MANY_PIXELS)
    stored = min(max(1, values.whole("BitsStored") or allocated), allocated)
    high_bit = values.whole("HighBit")
    return Layout(
        rows=rows,
        columns=columns,
        samples=samples,
        frames=max(1, values.whole("NumberOfFrames") or 1),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit
        if high_bit is not None and stored <= high_bit + 1 <= allocated
        else stored - 1,
        is_signed=values.whole("PixelRepresentation") == 1,
        is_planar=values.whole("PlanarConfiguration") == 1,
        photometric=values.text("PhotometricInterpretation", 16).upper() or "MONOCHROME2",
    )


def read_pixels(dataset: Dataset, stream: BinaryIO, layout: Layout, index: int) -> Array:
    """Return one frame; the stream stands at Pixel Data.

    Shape: rows x columns of the stored integer type, or rows x columns x 3 of uint8 RGB.

    Raises: Undecodable.
    """
    if not 0 <= index < layout.frames:
        raise Undecodable(messages.NO_SUCH_FRAME)
    _, little_endian = dataset.original_encoding
    extent = pixel_extent(
        stream,
        is_little_endian=little_endian is not False,
        frames=layout.frames,
    )
    if extent is None:
        raise Undecodable(messages.NO_PIXELS)
    try:
        if extent.length is None:
            pixels = _decompressed(dataset, stream, extent, layout, index)
        else:
            pixels = _native(stream, extent, layout, index, is_big=little_endian is False)
        return _as_shown(pixels, dataset, layout)
    except Undecodable:
        raise
    except Exception as error:
        # Decoders fail in as many ways as there are broken files.
        raise Undecodable from error


def _native(stream: BinaryIO, extent: Extent, layout: Layout, index: int, *, is_big: bool) -> Array:
    start_bit = index * layout.frame_bits
    are_swapped = is_big and layout.bits_allocated <= 8 and extent.are_words
    raw = _read_bits(stream, extent, start_bit, layout.frame_bits, are_swapped=are_swapped)
    if layout.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
        start = start_bit % 8
        return bits[start : start + layout.frame_bits].reshape(layout.rows, layout.columns)
    order = ">" if is_big else "<"
    numbers = np.frombuffer(raw, np.dtype(f"{order}u{layout.bits_allocated // 8}"))
    if layout.photometric == "YBR_FULL_422":
        return _widened(numbers, layout)
    if layout.samples == 1:
        return _plain_bits(numbers.reshape(layout.rows, layout.columns), layout)
    if layout.is_planar:
        planes = numbers.reshape(layout.samples, layout.rows, layout.columns)
        return np.moveaxis(planes, 0, -1)
    return numbers.reshape(layout.rows, layout.columns, layout.samples)


def _read_bits(
    stream: BinaryIO, extent: Extent, start_bit: int, count: int, *, are_swapped: bool
) -> bytes:
    """Return the bytes that hold these bits; bytes of big-endian words put back in order."""
    first, last = start_bit // 8, (start_bit + count + 7) // 8
    lead = first % 2 if are_swapped else 0
    trail = last % 2 if are_swapped else 0
    stream.seek(extent.offset + first - lead)
    raw = stream.read(last - first + lead + trail)
    if are_swapped and len(raw) % 2 == 0:
        raw = np.frombuffer(raw, np.uint16).byteswap().tobytes()
    raw = raw[lead : lead + last - first]
    if len(raw) < last - first:
        raise Undecodable(messages.TRUNCATED)
    return raw


def _widened(numbers: Array, layout: Layout) -> Array:
    """Return full YBR from Y1 Y2 Cb Cr groups of two pixels."""
    groups = numbers.reshape(layout.rows, layout.columns // 2, 4)
    full = np.empty((layout.rows, layout.columns // 2, 2, 3), numbers.dtype)
    full[..., 0] = groups[..., :2]
    full[..., 1] = groups[..., 2:3]
    full[..., 2] = groups[..., 3:4]
    return full.reshape(layout.rows, layout.columns, 3)


def _plain_bits(numbers: Array, layout: Layout) -> Array:
    """Return native integers without what overlays or devices left in the unused bits."""
    numbers = numbers.astype(numbers.dtype.newbyteorder("="), copy=False)
    lift = layout.bits_allocated - 1 - layout.high_bit
    drop = layout.bits_allocated - layout.bits_stored
    if layout.is_signed:
        numbers = (numbers << lift).view(numbers.dtype.str.replace("u", "i")) >> drop
    elif drop:
        numbers = (numbers << lift) >> drop
    return numbers


def _decompressed(
    dataset: Dataset, stream: BinaryIO, extent: Extent, layout: Layout, index: int
) -> Array:
    stream.seek(extent.offset)
    with quiet():
        frame = get_frame(stream, index, number_of_frames=layout.frames)
    size = announced_size(frame)
    if size is not None and size != (layout.rows, layout.columns):
        raise Undecodable
    single = _single(dataset, frame)
    with quiet():
        pixels, _ = get_decoder(single.file_meta.TransferSyntaxUID).as_array(single)
    return pixels


_DESCRIPTION = (
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)


def _single(dataset: Dataset, frame: bytes) -> Dataset:
    """Return a data set with one compressed frame and what a decoder needs to know."""
    single = Dataset()
    for keyword in _DESCRIPTION:
        if keyword in dataset:
            setattr(single, keyword, dataset[keyword].value)
    single.NumberOfFrames = 1
    single.PixelData = encapsulate([frame])
    single["PixelData"].VR = "OB"
    single.file_meta = FileMetaDataset()
    single.file_meta.TransferSyntaxUID = UID(transfer_syntax_of(dataset))
    return single


def _as_shown(pixels: Array, dataset: Dataset, layout: Layout) -> Array:
    """Return grey integers as they are, and every kind of colour as 8-bit RGB."""
    if layout.photometric == "PALETTE COLOR":
        with quiet():
            pixels = apply_color_lut(pixels, dataset)
        return _eight_bits(pixels, 16 if pixels.dtype.itemsize == 2 else 8)
    if pixels.ndim == 3:
        if layout.photometric.startswith("YBR") and _is_native(dataset):
            pixels = convert_color_space(np.ascontiguousarray(pixels), "YBR_FULL", "RGB")
        return _eight_bits(pixels, layout.bits_stored)
    return pixels


def _is_native(dataset: Dataset) -> bool:
    return not UID(transfer_syntax_of(dataset)).is_encapsulated


def _eight_bits(pixels: Array, bits_stored: int) -> Array:
    shift = max(0, bits_stored - 8)
    return np.ascontiguousarray((pixels >> shift).astype(np.uint8))
