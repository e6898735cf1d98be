"""One object of the journal: some pages of the database, and where they stand in the chain.

An object: ``QNTJRN1`` and a newline, the length of the head (4 bytes, big-endian), the head (JSON),
then one zstd frame: the page numbers (4 bytes each, big-endian) followed by the pages. It is
sealed as a whole and named ``<sequence>-<SHA-256 of the sealed bytes>``. A step of the chain (a
base, a delta, a bridge, a copy) is one object or several in a row; it counts when all are there.
"""

import hashlib
import json
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import zstandard

from quenotte.devices.journal.frames import Position

_MAGIC: Final = b"QNTJRN1\n"
_LEVEL: Final = 3
NAME: Final = re.compile(r"([0-9]{12})-([0-9a-f]{64})")
#: The largest object that is read, in bytes once unpacked.
_LARGEST: Final = 64 * 2**20

#: The whole database; what changed; what differs after a gap; what differs from a copy.
BASE: Final = "base"
DELTA: Final = "delta"
BRIDGE: Final = "bridge"
COPY: Final = "copy"


class Damaged(Exception):
    """An object is not what its name or its head says."""


@dataclass(frozen=True)
class Seal:
    """How objects are closed before they leave, and opened again."""

    close: Callable[[bytes], bytes]
    open: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Head:
    """What an object says of itself."""

    kind: str
    sequence: int
    #: The SHA-256 in the name of the object before; empty for the very first.
    previous: str
    #: The sequence at which the base begins that this builds on.
    base: int
    #: Its number among the objects of its step, from 1; whether it is the last of them.
    part: int
    is_last: bool
    page_size: int
    #: The size of the database after the step, in pages.
    size: int
    #: The sum over all pages after the step (`hashes`), as hexadecimal; in its last object.
    total: str
    #: What the clock said; nothing is ordered by it.
    made_at: str
    why: str = ""
    #: The place in the log up to which the step goes: salts, frames, checksum.
    position: tuple[tuple[int, int], int, tuple[int, int]] | None = None
    frames: int = 0
    commits: int = 0
    #: SHA-256 of what is inside, unpacked.
    content: str = ""

    @property
    def place(self) -> Position | None:
        """The position as such."""
        return Position(*self.position) if self.position else None


@dataclass(frozen=True)
class Object:
    """An object, opened."""

    head: Head
    pages: tuple[tuple[int, bytes], ...]


def pack(head: Head, pages: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the bytes of an object, before they are sealed."""
    inside = struct.pack(f">{len(pages)}I", *(number for number, _ in pages))
    inside += b"".join(image for _, image in pages)
    words = asdict(head) | {"content": hashlib.sha256(inside).hexdigest(), "count": len(pages)}
    said = json.dumps(words, separators=(",", ":")).encode()
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(inside)
    return _MAGIC + struct.pack(">I", len(said)) + said + packed


def name_of(sequence: int, sealed: bytes) -> str:
    """Return the name under which sealed bytes are kept."""
    return f"{sequence:012d}-{hashlib.sha256(sealed).hexdigest()}"


def is_name(name: str) -> bool:
    """Tell whether an object could have this name."""
    return NAME.fullmatch(name) is not None


def sequence_of(name: str) -> int | None:
    """Return the sequence that a name begins with; None when it is no name of ours."""
    found = NAME.fullmatch(name)
    return int(found[1]) if found else None


def opened(name: str, sealed: bytes, seal: Seal) -> Object:
    """Return an object, after everything that it says of itself was checked.

    Raises: Damaged.
    """
    thing = unpack(unsealed(name, sealed, seal))
    if thing.head.sequence != sequence_of(name):
        raise Damaged(f"{name} says that it is {thing.head.sequence}")
    return thing


def unsealed(name: str, sealed: bytes, seal: Seal) -> bytes:
    """Return what was sealed under a name that states its hash.

    Raises: Damaged.
    """
    found = NAME.fullmatch(name)
    if found is None or hashlib.sha256(sealed).hexdigest() != found[2]:
        raise Damaged(f"{name} is not what its name says")
    try:
        return bytes(seal.open(sealed))
    except Exception as error:
        # Whatever the key's owner raises for what is not sealed with it.
        raise Damaged(f"{name} cannot be opened: {type(error).__name__}") from error


def unpack(body: bytes) -> Object:
    """Return what the bytes of an object hold.

    Raises: Damaged.
    """
    try:
        words, inside = _parts(body)
        count, page_size = int(words.pop("count")), int(words["page_size"])
        head = _head(words)
        content = hashlib.sha256(inside).hexdigest()
        if content != head.content or len(inside) != count * (4 + page_size):
            raise Damaged("what is inside is not what the head says")
    except (ValueError, TypeError, KeyError, struct.error, zstandard.ZstdError) as error:
        raise Damaged(f"not an object of the journal: {error}") from error
    numbers = struct.unpack(f">{count}I", inside[: 4 * count])
    images = (inside[at : at + page_size] for at in range(4 * count, len(inside), page_size))
    return Object(head, tuple(zip(numbers, images, strict=True)))


def _parts(body: bytes) -> tuple[dict[str, Any], bytes]:
    if not body.startswith(_MAGIC):
        raise Damaged("not an object of the journal")
    at = len(_MAGIC) + 4
    (length,) = struct.unpack(">I", body[len(_MAGIC) : at])
    words: dict[str, Any] = json.loads(body[at : at + length])
    unpacker = zstandard.ZstdDecompressor()
    return words, unpacker.decompress(body[at + length :], max_output_size=_LARGEST)


def _head(words: dict[str, Any]) -> Head:
    place = words.get("position")
    if place is not None:
        salts, frames, checksum = place
        words["position"] = ((salts[0], salts[1]), int(frames), (checksum[0], checksum[1]))
    return Head(**words)
