"""The walk through what is saved, which becomes trees from the bottom up.

Directories are closed with a delay, so that the threads have work ahead; only those that are open
or wait are held in memory. Links are kept as links. What is neither file, directory nor link
(sockets, pipes, devices) is left out, and said.
"""

import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from quenotte.devices.repository import modes, trees
from quenotte.devices.repository.blobs import BlobWriter
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import UnreadableSource
from quenotte.devices.repository.packs import TREE
from quenotte.devices.repository.parents import Before
from quenotte.devices.repository.reading import Reader, Reading
from quenotte.devices.repository.sources import Layout, Source
from quenotte.devices.repository.trees import FILE, FOLDER, LINK, Node

#: Directories below one another; what lies deeper is left out, and said.
DEEPEST: Final = 200
#: Directories that wait to be closed.
_DELAYED: Final = 64
_NEW_FOLDER: Final = stat.S_IFDIR | 0o700
_NEW_FILE: Final = stat.S_IFREG | 0o600


@dataclass
class Outcome:
    """What a walk met. Paths are as the system names them."""

    files: int = 0
    read_bytes: int = 0
    left_out: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@dataclass
class _Folder:
    node: Node
    done: list[Node] = field(default_factory=list)
    files: list["_File"] = field(default_factory=list)
    folders: list["_Folder"] = field(default_factory=list)


@dataclass
class _File:
    node: Node
    path: Path
    state: os.stat_result
    reading: Reading
    is_asked_for: bool


