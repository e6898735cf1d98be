"""Writing of blobs: what is known is not stored again, the rest is sealed and packed.

Order of durability: packs, then the index that tells of them; the snapshot comes last, by the
caller. Source: restic's repository design, "Repository Format" (write order).
"""

import hashlib
import threading
from collections.abc import Iterable

from quenotte.devices.repository import chunks
from quenotte.devices.repository.indexes import Index, IndexWriter
from quenotte.devices.repository.packs import AIMED_BYTES, CONTENT, TREE, Entry, Packer
from quenotte.devices.repository.sealing import Bytes, MasterKey
from quenotte.devices.repository.store import DATA, Store


class BlobWriter:
    """Takes blobs from any thread; each thread fills packs of its own."""

    def __init__(self, store: Store, key: MasterKey, index: Index) -> None:
        self._store, self._key, self._index = store, key, index
        self._index_writer = IndexWriter(store, key)
        self._claimed: dict[str, set[bytes]] = {CONTENT: set(), TREE: set()}
        self._own = threading.local()
        self._packers: list[Packer] = []
        self._turn = threading.Lock()
        self.new_blobs = 0
        self._pack_bytes = 0

    @property
    def stored_bytes(self) -> int:
        """Return how many bytes were added to the store so far, index included."""
        return self._pack_bytes + self._index_writer.stored_bytes

    def put(self, kind: str, text: Bytes) -> bytes:
        """Store a blob unless it is known, and return its id.

        It is durable after `finish` only. Raises: Full, Refused, Unreachable.
        """
        blob_id = hashlib.sha256(text).digest()
        if blob_id not in self._index.known(kind) and self._claim(kind, blob_id):
            packed, raw = chunks.pack(text)
            packer = self._packer(kind)
            packer.seal(self._key, blob_id, packed, raw)
            if packer.size >= AIMED_BYTES:
                self._store_pack(packer)
        return blob_id

    def note(self, pack: str, entries: Iterable[Entry]) -> None:
        """Let the index tell of a pack that was stored without one."""
        self._index_writer.add(pack, entries)

    def finish(self) -> None:
        """Store what is begun, then the index. Raises: Full, Refused, Unreachable."""
        for kind in (CONTENT, TREE):
            rest = Packer(kind)
            for packer in self._packers:
                if packer.kind == kind:
                    rest.absorb(packer)
                if rest.size >= AIMED_BYTES:
                    self._store_pack(rest)
            if rest.size:
                self._store_pack(rest)
        self._index_writer.finish()

    def _claim(self, kind: str, blob_id: bytes) -> bool:
        """Let one thread alone store a blob. Nothing refers to it before all is durable."""
        with self._turn:
            claimed = self._claimed[kind]
            if blob_id in claimed:
                return False
            claimed.add(blob_id)
            self.new_blobs += 1
            return True

    def _packer(self, kind: str) -> Packer:
        packer: Packer | None = getattr(self._own, kind, None)
        if packer is None:
            packer = Packer(kind)
            setattr(self._own, kind, packer)
            with self._turn:
                self._packers.append(packer)
        return packer

    def _store_pack(self, packer: Packer) -> None:
        pack = packer.finish(self._key)
        with pack.body:
            self._store.put(DATA, pack.name, pack.body)
            size = len(pack.body)
        packer.begin_again()
        with self._turn:
            self._pack_bytes += size
            self._index.add(pack.name, pack.entries)
        self._index_writer.add(pack.name, pack.entries)
