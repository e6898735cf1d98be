"""One object of PostgreSQL's journal: a part of a base, or bytes of the write-ahead log.

``QNTPGW1`` and a newline, the length of the head (4 bytes, big-endian), the head (JSON), then one
zstd frame. Named, sealed and linked like the objects of a SQLite database (`deltas`).
"""

import hashlib
import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, Final

import zstandard

from quenotte.devices.journal import deltas
from quenotte.devices.journal.deltas import Damaged, Seal

_MAGIC: Final = b"QNTPGW1\n"
_LARGEST: Final = 64 * 2**20

BASE: Final = "pg-base"
LOG: Final = "pg-log"


@dataclass(frozen=True)
class Head:
    """What a piece says of itself."""

    kind: str
    sequence: int
    previous: str
    #: The sequence at which the base begins that this builds on.
    base: int
    #: Of a base: its number from 1, and whether it is the last. Of the log: 1, True.
    part: int
    is_last: bool
    #: Of the log: the segment, and where in it the bytes lie.
    segment: str
    offset: int
    #: How long a segment is, in bytes.
    segment_size: int
    #: Which cluster: its identifier, and the timeline.
    system: str
    timeline: int
    #: What the clock said; nothing is ordered by it.
    made_at: str
    why: str = ""
    content: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece, opened."""

    head: Head
    body: bytes


def pack(head: Head, body: bytes) -> bytes:
    """Return the bytes of a piece, before they are sealed."""
    said = json.dumps(
        asdict(head) | {"content": hashlib.sha256(body).hexdigest()}, separators=(",", ":")
    ).encode()
    packed = zstandard.ZstdCompressor(level=3).compress(body)
    return _MAGIC + struct.pack(">I", len(said)) + said + packed


def opened(name: str, sealed: bytes, seal: Seal) -> Piece:
    """Return a piece, after everything that it says of itself was checked.

    Raises: Damaged.
    """
    found = unpack(deltas.unsealed(name, sealed, seal))
    if found.head.sequence != deltas.sequence_of(name):
        raise Damaged(f"{name} says that it is {found.head.sequence}")
    return found


def unpack(raw: bytes) -> Piece:
    """Return what the bytes of a piece hold.

    Raises: Damaged.
    """
    try:
        if not raw.startswith(_MAGIC):
            raise Damaged("not a piece of the journal")
        at = len(_MAGIC) + 4
        (length,) = struct.unpack(">I", raw[len(_MAGIC) : at])
        words: dict[str, Any] = json.loads(raw[at : at + length])
        unpacker = zstandard.ZstdDecompressor()
        body = unpacker.decompress(raw[at + length :], max_output_size=_LARGEST)
        head = Head(**words)
    except (ValueError, TypeError, struct.error, zstandard.ZstdError) as error:
        raise Damaged(f"not a piece of the journal: {error}") from error
    if hashlib.sha256(body).hexdigest() != head.content:
        raise Damaged("what is inside is not what the head says")
    return Piece(head, body)
