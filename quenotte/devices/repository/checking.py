"""Checking of a whole repository: what is damaged or missing is named, nothing is changed.

Source: restic's ``check --read-data``, whose questions these are.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum

from quenotte.devices.repository import indexes, keyfiles, packs, snapshots, trees, unpacked
from quenotte.devices.repository.errors import (
    Damaged,
    Missing,
    RepositoryError,
    file_of,
)
from quenotte.devices.repository.indexes import Index
from quenotte.devices.repository.packs import CONTENT, TREE, Entry
from quenotte.devices.repository.progress import Listener, Teller
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import DATA, INDEX, KEYS, SNAPSHOTS

_THREADS = 2


class What(StrEnum):
    """What may be wrong with a file."""

    DAMAGED = "damaged"
    MISSING = "missing"
    #: A pack that no index tells of: a run was broken off; the next one adopts it.
    UNTOLD = "untold"
    #: It was damaged or missing, and lies there whole again.
    MENDED = "mended"
    #: A step of the journal that is lost, and that a later base of the journal makes up for.
    PASSED = "passed"
    #: It was not looked into: nobody here has the key.
    UNREAD = "unread"


@dataclass(frozen=True)
class Finding:
    """One file that is not as it should be. ``detail`` is English, for the log.

    ``is_past``: it lies in a year that is over, where no copy stores anything again.
    """

    kind: str
    name: str
    what: What
    detail: str = ""
    is_past: bool = False

    @property
    def is_error(self) -> bool:
        """Tell whether something may be lost: what was left by a broken run is harmless."""
        return self.what in {What.DAMAGED, What.MISSING}

    @property
    def is_mended(self) -> bool:
        """Tell whether it was damaged, and is so no more."""
        return self.what is What.MENDED

    def put_again(self) -> "Finding":
        """Return what is said of it once its bytes were put there again."""
        return replace(self, what=What.MENDED)

    def __str__(self) -> str:
        return f"{file_of(self.kind, self.name)}: {self.what} {self.detail}".rstrip()


def check(
    repository: Repository, *, read_data: bool, progress: Listener | None = None
) -> list[Finding]:
    """Return what is wrong with a repository, nothing when it is whole.

    With ``read_data`` every pack is read, hashed and opened; else packs are looked for alone.

    Raises: Unreachable, Refused.
    """
    return [*_Check(repository).findings(read_data=read_data, progress=progress)]


class _Check:
    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._index = Index()
        self._by_pack: dict[str, set[Entry]] = {}

    def findings(self, *, read_data: bool, progress: Listener | None) -> Iterator[Finding]:
        yield from self._head()
        # Snapshots are listed before the index is read, or a fresh one may lack its index.
        names = [name for name, _ in sorted(self._repository.store.names(SNAPSHOTS))]
        yield from self._indexes()
        there = dict(self._repository.store.names(DATA))
        yield from self._places(there)
        yield from self._snapshots(names)
        if read_data:
            yield from self._packs(there, progress)

    def _head(self) -> Iterator[Finding]:
        """Look at config and keys: those that do not parse close the repository to restic."""
        store = self._repository.store
        try:
            unpacked.get_config(store, self._repository.key)
        except (Damaged, Missing) as trouble:
            yield _finding(trouble)
        for name, _ in sorted(store.names(KEYS)):
            try:
                keyfiles.whole(name, store.get(KEYS, name))
            except (Damaged, Missing) as trouble:
                yield _finding(trouble)

    def _indexes(self) -> Iterator[Finding]:
        repository = self._repository
        for name, _ in sorted(repository.store.names(INDEX)):
            try:
                told = unpacked.get(repository.store, repository.key, INDEX, name)
                for pack, entries in indexes.read(told, name):
                    self._index.add(pack, entries)
                    self._by_pack.setdefault(pack, set()).update(entries)
            except (Damaged, Missing) as trouble:
                yield _finding(trouble)

    def _places(self, there: dict[str, int]) -> Iterator[Finding]:
        for pack, size in sorted(self._index.sizes().items()):
            if pack not in there:
                yield Finding(DATA, pack, What.MISSING)
            elif there[pack] < size:
                yield Finding(DATA, pack, What.DAMAGED, "the pack is too short")
        for pack in sorted(there.keys() - self._index.packs.keys()):
            yield Finding(DATA, pack, What.UNTOLD)

    def _snapshots(self, names: list[str]) -> Iterator[Finding]:
        seen: set[bytes] = set()
        repository = self._repository
        for name in names:
            try:
                told = unpacked.get(repository.store, repository.key, SNAPSHOTS, name)
                yield from self._tree(snapshots.read(name, told).tree, seen)
            except (Damaged, Missing) as trouble:
                yield _finding(trouble)

    def _tree(self, root: bytes, seen: set[bytes]) -> Iterator[Finding]:
        todo = [root]
        while todo:
            tree = todo.pop()
            if tree in seen:
                continue
            seen.add(tree)
            try:
                nodes = trees.decode(self._repository.blob(TREE, tree))
            except RepositoryError as trouble:
                yield _finding(trouble)
                continue
            except ValueError as error:
                yield Finding("blob", tree.hex(), What.DAMAGED, str(error))
                continue
            for node in nodes:
                todo += [node.subtree] if node.subtree is not None else []
                lost = [one for one in node.content if (CONTENT, one) not in self._index]
                yield from (Finding("blob", one.hex(), What.MISSING) for one in lost)

    def _packs(self, there: dict[str, int], progress: Listener | None) -> Iterator[Finding]:
        told = Teller(progress, sum(there.values()))
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="check") as crew:
            for name, found in crew.map(lambda pack: (pack, self._pack(pack)), sorted(there)):
                told.add(there[name], name)
                yield from found
        told.finish()

    def _pack(self, name: str) -> list[Finding]:
        try:
            body = self._repository.store.get(DATA, name)
            if hashlib.sha256(body).hexdigest() != name:
                raise Damaged(DATA, name, "the name is not the hash of the content")
            entries = packs.unsealed_header(self._repository.key, name, body, len(body))
            if self._by_pack.get(name, set(entries)) != set(entries):
                raise Damaged(DATA, name, "index and header do not tell the same")
            for entry in entries:
                part = memoryview(body)[entry.offset : entry.offset + entry.length]
                place = indexes.Place(name, *entry[2:])
                self._repository.opened(part, place, entry.id)
        except (Damaged, Missing) as trouble:
            return [_finding(trouble)]
        return []


def _finding(trouble: RepositoryError) -> Finding:
    if isinstance(trouble, Damaged):
        return Finding(trouble.kind, trouble.name, What.DAMAGED, trouble.detail)
    if isinstance(trouble, Missing):
        return Finding(trouble.kind, trouble.name, What.MISSING)
    raise trouble
