"""The receive-time log of one repository: each line holds the hash of the one before.

Whoever remembers a head (the hash of the last line) can tell later that nothing before it was
rewritten. Times are the vault's own and strictly increasing, so « as of » has one answer.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quenotte.devices.media.vault.standing import Line

START: Final = "0" * 64
_FIELDS: Final = list(Line._fields)
_TYPES: Final = [int, int, str, str, int, str, str]
#: Pieces of a line between its quotation marks.
_PIECES: Final = 23


class LogDamaged(Exception):
    """The log is not what was written; ``number`` is the first line that cannot be believed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def written(line: Line) -> bytes:
    """Return a line as it stands in the file, without its end."""
    return json.dumps(line._asdict(), separators=(",", ":"), ensure_ascii=False).encode()


def read(data: bytes) -> Line:
    """Return what a line says.

    Raises: ValueError for anything that `written` does not write.
    """
    text = str(data, "utf-8")
    if plain := _plain(text):
        return plain
    told = json.loads(text)
    if type(told) is not dict or list(map(type, told.values())) != _TYPES or list(told) != _FIELDS:
        raise ValueError(data)
    return Line(*told.values())


def _plain(text: str) -> Line | None:
    """Return what a line says without any sign that JSON escapes, as nearly all are; else None.

    It is cut at its quotation marks and written again: only the same text counts. A log of years
    is read three times as fast.
    """
    cut = text.split('"')
    if len(cut) != _PIECES or "\\" in text or not text.isprintable():
        return None
    try:
        line = Line(
            int(cut[2][1:-1]), int(cut[4][1:-1]), cut[7], cut[11], int(cut[14][1:-1]), cut[17],
            cut[21],
        )  # fmt: skip
    except ValueError:
        return None
    again = (
        f'{{"number":{line.number},"at":{line.at},"event":"{line.event}","name":"{line.name}",'
        f'"size":{line.size},"by":"{line.by}","previous":"{line.previous}"}}'
    )
    return line if again == text else None


@dataclass
class Chain:
    """How far a log was followed, and whether the next line fits."""

    head: str = START
    number: int = 0
    at: int = -1
    offset: int = 0

    def follow(self, data: bytes) -> Line:
        """Take the next line (without its end).

        Raises: LogDamaged.
        """
        try:
            line = read(data)
        except ValueError:
            raise LogDamaged(self.number + 1) from None
        if line.number != self.number + 1 or line.previous != self.head or line.at <= self.at:
            raise LogDamaged(self.number + 1)
        self.head = hashlib.sha256(data).hexdigest()
        self.number, self.at = line.number, line.at
        self.offset += len(data) + 1
        return line


class Ledger:
    """The log of one repository on the disk; several processes may append to it."""

    def __init__(self, path: Path, heard: Callable[[Line], None]) -> None:
        self._path = path
        self._heard = heard
        self.chain = Chain()

    def refresh(self) -> None:
        """Follow what was appended since; a last line without an end is not there yet.

        Raises: LogDamaged, OSError.
        """
        size = self._path.stat().st_size
        if size == self.chain.offset:
            return
        if size < self.chain.offset:
            raise LogDamaged(self.chain.number)
        with self._path.open("rb") as stream:
            stream.seek(self.chain.offset)
            for data in stream:
                if not data.endswith(b"\n"):
                    return
                self._heard(self.chain.follow(data[:-1]))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the log against other processes, and know all that it says.

        Raises: LogDamaged, OSError.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self.refresh()
            yield
        finally:
            os.close(descriptor)

    def append(self, now: int, event: str, *, name: str = "", size: int = 0, by: str) -> Line:
        """Write one line and put it on the disk; call it inside ``alone``.

        Raises: OSError, and then nothing was added.
        """
        at = max(now, self.chain.at + 1)
        line = Line(self.chain.number + 1, at, str(event), name, size, by, self.chain.head)
        data = written(line)
        self._put(data + b"\n")
        self._heard(self.chain.follow(data))
        return line

    def _put(self, data: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            # What a kill left behind the last whole line was never acknowledged.
            os.ftruncate(descriptor, self.chain.offset)
            try:
                _write_all(descriptor, data, self.chain.offset)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, self.chain.offset)
                raise
        finally:
            os.close(descriptor)


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    while data:
        count = os.pwrite(descriptor, data, offset)
        data, offset = data[count:], offset + count


def follow(path: Path, heads: dict[int, str] | None = None) -> Chain:
    """Follow a whole log; ``heads`` are those that somebody else remembers, by line number.

    Raises: LogDamaged, OSError.
    """
    chain, owed = Chain(), dict(heads or {})
    with path.open("rb") as stream:
        for data in stream:
            if not data.endswith(b"\n"):
                break
            chain.follow(data[:-1])
            if owed.pop(chain.number, chain.head) != chain.head:
                raise LogDamaged(chain.number)
    if owed:
        raise LogDamaged(chain.number + 1)
    return chain
