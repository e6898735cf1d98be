"""Where the pixels lie in a file, and whether they are all there.

Source: DICOM PS3.5 sections 7.1, 8.1, A.4.
"""

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

UNDEFINED = 0xFFFFFFFF
_PIXEL_DATA = (0x7FE0, 0x0010)
_FLOAT_PIXEL_DATA = ((0x7FE0, 0x0008), (0x7FE0, 0x0009))
_EXPLICIT_VRS = (b"OB", b"OW", b"OF", b"OD", b"UN")
_ITEM, _SEQUENCE_END = 0xE000, 0xE0DD


@dataclass(frozen=True)
class Extent:
    """Pixel Data in a file: where the value begins, its declared and present lengths. Bytes.

    For encapsulated pixels `length` is None, and `is_whole` tells whether every fragment
    is there. `are_words` tells whether big-endian bytes come swapped two by two.
    """

    offset: int
    length: int | None
    present: int
    is_whole: bool
    are_words: bool


def pixel_extent(stream: BinaryIO, *, is_little_endian: bool, frames: int) -> Extent | None:
    """Return where Pixel Data lies; the stream stands at its tag. None when it is not there."""
    order = "<" if is_little_endian else ">"
    head = stream.read(8)
    if len(head) < 8:
        return None
    tag = struct.unpack(order + "HH", head[:4])
    if tag != _PIXEL_DATA and tag not in _FLOAT_PIXEL_DATA:
        return None
    # Looked at here, not taken from the header: some files change their mind on the way.
    is_explicit = head[4:6] in _EXPLICIT_VRS
    length_bytes = stream.read(4) if is_explicit else head[4:]
    if len(length_bytes) < 4:
        return None
    (length,) = struct.unpack(order + "L", length_bytes)
    offset = stream.tell()
    present = stream.seek(0, os.SEEK_END) - offset
    are_words = not is_explicit or head[4:6] == b"OW"
    if length == UNDEFINED:
        stream.seek(offset)
        is_whole = _fragments_are_whole(stream, present, frames)
        return Extent(offset, None, present, is_whole, are_words)
    return Extent(offset, length, min(present, length), present >= length, are_words)


def _fragments_are_whole(stream: BinaryIO, present: int, frames: int) -> bool:
    """Walk the items; a missing end mark is forgiven once each frame has its fragment."""
    end = stream.tell() + present
    items = 0
    while True:
        head = stream.read(8)
        if len(head) < 8:
            return not head and items > max(frames, 1)
        group, element, length = struct.unpack("<HHL", head)
        if (group, element) == (0xFFFE, _SEQUENCE_END):
            return items > 1
        if (group, element) != (0xFFFE, _ITEM) or stream.tell() + length > end:
            return False
        stream.seek(length, os.SEEK_CUR)
        items += 1
