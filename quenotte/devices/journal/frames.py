"""Reads a SQLite write-ahead log as bytes: which pages were committed since a position.

All fields are big-endian. The header (32 bytes): magic, version, page size, checkpoint count, two
salts, two checksums. A frame: 24 bytes (page number, size of the database after the commit or 0,
the two salts, two checksums) and the page. A checksum runs on over everything before it, so that
the last one speaks for the whole log. Source: https://www.sqlite.org/fileformat2.html#walformat
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np

from quenotte.devices.journal.states import Why

MAGIC: Final = 0x377F0682
VERSION: Final = 3_007_000
HEADER_BYTES: Final = 32
FRAME_BYTES: Final = 24
#: How much is read at once, in bytes.
_BLOCK_BYTES: Final = 4 * 2**20

Words = np.ndarray[Any, np.dtype[np.uint32]]


class NotContinuous(Exception):
    """What follows a position is not there, or not what follows it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Header:
    """The head of a log that can be read."""

    page_size: int
    salts: tuple[int, int]
    checksum: tuple[int, int]
    #: How the checksums read words: big- or little-endian.
    order: str


@dataclass(frozen=True)
class Position:
    """A place between two transactions of one generation of the log."""

    salts: tuple[int, int]
    #: Frames before this place.
    frames: int
    #: The running checksum there.
    checksum: tuple[int, int]


@dataclass(frozen=True)
class Found:
    """What was committed between two positions."""

    position: Position | None
    #: Where the newest image of each page lies in the log, in bytes; by page number.
    pages: dict[int, int] = field(default_factory=dict)
    #: The size of the database after the last commit, in pages; 0 without a commit.
    size: int = 0
    frames: int = 0
    commits: int = 0


def read_header(log: int) -> Header | None:
    """Return the header of an open log; None when it is empty, torn or not one of SQLite's."""
    raw = os.pread(log, HEADER_BYTES, 0)
    if len(raw) < HEADER_BYTES:
        return None
    magic, version, page_size, _count, one, two, *checksum = struct.unpack(">8I", raw)
    if magic & ~1 != MAGIC or version != VERSION or page_size not in _PAGE_SIZES:
        return None
    order = ">" if magic & 1 else "<"
    found = _checksum_of_header(raw, order)
    if found != tuple(checksum):
        return None
    return Header(page_size, (one, two), found, order)


_PAGE_SIZES: Final = frozenset(2**power for power in range(9, 17))


def _checksum_of_header(raw: bytes, order: str) -> tuple[int, int]:
    words = np.frombuffer(raw[:24], dtype=f"{order}u4").astype(np.uint32).reshape(1, 6)
    return run_on((0, 0), words)[0]


@lru_cache(maxsize=8)
def _weights(pairs: int) -> tuple[Words, Words, Words, Words, tuple[int, int, int, int]]:
    """Return what each word weighs in the two sums of a run, and the matrix of a whole run.

    One pair of words (a, b) turns the sums (s, t) into (s + t + a, s + 2t + a + b): a linear
    step, whose powers are numbers of Fibonacci modulo 2³².
    """
    power = [(1, 0, 0, 1)]
    for _ in range(pairs):
        p, q, r, s = power[-1]
        power.append(tuple(x & 0xFFFFFFFF for x in (p + r, q + s, p + 2 * r, q + 2 * s)))  # type: ignore[arg-type]
    later = np.array(power[:pairs][::-1], dtype=np.uint32)
    ones, twos = later[:, 0:2], later[:, 2:4]
    return ones.sum(1, np.uint32), ones[:, 1], twos.sum(1, np.uint32), twos[:, 1], power[pairs]


