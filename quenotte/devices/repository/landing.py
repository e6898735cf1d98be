"""Writing of one restored file: fetched in runs of neighbouring blobs, by any thread."""

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from quenotte.devices.repository import modes
from quenotte.devices.repository.errors import Damaged, Missing
from quenotte.devices.repository.indexes import Place
from quenotte.devices.repository.packs import CONTENT
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import OVERHEAD_BYTES
from quenotte.devices.repository.store import DATA
from quenotte.devices.repository.trees import Node

#: What is fetched at once, and what lies between two blobs that are still fetched together. Bytes.
_RUN_BYTES: Final = 8 << 20
_GAP_BYTES: Final = 128 << 10
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Piece(NamedTuple):
    """A blob, where it lies, and where it goes. ``at`` in bytes from the begin of the file."""

    blob_id: bytes
    place: Place
    at: int


def pieces_of(repository: Repository, node: Node) -> list[Piece]:
    """Return the pieces of a file in its own order. Raises: Missing, Damaged."""
    pieces, at = [], 0
    for blob_id in node.content:
        places = repository.places(CONTENT, blob_id)
        if not places:
            raise (*repository.index.damages, Missing("blob", blob_id.hex()))[0]
        pieces.append(Piece(blob_id, places[0], at))
        at += length_of(places[0])
    return pieces


def length_of(place: Place) -> int:
    """Return how many bytes a blob comes to."""
    return place.raw or place.length - OVERHEAD_BYTES


def runs_of(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces that lie near one another in a pack, in the order of the pack."""
    run: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: (one.place.pack, one.place.offset)):
        if run and not _belongs(run, piece):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _belongs(run: list[Piece], piece: Piece) -> bool:
    first, last = run[0].place, run[-1].place
    if piece.place.pack != last.pack:
        return False
    is_near = piece.place.offset - (last.offset + last.length) <= _GAP_BYTES
    return is_near and piece.place.offset + piece.place.length - first.offset <= _RUN_BYTES


@dataclass
class Landing:
    """A file that is being written; whoever writes its last run closes it."""

    repository: Repository
    path: Path
    node: Node
    runs: int

    def __post_init__(self) -> None:
        self._turn = threading.Lock()

    def begin(self) -> None:
        """Make the file, in place of what had its name. Raises: OSError."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        handle = os.open(self.path, _NEW, 0o600)
        try:
            if self.node.size and self.runs > 1:
                os.ftruncate(handle, self.node.size)
        finally:
            os.close(handle)
        if not self.runs:
            self.finish()

    def write(self, run: list[Piece]) -> int:
        """Fetch, verify and write one run; return its bytes. Raises: Damaged, Missing, OSError."""
        written = 0
        with self.path.open("r+b", buffering=0) as file:
            for at, texts in _joined(self._texts(run)):
                file.seek(at)
                written += _write_whole(file.fileno(), texts)
        with self._turn:
            self.runs -= 1
            is_last = not self.runs
        if is_last:
            self.finish()
        return written

    def finish(self) -> None:
        """Give the file its mode and its dates."""
        settle(self.path, self.node)

    def _texts(self, run: list[Piece]) -> list[tuple[int, bytes | bytearray]]:
        try:
            texts = self._fetched(run)
        except (Damaged, Missing):
            # Each on its own: another pack may hold a copy of what this one lost.
            texts = [(one.at, self.repository.blob(CONTENT, one.blob_id)) for one in run]
        return sorted(texts)

    def _fetched(self, run: list[Piece]) -> list[tuple[int, bytes | bytearray]]:
        begin, last = run[0].place.offset, run[-1].place
        length = last.offset + last.length - begin
        view = memoryview(self.repository.store.get(DATA, last.pack, begin, length))
        return [
            (one.at, self.repository.opened(view[start:stop], one.place, one.blob_id))
            for one in run
            for start in (one.place.offset - begin,)
            for stop in (start + one.place.length,)
        ]


def settle(path: Path, node: Node) -> None:
    """Give what was restored its mode and its dates; owners stay those of who restores."""
    path.chmod(modes.read(node.mode))
    os.utime(path, ns=(node.mtime_ns, node.mtime_ns))


def _joined(texts: list[tuple[int, bytes | bytearray]]) -> Iterator[tuple[int, bytes | bytearray]]:
    """Yield neighbouring texts as one: a page alone is a small thing to write."""
    group: list[bytes | bytearray] = []
    begin = end = 0
    for at, text in texts:
        if group and at != end:
            yield begin, b"".join(group)
            group = []
        if not group:
            begin = at
        group.append(text)
        end = at + len(text)
    if group:
        yield begin, group[0] if len(group) == 1 else b"".join(group)


def _write_whole(handle: int, text: bytes | bytearray) -> int:
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(handle, rest) :]
    return len(text)
