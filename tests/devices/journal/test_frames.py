"""The write-ahead log as bytes."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.devices.journal import frames
from quenotte.devices.journal.frames import NotContinuous, Position
from quenotte.devices.journal.states import Why
from tests.devices.journal.site import Site

_WORD = st.integers(0, 2**32 - 1)


def _plain(start: tuple[int, int], words: list[int]) -> tuple[int, int]:
    """The two sums as the description of the format gives them."""
    one, two = start
    for first, second in zip(words[0::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two


@given(st.tuples(_WORD, _WORD), st.lists(st.lists(_WORD, min_size=8, max_size=8), max_size=4))
def test_checksums_run_on(start: tuple[int, int], rows: list[list[int]]):
    given_rows = np.array(rows, dtype=np.uint32).reshape(len(rows), 8)
    expected, running = [], start
    for row in rows:
        running = _plain(running, row)
        expected.append(running)
    assert frames.run_on(start, given_rows) == expected


@pytest.mark.parametrize("page_size", [512, 1024, 65536])
def test_log_of_any_page_size_is_read(tmp_path, page_size: int):
    site = Site(tmp_path, page_size=page_size)
    site.write(3, each=20)
    with site.log.open("rb") as stream:
        header = frames.read_header(stream.fileno())
        found = frames.since(stream.fileno(), None)
    (size,) = site.work.execute("PRAGMA page_count").fetchone()
    assert header is not None
    assert (header.page_size, found.size, found.commits) == (page_size, size, 4)
    assert found.frames == site.log_frames()
    site.turn()
    assert site.replayed_dump() == site.dump()
    site.close()


def _with_other_byte_order(raw: bytes, page_size: int) -> bytes:
    """Return the log as a machine of the other byte order writes it: only checksums differ."""
    order = "<" if raw[3] & 1 else ">"
    made = bytearray(struct.pack(">I", frames.MAGIC | (order == ">")) + raw[4:24])
    running = _plain((0, 0), list(struct.unpack(f"{order}6I", made)))
    made += struct.pack(">2I", *running)
    stride = 24 + page_size
    for at in range(32, len(raw) - stride + 1, stride):
        head, page = raw[at : at + 16], raw[at + 24 : at + stride]
        words = struct.unpack(f"{order}{(8 + page_size) // 4}I", head[:8] + page)
        running = _plain(running, list(words))
        made += head + struct.pack(">2I", *running) + page
    return bytes(made)


def test_log_of_a_machine_of_the_other_byte_order_is_read(site: Site):
    site.write(2)
    other = site.folder / "other-wal"
    other.write_bytes(_with_other_byte_order(site.log.read_bytes(), 4096))
    with other.open("rb") as theirs, site.log.open("rb") as ours:
        read = frames.since(theirs.fileno(), None)
        assert read.pages == frames.since(ours.fileno(), None).pages
    assert read.commits == 3


def test_any_flipped_byte_ends_what_is_read(site: Site):
    site.write(3)
    raw = site.log.read_bytes()
    with site.log.open("rb") as stream:
        whole = frames.since(stream.fileno(), None)
    path = site.folder / "flipped-wal"
    for at in range(32, len(raw), 307):
        frame = (at - 32) // 4120
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        with path.open("rb") as stream:
            assert frames.since(stream.fileno(), None).frames <= frame < whole.frames


@pytest.mark.parametrize("at", range(32))
def test_header_with_a_flipped_byte_is_none(site: Site, at: int):
    raw = bytearray(site.log.read_bytes()[:32])
    raw[at] ^= 1
    path = site.folder / "flipped-wal"
    path.write_bytes(raw)
    with path.open("rb") as stream:
        assert frames.read_header(stream.fileno()) is None
        with pytest.raises(NotContinuous) as caught:
            frames.since(stream.fileno(), Position((1, 2), 3, (4, 5)))
    assert caught.value.why is Why.LOG_GONE


def test_frame_that_was_rewritten_is_noticed(site: Site):
    site.write(3)
    with site.log.open("rb") as stream:
        position = frames.since(stream.fileno(), None).position
    assert position is not None
    raw = bytearray(site.log.read_bytes())
    raw[32 + (position.frames - 1) * 4120 + 20] ^= 1
    path = site.folder / "other-wal"
    for body in (bytes(raw), bytes(raw[:-4120])):
        path.write_bytes(body)
        with path.open("rb") as stream, pytest.raises(NotContinuous) as caught:
            frames.since(stream.fileno(), position)
        assert caught.value.why is Why.REWRITTEN


def test_page_beyond_the_end_of_the_log_is_noticed(site: Site):
    with site.log.open("rb") as stream, pytest.raises(NotContinuous):
        frames.page_at(stream.fileno(), site.log.stat().st_size - 1, 4096)


def test_long_log_is_read_block_by_block(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.write(12, each=20)
    with site.log.open("rb") as stream:
        at_once = frames.since(stream.fileno(), None)
        for block in (1, 2, 5, at_once.frames, at_once.frames + 1):
            monkeypatch.setattr(frames, "_BLOCK_BYTES", block * 4120 + 7)
            assert frames.since(stream.fileno(), None) == at_once
            assert frames.since(stream.fileno(), None, until=at_once.frames) == at_once
        start = frames.since(stream.fileno(), None, until=0)
        assert start.position is not None
        assert frames.since(stream.fileno(), start.position).pages == at_once.pages