def run_on(start: tuple[int, int], rows: Words) -> list[tuple[int, int]]:
    """Return the running checksum after each row of words.

    Shape: rows x an even number of 32-bit words. Source: SQLite's file format, section 4.2.
    """
    first_a, first_b, second_a, second_b, (p, q, r, s) = _weights(rows.shape[1] // 2)
    evens, odds = rows[:, 0::2], rows[:, 1::2]
    ones = (evens * first_a).sum(1, dtype=np.uint32) + (odds * first_b).sum(1, dtype=np.uint32)
    twos = (evens * second_a).sum(1, dtype=np.uint32) + (odds * second_b).sum(1, dtype=np.uint32)
    one, two = start
    sums = []
    for more_one, more_two in zip(ones.tolist(), twos.tolist(), strict=True):
        one, two = (
            (p * one + q * two + more_one) & 0xFFFFFFFF,
            (r * one + s * two + more_two) & 0xFFFFFFFF,
        )
        sums.append((one, two))
    return sums


def since(
    log: int,
    position: Position | None,
    *,
    may_restart: bool = False,
    until: int | None = None,
) -> Found:
    """Return what was committed after ``position``; from the beginning when it is None.

    ``may_restart``: everything before ``position`` is in the database and nobody else could have
    emptied the log, so that a new generation follows the old one. ``until``: read no further than
    so many frames of the log.

    Raises: NotContinuous.
    """
    header = read_header(log)
    if header is None:
        if position is None or may_restart:
            return Found(position)
        raise NotContinuous(Why.LOG_GONE)
    if position is None or (position.salts != header.salts and may_restart):
        position = Position(header.salts, 0, header.checksum)
    elif position.salts != header.salts:
        raise NotContinuous(Why.SALTS)
    elif not _is_there(log, header, position):
        raise NotContinuous(Why.REWRITTEN)
    return _committed(log, header, position, until)


def _is_there(log: int, header: Header, position: Position) -> bool:
    """Tell whether the log still holds what was read up to a position."""
    if position.frames == 0:
        return position.checksum == header.checksum
    at = HEADER_BYTES + (position.frames - 1) * (FRAME_BYTES + header.page_size)
    raw = os.pread(log, FRAME_BYTES, at)
    return len(raw) == FRAME_BYTES and struct.unpack(">4I", raw[8:]) == (
        *position.salts,
        *position.checksum,
    )


def _committed(log: int, header: Header, position: Position, until: int | None) -> Found:
    pages: dict[int, int] = {}
    pending: dict[int, int] = {}
    end, size, commits, number = position, 0, 0, position.frames
    stride = FRAME_BYTES + header.page_size
    for page, size_after, checksum in _whole_frames(log, header, position):
        if number == until:
            break
        pending[page] = HEADER_BYTES + number * stride + FRAME_BYTES
        number += 1
        if size_after:
            pages |= pending
            pending.clear()
            # A page beyond the end of any commit is gone; if it comes back it is written again.
            pages = {page: at for page, at in pages.items() if page <= size_after}
            end, size = Position(header.salts, number, checksum), size_after
            commits += 1
    return Found(end, pages, size, end.frames - position.frames, commits)


def _whole_frames(
    log: int, header: Header, position: Position
) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield page number, size after commit and checksum of each frame that is whole."""
    stride = FRAME_BYTES + header.page_size
    at = HEADER_BYTES + position.frames * stride
    running = position.checksum
    while block := os.pread(log, _BLOCK_BYTES // stride * stride, at):
        count = len(block) // stride
        rows = np.frombuffer(block, np.uint8, count * stride).reshape(count, stride)
        heads = np.ascontiguousarray(rows[:, :FRAME_BYTES]).view(">u4").tolist()
        summed = np.ascontiguousarray(np.delete(rows, slice(8, FRAME_BYTES), 1))
        sums = run_on(running, summed.view(f"{header.order}u4").astype(np.uint32))
        for head, found in zip(heads, sums, strict=True):
            if (head[2], head[3]) != header.salts or (head[4], head[5]) != found or not head[0]:
                return
            yield head[0], head[1], found
        if len(block) < _BLOCK_BYTES // stride * stride:
            return
        running = sums[-1]
        at += len(block)


def page_at(log: int, at: int, page_size: int) -> bytes:
    """Return the image of a page that lies at ``at`` in the log.

    Raises: NotContinuous when the log ends before.
    """
    image = os.pread(log, page_size, at)
    if len(image) < page_size:
        raise NotContinuous(Why.REWRITTEN)
    return image
