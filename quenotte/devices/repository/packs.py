"""Packs: many sealed blobs in one file, with a sealed header that says where each ends.

Source: restic's repository design, "Pack Format".
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from quenotte.devices.repository.errors import Damaged
from quenotte.devices.repository.sealing import (
    OVERHEAD_BYTES,
    Bytes,
    MasterKey,
    Unsealable,
    seal,
    seal_into,
    unseal,
)
from quenotte.devices.repository.store import DATA, Store

#: What blobs are: content of files, or trees. The two are separate name spaces.
CONTENT, TREE = "data", "tree"
#: A pack is closed when it reaches this many bytes.
AIMED_BYTES: Final = 16 << 20
#: What a packer begins with; it grows to what its packs need. Bytes.
_FIRST_ROOM_BYTES: Final = 1 << 18
_LENGTH: Final = struct.Struct("<I")
_PLAIN: Final = struct.Struct("<BI32s")
_PACKED: Final = struct.Struct("<BII32s")
_TYPES: Final = {CONTENT: 0, TREE: 1}
_KINDS: Final = {0: CONTENT, 1: TREE, 2: CONTENT, 3: TREE}
_MOST_HEADER_BYTES: Final = 16 << 20
#: Read at once from the end of a pack: nearly every header fits. Bytes.
_GUESSED_BYTES: Final = 1 << 14


class Entry(NamedTuple):
    """One blob of a pack. ``raw`` is its length before compression, 0 when it is not compressed.

    Units: ``offset``, ``length`` (as stored) and ``raw`` in bytes.
    """

    kind: str
    id: bytes
    offset: int
    length: int
    raw: int


class Pack(NamedTuple):
    """A pack that is ready to be stored, under the hash of its bytes.

    ``body`` is lent: the next pack is written over it.
    """

    name: str
    body: memoryview
    entries: list[Entry]


class Packer:
    """Seals blobs of one kind one behind the other, in a buffer that serves for pack after pack.

    Used by one thread.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.size = 0
        self._room = bytearray(_FIRST_ROOM_BYTES)
        self._entries: list[Entry] = []

    def seal(self, key: MasterKey, blob_id: bytes, text: Bytes, raw: int) -> None:
        """Append a blob; ``raw`` as in `Entry`."""
        length = OVERHEAD_BYTES + len(text)
        self._make_room(length)
        seal_into(self._room, self.size, key, text)
        self._note(blob_id, length, raw)

    def absorb(self, other: "Packer") -> None:
        """Take over what another one of the same kind sealed."""
        self._make_room(other.size)
        with memoryview(other._room) as room:
            self._room[self.size : self.size + other.size] = room[: other.size]
        for entry in other._entries:
            self._note(entry.id, entry.length, entry.raw)
        other.begin_again()

    def finish(self, key: MasterKey) -> Pack:
        """Return the pack of what was sealed; `begin_again` once it is stored."""
        header = seal(key, header_of(self._entries))
        end = b"".join((header, _LENGTH.pack(len(header))))
        self._make_room(len(end))
        size = self.size + len(end)
        self._room[self.size : size] = end
        body = memoryview(self._room)[:size].toreadonly()
        return Pack(hashlib.sha256(body).hexdigest(), body, self._entries)

    def begin_again(self) -> None:
        """Forget what was sealed."""
        self.size, self._entries = 0, []

    def _note(self, blob_id: bytes, length: int, raw: int) -> None:
        self._entries.append(Entry(self.kind, blob_id, self.size, length, raw))
        self.size += length

    def _make_room(self, count: int) -> None:
        missing = self.size + count - len(self._room)
        if missing > 0:
            self._room.extend(bytes(max(missing, len(self._room))))


def header_of(entries: list[Entry]) -> bytes:
    """Return the header, in clear, of blobs that follow one another."""
    return b"".join(
        _PACKED.pack(_TYPES[one.kind] + 2, one.length, one.raw, one.id)
        if one.raw
        else _PLAIN.pack(_TYPES[one.kind], one.length, one.id)
        for one in entries
    )


def size_of(entries_bytes: int, *, plain: int, packed: int) -> int:
    """Return how long a pack is whose blobs take so many bytes: so many plain, so many packed."""
    header = OVERHEAD_BYTES + plain * _PLAIN.size + packed * _PACKED.size
    return entries_bytes + header + _LENGTH.size


def entries_of(header: Bytes) -> Iterator[Entry]:
    """Yield the blobs that a header in clear tells of. Raises: ValueError."""
    at = offset = 0
    while at < len(header):
        kind = _KINDS.get(header[at])
        if kind is None:
            raise ValueError("the header of the pack tells of an unknown type")
        form = _PACKED if header[at] > 1 else _PLAIN
        if at + form.size > len(header):
            raise ValueError("the header of the pack ends too early")
        _, length, *raw, blob_id = form.unpack_from(header, at)
        yield Entry(kind, blob_id, offset, length, raw[0] if raw else 0)
        at, offset = at + form.size, offset + length


def read_header(store: Store, key: MasterKey, name: str, size: int) -> list[Entry]:
    """Return the blobs of a stored pack of ``size`` bytes, from its end alone.

    Raises: Damaged, Missing.
    """
    tail = store.get(DATA, name, max(0, size - _GUESSED_BYTES), min(size, _GUESSED_BYTES))
    length = _header_length(name, tail, size)
    if length + _LENGTH.size > len(tail):
        begin = size - length - _LENGTH.size
        tail = store.get(DATA, name, begin, length + _LENGTH.size)
    return unsealed_header(key, name, tail, size)


def unsealed_header(key: MasterKey, name: str, tail: Bytes, size: int) -> list[Entry]:
    """Return the blobs that the end of a pack tells of. Raises: Damaged."""
    length = _header_length(name, tail, size)
    header = tail[-length - _LENGTH.size : -_LENGTH.size]
    try:
        entries = list(entries_of(unseal(key, header)))
    except (Unsealable, ValueError) as error:
        raise Damaged(DATA, name, str(error)) from error
    if sum(one.length for one in entries) + length + _LENGTH.size != size:
        raise Damaged(DATA, name, "the header does not add up to the size of the pack")
    return entries


def _header_length(name: str, tail: Bytes, size: int) -> int:
    if len(tail) < _LENGTH.size:
        raise Damaged(DATA, name, "too short for a pack")
    (length,) = _LENGTH.unpack(tail[-_LENGTH.size :])
    if not OVERHEAD_BYTES <= length <= min(size - _LENGTH.size, _MOST_HEADER_BYTES):
        raise Damaged(DATA, name, "the length of the header is impossible")
    return int(length)
