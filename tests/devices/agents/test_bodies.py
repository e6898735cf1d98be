import gzip
import os
import zlib

import pytest

from quenotte.devices.agents.bodies import Packing, beginning, is_packed, pack, unpack
from quenotte.devices.agents.errors import NotUnderstood, Reason

TEXT = b"<REQUEST>contenu</REQUEST>" * 20


def zipped(text):
    """Without the time of day: bytes name the cases here, and each worker must name them alike."""
    return gzip.compress(text, mtime=0)


def reason_of(raw, **limits):
    with pytest.raises(NotUnderstood) as caught:
        unpack(raw, **limits)
    return caught.value.reason


@pytest.mark.parametrize(
    ("raw", "packing"),
    [
        (TEXT, Packing.PLAIN),
        (zlib.compress(TEXT), Packing.ZLIB),
        (zlib.compress(TEXT, 1), Packing.ZLIB),
        (zlib.compress(TEXT, 9), Packing.ZLIB),
        (zipped(TEXT), Packing.GZIP),
        (b"", Packing.PLAIN),
        (b"x", Packing.PLAIN),
        (b"xy", Packing.PLAIN),
    ],
)
def test_packing_is_seen_in_the_bytes(raw, packing):
    body = unpack(raw)

    assert body.packing is packing
    assert body.content == (raw if packing is Packing.PLAIN else TEXT)


@pytest.mark.parametrize("bomb", [zlib.compress, gzip.compress])
def test_bomb_is_met_before_it_is_held(bomb):
    assert reason_of(bomb(bytes(50_000_000)), most_bytes=1_000_000) is Reason.TOO_BIG


def test_plain_body_is_bounded_too():
    assert reason_of(b"<" * 101, most_bytes=100) is Reason.TOO_BIG


def test_body_of_just_the_size_is_read():
    assert len(unpack(zlib.compress(bytes(1000)), most_bytes=1000).content) == 1000
    assert reason_of(zlib.compress(bytes(1001)), most_bytes=1000) is Reason.TOO_BIG


@pytest.mark.parametrize(
    "raw",
    [
        zlib.compress(TEXT)[:-1],
        zlib.compress(TEXT)[:20],
        zlib.compress(TEXT) + b"<REQUEST/>",
        zipped(TEXT)[:-3],
        zipped(TEXT) + zipped(TEXT),
        b"\x78\x9c\xff\xff\xff\xff",
        b"\x1f\x8b\x08\x00",
    ],
)
def test_cut_damaged_or_followed_by_more_is_refused(raw):
    assert reason_of(raw) is Reason.NOT_UNPACKED


@pytest.mark.parametrize("packing", list(Packing))
def test_answer_is_packed_as_the_question_was(packing):
    assert unpack(pack(TEXT, packing)).content == TEXT
    assert unpack(pack(TEXT, packing)).packing is packing


def test_zlib_bears_the_mark_that_agents_look_for():
    assert pack(TEXT, Packing.ZLIB).startswith(b"\x78\x9c")


def test_gzip_never_bears_the_mark_of_zlib():
    stored = b"\x78\x9c" + os.urandom(40)

    assert b"\x78\x9c" in stored
    # Random bytes are stored as they are at any level: nothing can be done then.
    assert unpack(pack(stored, Packing.GZIP)).content == stored
    assert b"\x78\x9c" not in pack(TEXT, Packing.GZIP)


@pytest.mark.parametrize("packed", [TEXT, zlib.compress(TEXT), zipped(TEXT)])
def test_beginning_of_a_body_is_read_alone(packed):
    assert is_packed(packed) == (packed != TEXT)
    assert beginning(packed, 100) == TEXT[:100]
    assert beginning(zlib.compress(b"0" * (40 << 20)), 4096) == b"0" * 4096
    assert beginning(b"\x1f\x8b" + b"no gzip", 4096) == b""
