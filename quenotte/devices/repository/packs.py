"""Packs: many sealed blobs in one file, with a sealed header that says where each ends.

Source: restic's repository design, "Pack Format".
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from quenotte.devices.repository.errors import Damaged
from quenotte.devices.repository.sealing import OVERHEAD_BYTES, MasterKey, Unsealable, seal, unseal
from quenotte.devices.repository.store import DATA, Store

#: What blobs are: content of files, or trees. The two are separate name spaces.
CONTENT, TREE = "data", "tree"
#: A pack is closed when it reaches this many bytes.
AIMED_BYTES: Final = 16 << 20
_ID_BYTES: Final = 32
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


@dataclass(frozen=True)
class Pack:
    """A pack that is ready to be stored, under the hash of its bytes."""

    name: str
    body: bytes
    entries: tuple[Entry, ...]


class Packer:
    """Collects sealed blobs of one kind; used by one thread."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.size = 0
        self._parts: list[bytes] = []
        self._entries: list[Entry] = []

    def add(self, blob_id: bytes, part: bytes, raw: int) -> None:
        """Append a sealed blob; ``raw`` as in `Entry`."""
        self._entries.append(Entry(self.kind, blob_id, self.size, len(part), raw))
        self._parts.append(part)
        self.size += len(part)

    def absorb(self, other: "Packer") -> None:
        """Take over what another one of the same kind collected."""
        for entry, part in zip(other._entries, other._parts, strict=True):
            self.add(entry.id, part, entry.raw)
        other._begin_again()

    def finish(self, key: MasterKey) -> Pack:
        """Return the pack of what was collected, and begin the next one."""
        header = seal(key, header_of(self._entries))
        body = b"".join((*self._parts, header, _LENGTH.pack(len(header))))
        pack = Pack(hashlib.sha256(body).hexdigest(), body, tuple(self._entries))
        self._begin_again()
        return pack

    def _begin_again(self) -> None:
        self.size, self._parts, self._entries = 0, [], []


def header_of(entries: list[Entry]) -> bytes:
    """Return the header, in clear, of blobs that follow one another."""
    return b"".join(
        _PACKED.pack(_TYPES[one.kind] + 2, one.length, one.raw, one.id)
        if one.raw
        else _PLAIN.pack(_TYPES[one.kind], one.length, one.id)
        for one in entries
    )


def entries_of(header: bytes) -> Iterator[Entry]:
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


def unsealed_header(key: MasterKey, name: str, tail: bytes, size: int) -> list[Entry]:
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


def _header_length(name: str, tail: bytes, size: int) -> int:
    if len(tail) < _LENGTH.size:
        raise Damaged(DATA, name, "too short for a pack")
    (length,) = _LENGTH.unpack(tail[-_LENGTH.size :])
    if not OVERHEAD_BYTES <= length <= min(size - _LENGTH.size, _MOST_HEADER_BYTES):
        raise Damaged(DATA, name, "the length of the header is impossible")
    return int(length)
