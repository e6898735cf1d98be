"""Reading of the files that are saved: in segments, by a few threads, without following links."""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final, NamedTuple

from quenotte.devices.repository.blobs import BlobWriter
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.packs import CONTENT

#: What a thread reads at once, whatever the size of the chunks. Bytes.
SEGMENT_BYTES: Final = 8 << 20
#: A file that changes again and again is kept as it was read last.
_ATTEMPTS: Final = 3
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


class Segment(NamedTuple):
    """A piece of a file that was stored: the ids of its blobs, its length in bytes."""

    ids: list[bytes]
    length: int


class _Room(threading.local):
    """The buffer of one thread: fresh memory for each segment would cost as much as reading."""

    def __init__(self) -> None:
        self.room = bytearray(SEGMENT_BYTES)


class Reader:
    """Reads and stores files with ``threads`` threads; a bounded number of segments waits."""

    def __init__(
        self, blobs: BlobWriter, *, threads: int, told: Callable[[int, str], None]
    ) -> None:
        self._blobs, self._told = blobs, told
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="backup")
        self._waiting = BoundedSemaphore(2 * threads + 2)
        self._own = _Room()
        self._trouble: RepositoryError | None = None

    def close(self) -> None:
        """Wait for what runs and drop what has not begun."""
        self._pool.shutdown(cancel_futures=True)

    def begin(self, path: Path, size: int, chunking: Chunking) -> "Reading":
        """Let the threads store a file of ``size`` bytes; waits while too much is under way.

        Raises: what a thread met at the store: reading on would be in vain.
        """
        futures = [
            self._submit(path, offset, min(SEGMENT_BYTES, size - offset), chunking)
            for offset in range(0, size, SEGMENT_BYTES)
        ]
        return Reading(self, path, chunking, futures)

    def text(self, content: bytes, chunking: Chunking) -> list[bytes]:
        """Store bytes that are in memory; return the ids of their blobs."""
        return self._cut(memoryview(content), chunking)

    def segment(self, path: Path, offset: int, length: int, chunking: Chunking) -> Segment:
        """Store a piece of a file; fewer bytes when the file has become shorter."""
        with open(os.open(path, _FLAGS), "rb", buffering=0) as file:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileNotFoundError(path)
            file.seek(offset)
            with memoryview(self._own.room)[:length] as room:
                count = _fill(file.readinto, room)
                ids = self._cut(room[:count], chunking)
        self._told(count, path.name)
        return Segment(ids, count)

    def _submit(
        self, path: Path, offset: int, length: int, chunking: Chunking
    ) -> "Future[Segment]":
        self._waiting.acquire()
        if self._trouble is not None:
            raise self._trouble
        future = self._pool.submit(self.segment, path, offset, length, chunking)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: "Future[Segment]") -> None:
        trouble = None if future.cancelled() else future.exception()
        if isinstance(trouble, RepositoryError):
            self._trouble = trouble
        self._waiting.release()

    def _cut(self, content: memoryview, chunking: Chunking) -> list[bytes]:
        step = chunking.value
        return [
            self._blobs.put(CONTENT, content[offset : offset + step])
            for offset in range(0, len(content), step)
        ]


class Reading:
    """A file that is being stored."""

    def __init__(
        self, reader: Reader, path: Path, chunking: Chunking, futures: list["Future[Segment]"]
    ) -> None:
        self._reader, self._path, self._chunking = reader, path, chunking
        self._futures = futures

    def result(self, before: os.stat_result) -> tuple[list[Segment], os.stat_result, bool]:
        """Return what was stored, the file's state, and whether it held still.

        ``before`` is the state when the reading began. Raises: OSError.
        """
        segments = [future.result() for future in self._futures]
        for _ in range(_ATTEMPTS):
            now = self._path.lstat()
            if _is_same(before, now) and sum(one.length for one in segments) == now.st_size:
                return segments, now, True
            before, segments = now, list(self._again(now.st_size))
        return segments, before, False

    def _again(self, size: int) -> Iterator[Segment]:
        for offset in range(0, size, SEGMENT_BYTES):
            length = min(SEGMENT_BYTES, size - offset)
            yield self._reader.segment(self._path, offset, length, self._chunking)


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _fill(read: Callable[[memoryview], int | None], room: memoryview) -> int:
    """Read until the room is full or the file ends: a system may give fewer bytes at a time."""
    count = 0
    while count < len(room) and (more := read(room[count:])):
        count += more
    return count