class Walker:
    """Walks sources and stores their trees."""

    def __init__(self, blobs: BlobWriter, reader: Reader, *, now_ns: int) -> None:
        self._blobs, self._reader, self._now_ns = blobs, reader, now_ns
        self._waiting: deque[_Folder] = deque()
        self.outcome = Outcome()

    def walk(self, layout: Layout, before: Before) -> bytes:
        """Store all that a layout holds and return the id of its tree.

        Raises: UnreadableSource, Full, Refused, Unreachable.
        """
        root = self._layout(b"", layout, before)
        while self._waiting:
            self._close(self._waiting.popleft())
        if root.node.subtree is None:
            raise AssertionError("the root is closed last")
        return root.node.subtree

    def _layout(self, name: bytes, layout: Layout, before: Before) -> _Folder:
        folder = _Folder(self._made(name, FOLDER, _NEW_FOLDER))
        for part, inner in layout.folders.items():
            own = os.fsencode(part)
            folder.folders.append(self._layout(own, inner, before.below(own)))
        for part, source in layout.sources.items():
            self._source(folder, os.fsencode(part), source, before)
        return self._left(folder)

    def _source(self, folder: _Folder, name: bytes, source: Source, before: Before) -> None:
        if isinstance(source.path, bytes):
            ids = self._reader.text(source.path, source.chunking)
            made = self._made(name, FILE, _NEW_FILE)
            folder.done.append(replace(made, size=len(source.path), content=tuple(ids)))
            self.outcome.files += 1
            self.outcome.read_bytes += len(source.path)
            return
        try:
            path = source.path.resolve(strict=True)
            state = path.lstat()
        except (OSError, RuntimeError) as error:
            raise UnreadableSource(str(source.path)) from error
        if source.chunking is Chunking.PAGES:
            before = Before.nothing()
        self._any(folder, name, path, state, source.chunking, before, is_asked_for=True)

    def _any(
        self,
        folder: _Folder,
        name: bytes,
        path: Path,
        state: os.stat_result,
        chunking: Chunking,
        before: Before,
        *,
        is_asked_for: bool = False,
    ) -> None:
        if stat.S_ISDIR(state.st_mode) and len(path.parts) <= DEEPEST:
            folder.folders.append(self._folder(name, path, state, chunking, before.below(name)))
        elif stat.S_ISREG(state.st_mode):
            self._file(folder, name, path, state, chunking, before, is_asked_for=is_asked_for)
        elif stat.S_ISLNK(state.st_mode):
            target = os.fsencode(path.readlink())
            folder.done.append(replace(_node(name, LINK, state), target=target))
        else:
            self.outcome.left_out.append(str(path))

    def _folder(
        self, name: bytes, path: Path, state: os.stat_result, chunking: Chunking, before: Before
    ) -> _Folder:
        folder = _Folder(_node(name, FOLDER, state))
        for entry in self._entries(path):
            try:
                found = entry.stat(follow_symlinks=False)
                own = os.fsencode(entry.name)
                self._any(folder, own, Path(entry.path), found, chunking, before)
            except OSError:
                self.outcome.left_out.append(entry.path)
        return self._left(folder)

    def _entries(self, path: Path) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                yield from sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError:
            self.outcome.left_out.append(str(path))

    def _file(
        self,
        folder: _Folder,
        name: bytes,
        path: Path,
        state: os.stat_result,
        chunking: Chunking,
        before: Before,
        *,
        is_asked_for: bool,
    ) -> None:
        self.outcome.files += 1
        node = _node(name, FILE, state)
        content = before.content_of(node, state.st_size)
        if content is not None:
            folder.done.append(replace(node, size=state.st_size, content=content))
            return
        reading = self._reader.begin(path, state.st_size, chunking)
        folder.files.append(_File(node, path, state, reading, is_asked_for))

    def _left(self, folder: _Folder) -> _Folder:
        """Note that the walk is through with a directory: those below it were left before."""
        self._waiting.append(folder)
        if len(self._waiting) > _DELAYED:
            self._close(self._waiting.popleft())
        return folder

    def _close(self, folder: _Folder) -> None:
        nodes = [*folder.done, *(inner.node for inner in folder.folders)]
        nodes += filter(None, map(self._read, folder.files))
        tree = self._blobs.put(TREE, trees.encode(nodes))
        folder.node = replace(folder.node, subtree=tree)
        folder.done, folder.files, folder.folders = [], [], []

    def _read(self, file: _File) -> Node | None:
        try:
            segments, state, is_still = file.reading.result(file.state)
        except OSError as error:
            if file.is_asked_for:
                raise UnreadableSource(str(file.path)) from error
            self.outcome.left_out.append(str(file.path))
            self.outcome.files -= 1
            return None
        size = sum(one.length for one in segments)
        self.outcome.read_bytes += size
        if not is_still:
            self.outcome.changed.append(str(file.path))
        content = tuple(one for segment in segments for one in segment.ids)
        return replace(_node(file.node.name, FILE, state), size=size, content=content)

    def _made(self, name: bytes, kind: str, mode: int) -> Node:
        """Return a name that no file on disk stands behind."""
        return Node(
            name=name,
            type=kind,
            mode=modes.written(mode),
            mtime_ns=self._now_ns,
            ctime_ns=self._now_ns,
        )


def _node(name: bytes, kind: str, state: os.stat_result) -> Node:
    return Node(
        name=name,
        type=kind,
        mode=modes.written(state.st_mode),
        mtime_ns=state.st_mtime_ns,
        ctime_ns=state.st_ctime_ns,
        uid=state.st_uid,
        gid=state.st_gid,
        inode=state.st_ino,
    )


def total_bytes(layout: Layout) -> int:
    """Return how many bytes a layout holds, as far as they can be counted beforehand."""
    below = sum(map(total_bytes, layout.folders.values()))
    return below + sum(_bytes_of(source.path) for source in layout.sources.values())


def _bytes_of(path: Path | bytes) -> int:
    if isinstance(path, bytes):
        return len(path)
    try:
        if not path.is_dir():
            return path.stat().st_size
    except OSError:
        return 0
    return sum(
        _size_of(Path(folder) / name) for folder, _, names in os.walk(path) for name in names
    )


def _size_of(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
