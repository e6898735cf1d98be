"""Indexes: which blob lies where.

Source: restic's repository design, "Indexing".
"""

import threading
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from quenotte.devices.repository import packs, unpacked
from quenotte.devices.repository.errors import Damaged, Missing
from quenotte.devices.repository.packs import CONTENT, TREE, Entry
from quenotte.devices.repository.sealing import MasterKey
from quenotte.devices.repository.store import INDEX, NAME, Store

#: An index file holds about so many blobs: at some 170 bytes of JSON each, well below 8 MiB.
MOST_BLOBS: Final = 30_000


class Place(NamedTuple):
    """Where a blob lies. Units: bytes; ``raw`` as in `packs.Entry`."""

    pack: str
    offset: int
    length: int
    raw: int


class Index:
    """All the blobs of a repository, in memory; to look up is safe from any thread."""

    def __init__(self) -> None:
        self._places: dict[str, dict[bytes, Place]] = {CONTENT: {}, TREE: {}}
        #: Further copies of a blob: one of them may outlive a damaged pack.
        self._others: dict[tuple[str, bytes], list[Place]] = {}
        self.packs: dict[str, int] = {}
        #: Files that could not be read, as found.
        self.damages: list[Damaged] = []

    def __len__(self) -> int:
        return sum(map(len, self._places.values()))

    def __contains__(self, blob: tuple[str, bytes]) -> bool:
        kind, blob_id = blob
        return blob_id in self._places[kind]

    def known(self, kind: str) -> dict[bytes, Place]:
        """Return the blobs of a kind, by id."""
        return self._places[kind]

    def places(self, kind: str, blob_id: bytes) -> list[Place]:
        """Return where a blob lies, none when it is unknown."""
        first = self._places[kind].get(blob_id)
        if first is None:
            return []
        return [first, *self._others.get((kind, blob_id), ())]

    def packs_of(self, kind: str) -> frozenset[str]:
        """Return the packs that hold blobs of a kind."""
        return frozenset(place.pack for place in self._places[kind].values())

    def add(self, pack: str, entries: Iterable[Entry]) -> None:
        """Note a pack and its blobs."""
        end = self.packs.get(pack, 0)
        for kind, blob_id, offset, length, raw in entries:
            place = Place(pack, offset, length, raw)
            kept = self._places[kind].setdefault(blob_id, place)
            if kept is not place and kept != place:
                self._others.setdefault((kind, blob_id), []).append(place)
            end = max(end, offset + length)
        self.packs[pack] = end

    def forget(self, packs: Iterable[str]) -> None:
        """Drop packs that are not there: their blobs are unknown again, unless others hold them."""
        lost = set(packs)
        if not lost:
            return
        kept = [(pack, entry) for pack, entry in self.entries() if pack not in lost]
        ends = {pack: end for pack, end in self.packs.items() if pack not in lost}
        for places in self._places.values():
            places.clear()
        self._others.clear()
        self.packs = {}
        for pack, entry in kept:
            self.add(pack, (entry,))
        self.packs |= ends

    def sizes(self) -> dict[str, int]:
        """Return how long each pack is at least, in bytes, with the header after its blobs."""
        counts = {pack: [0, 0] for pack in self.packs}
        for kind, places in self._places.items():
            for blob_id, first in places.items():
                others = self._others.get((kind, blob_id))
                # Index files overlap: each may tell of the same place.
                for place in {first, *others} if others else (first,):
                    counts[place.pack][bool(place.raw)] += 1
        return {
            pack: packs.size_of(self.packs[pack], plain=plain, packed=packed)
            for pack, (plain, packed) in counts.items()
        }

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Yield each place of each blob, with its pack."""
        for kind, places in self._places.items():
            for blob_id, first in places.items():
                for place in (first, *self._others.get((kind, blob_id), ())):
                    yield place.pack, Entry(kind, blob_id, *place[1:])


def load(store: Store, key: MasterKey) -> Index:
    """Return what all index files say together; those that are damaged are noted and left out."""
    index = Index()
    for name, told in unpacked.get_all(store, key, INDEX):
        try:
            for pack, entries in read(_whole(told), name):
                index.add(pack, entries)
        except Damaged as damage:
            index.damages.append(damage)
        except Missing:
            # It was listed a moment ago; what it told of is searched when it is needed.
            continue
    return index


def _whole(told: dict[str, Any] | Damaged | Missing) -> dict[str, Any]:
    if isinstance(told, dict):
        return told
    raise told


def read(told: dict[str, Any], name: str) -> list[tuple[str, list[Entry]]]:
    """Return the packs of an index document, with their blobs. Raises: Damaged."""
    try:
        return [(_pack_name(pack), _entries(pack["blobs"])) for pack in told["packs"] or ()]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(INDEX, name, "this is no index") from error


def _pack_name(pack: dict[str, Any]) -> str:
    name: str = pack["id"]
    if NAME.fullmatch(name) is None:
        raise ValueError("a pack has an impossible name")
    return name


def _entries(blobs: list[dict[str, Any]]) -> list[Entry]:
    entries = [
        Entry(
            one["type"],
            bytes.fromhex(one["id"]),
            one["offset"],
            one["length"],
            one.get("uncompressed_length", 0),
        )
        for one in blobs
    ]
    for entry in entries:
        if entry.kind not in (CONTENT, TREE) or min(entry.offset, entry.length, entry.raw) < 0:
            raise ValueError("a blob lies nowhere")
    return entries


class IndexWriter:
    """Gathers packs that are stored already, and writes an index file whenever enough came."""

    def __init__(self, store: Store, key: MasterKey) -> None:
        self._store, self._key = store, key
        self._packs: list[dict[str, Any]] = []
        self._blobs = 0
        self.stored_bytes = 0
        self._turn = threading.Lock()

    def add(self, pack: str, entries: Iterable[Entry]) -> None:
        """Note a stored pack. Raises: Full, Refused, Unreachable."""
        blobs = [_told(entry) for entry in entries]
        with self._turn:
            self._packs.append({"id": pack, "blobs": blobs})
            self._blobs += len(blobs)
            if self._blobs >= MOST_BLOBS:
                self._write()

    def finish(self) -> None:
        """Write what is left. Raises: Full, Refused, Unreachable."""
        with self._turn:
            if self._packs:
                self._write()

    def _write(self) -> None:
        _, size = unpacked.put(self._store, self._key, INDEX, {"packs": self._packs})
        self.stored_bytes += size
        self._packs, self._blobs = [], 0


def _told(entry: Entry) -> dict[str, Any]:
    told = {
        "id": entry.id.hex(),
        "type": entry.kind,
        "offset": entry.offset,
        "length": entry.length,
    }
    if entry.raw:
        told["uncompressed_length"] = entry.raw
    return told
