"""A local copy of what is read at each run: indexes, snapshots, packs of trees.

It holds stored files as they are, still sealed, below the id of their repository; a name is the
hash of its content, so a copy that was changed is fetched again. Losing it costs time alone.
"""

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quenotte.devices.repository.store import INDEX, SNAPSHOTS, Store

_KEPT: Final = frozenset({INDEX, SNAPSHOTS})


class CachedStore:
    """A store whose small files are read from a folder when they are there.

    ``whole_packs`` are packs that are fetched whole and kept: those that hold trees.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self.whole_packs: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return str(self._store)

    @property
    def behind(self) -> Store:
        """Return the store itself."""
        return self._store

    def put(self, kind: str, name: str, body: bytes | memoryview) -> None:
        """Keep a file in the store, then a copy of a small one."""
        self._store.put(kind, name, body)
        if kind in _KEPT:
            self._keep(kind, name, bytes(body))

    def get(self, kind: str, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return a file or a part of it, from the copy when it is whole."""
        if kind not in _KEPT and name not in self.whole_packs:
            return self._store.get(kind, name, offset, length)
        body = self._kept(kind, name)
        if body is None:
            body = self._store.get(kind, name)
            self._keep(kind, name, body)
        end = len(body) if length is None else offset + length
        return body if (offset, end) == (0, len(body)) else body[offset:end]

    def names(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield what the store itself holds: a copy proves nothing."""
        return self._store.names(kind)

    def size(self, kind: str, name: str) -> int | None:
        """Return the size of a file in the store itself."""
        return self._store.size(kind, name)

    def prepare(self) -> None:
        """Make ready for a new repository."""
        self._store.prepare()

    def settle(self, kind: str, name: str) -> None:
        """Make sure that a file outlives a power cut."""
        self._store.settle(kind, name)

    def _kept(self, kind: str, name: str) -> bytes | None:
        try:
            body = (self._folder / kind / name).read_bytes()
        except OSError:
            return None
        return body if hashlib.sha256(body).hexdigest() == name else None

    def _keep(self, kind: str, name: str, body: bytes) -> None:
        keep(self._folder, kind, name, body)


def keep(folder: Path, kind: str, name: str, body: bytes) -> None:
    """Keep a local copy of a whole file; a cache that cannot be written is none, and no trouble."""
    if hashlib.sha256(body).hexdigest() != name:
        return
    target = folder / kind / name
    draft = target.with_name(f"{secrets.token_hex(8)}.new")
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(body)
        draft.replace(target)
