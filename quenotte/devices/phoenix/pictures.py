"""The files of a practice that is coming back, one by one, by the hash that is their name."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from quenotte.devices.phoenix import marker, opening
from quenotte.devices.repository.browsing import find, nodes_of
from quenotte.devices.repository.errors import NoSuchPath
from quenotte.devices.repository.packs import CONTENT, TREE
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.store import DATA, Store
from quenotte.devices.repository.trees import FILE, Node

BLOBS: Final = "blobs"
_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
#: Packs of trees that are held in memory: each holds the directories of thousands of files.
_HELD: Final = 4


class Pictures:
    """What a copy holds below ``blobs``. Used by several threads; opened when first asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._open: tuple[Repository, Snapshot] | None = None

    def pieces(self, sha256: str) -> Iterator[bytes] | None:
        """Return the content of a file, piece by piece; None when the copy does not hold it.

        Raises: Damaged, Missing, Refused, Unreachable.
        """
        repository, snapshot = self._opened()
        try:
            node = find(repository, snapshot, f"{BLOBS}/{sha256[:2]}/{sha256[2:4]}/{sha256}")
        except NoSuchPath:
            return self._loose(sha256)
        return self.content(node) if node.type == FILE else None

    def loose(self, names: Iterable[str]) -> dict[str, Node]:
        """Return files that came after the copy and were kept one by one, those of ``names``."""
        repository, _snapshot = self._opened()
        known = repository.index.known(CONTENT)
        return {
            name: Node(name.encode(), FILE, size=place.raw or place.length, content=(blob,))
            for name in names
            if (blob := bytes.fromhex(name)) in known and (place := known[blob])
        }

    def _loose(self, sha256: str) -> Iterator[bytes] | None:
        node = self.loose([sha256]).get(sha256)
        return self.content(node) if node is not None else None

    def content(self, node: Node) -> Iterator[bytes]:
        """Yield what a file holds, blob by blob, each verified."""
        repository, _snapshot = self._opened()
        return (bytes(repository.blob(CONTENT, one)) for one in node.content)

    def all(self) -> dict[str, Node]:
        """Return every file of the copy by its hash, in the order in which packs hold them."""
        repository, snapshot = self._opened()
        try:
            top = find(repository, snapshot, BLOBS)
        except NoSuchPath:
            return {}
        found = [node for node in _below(repository, top) if _DIGEST.fullmatch(node.name)]
        found.sort(key=lambda node: _place(repository, node))
        return {node.name.decode("ascii"): node for node in found}

    def _opened(self) -> tuple[Repository, Snapshot]:
        with self._turn:
            if self._open is None:
                self._open = _opened(self._folder)
            return self._open


def _opened(folder: Path) -> tuple[Repository, Snapshot]:
    told, secret = marker.load(folder), marker.load_secret(folder)
    if told is None or secret is None:
        raise FileNotFoundError(folder / marker.MARKER)
    repository = opening.again(secret, told.repository)
    repository.use_cache(folder / "cache" / "repository")
    trees = repository.index.packs_of(TREE)
    repository.store = _Held(repository.store, trees)
    return repository, repository.snapshot(told.snapshot)


def _below(repository: Repository, node: Node) -> Iterator[Node]:
    if node.subtree is not None:
        for one in nodes_of(repository, node.subtree):
            yield from _below(repository, one)
    elif node.type == FILE:
        yield node


def _place(repository: Repository, node: Node) -> tuple[str, int]:
    places = repository.index.places(CONTENT, node.content[0]) if node.content else []
    return (places[0].pack, places[0].offset) if places else ("", 0)


class _Held:
    """A store that holds the packs of trees read last in memory, whole."""

    def __init__(self, store: Store, trees: frozenset[str]) -> None:
        self._store, self._trees = store, trees
        self._packs: OrderedDict[str, bytes] = OrderedDict()
        self._turn = threading.Lock()

    def put(self, kind: str, name: str, body: bytes | memoryview) -> None:
        """Refuse: nothing is written to the copy that we come back from."""
        raise NotImplementedError

    def get(self, kind: str, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return a file or a part of it."""
        if kind != DATA or name not in self._trees:
            return self._store.get(kind, name, offset, length)
        with self._turn:
            body = self._packs.pop(name, None) or self._store.get(kind, name)
            self._packs[name] = body
            while len(self._packs) > _HELD:
                self._packs.popitem(last=False)
        return body[offset:] if length is None else body[offset : offset + length]

    def names(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield what the store holds."""
        return self._store.names(kind)

    def size(self, kind: str, name: str) -> int | None:
        """Return the size of a file."""
        return self._store.size(kind, name)

    def prepare(self) -> None:
        """Refuse: see ``put``."""
        raise NotImplementedError

    def settle(self, kind: str, name: str) -> None:
        """Refuse: see ``put``."""
        raise NotImplementedError
