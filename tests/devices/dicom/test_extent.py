"""Where Pixel Data lies, byte by byte."""

import struct
from io import BytesIO

import pytest

from quenotte.devices.dicom.extent import pixel_extent

TAG = struct.pack("<HH", 0x7FE0, 0x0010)


def test_explicit_length_is_found():
    stream = BytesIO(TAG + b"OW\0\0" + struct.pack("<L", 4) + b"abcdefgh")

    extent = pixel_extent(stream, is_little_endian=True, frames=1)

    assert extent is not None
    assert (extent.offset, extent.length, extent.present) == (12, 4, 4)
    assert extent.is_whole
    assert extent.are_words


def test_implicit_length_is_found_and_missing_bytes_counted():
    extent = pixel_extent(
        BytesIO(TAG + struct.pack("<L", 9) + b"abc"), is_little_endian=True, frames=1
    )

    assert extent is not None
    assert (extent.offset, extent.length, extent.present) == (8, 9, 3)
    assert not extent.is_whole


def test_big_endian_and_float_pixels_are_found():
    stream = BytesIO(
        struct.pack(">HH", 0x7FE0, 0x0008) + b"OF\0\0" + struct.pack(">L", 4) + b"abcd"
    )

    extent = pixel_extent(stream, is_little_endian=False, frames=1)

    assert extent is not None
    assert (extent.length, extent.are_words) == (4, False)


@pytest.mark.parametrize("content", [b"", TAG, TAG + b"OW\0\0\x01", b"\x08\x00\x18\x00" + bytes(8)])
def test_nothing_is_found_where_pixels_do_not_begin(content: bytes):
    assert pixel_extent(BytesIO(content), is_little_endian=True, frames=1) is None
