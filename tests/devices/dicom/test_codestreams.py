"""The size that a codestream announces, read without decoding."""

import struct

import pytest

from quenotte.devices.dicom.codestreams import announced_size


def start_of_frame(marker: int, rows: int, columns: int) -> bytes:
    return struct.pack(">BBHBHHB", 0xFF, marker, 11, 8, rows, columns, 1) + bytes(3)


COMMENT = b"\xff\xfe\x00\x04hi"


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC3, 0xF7])
def test_jpeg_and_jpeg_ls_announce_their_size(marker: int):
    stream = b"\xff\xd8" + COMMENT + start_of_frame(marker, 300, 200)

    assert announced_size(stream) == (300, 200)


def test_fill_bytes_and_bare_markers_are_passed_over():
    stream = b"\xff\xd8\xff\xff\x01" + COMMENT + start_of_frame(0xC0, 3, 2)

    assert announced_size(stream) == (3, 2)


def test_jpeg_2000_announces_its_size():
    stream = b"\xff\x4f\xff\x51" + struct.pack(">HH4L", 41, 0, 210, 320, 10, 20)

    assert announced_size(stream) == (300, 200)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"RIFF",
        b"\xff\xd8",
        b"\xff\xd8" + COMMENT * 3 + b"not a marker",
        b"\xff\xd8" + b"\xff\xc4\x00\x04hi" + b"\xff",
        b"\xff\x4f\xff\x51",
    ],
)
def test_what_announces_nothing_is_unclear(stream: bytes):
    assert announced_size(stream) is None
