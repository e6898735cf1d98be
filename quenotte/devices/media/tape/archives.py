"""One file of a tape: a tar that stock ``tar -b 512`` reads, and a last block that proves it all.

The first member says what the others are. Behind the end of the tar comes one block with the
SHA-256 of every block before it: no byte can change unseen, the padding's neither.
"""

import errno
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import IO, Any, Final, cast

from quenotte.devices.media.carriers import Kept
from quenotte.devices.media.errors import Damaged
from quenotte.devices.media.tape.device import BLOCK_BYTES, TapeDamaged, TapeDevice

HEAD: Final = "QUENOTTE.json"
_SEAL: Final = b"QUENOTTE SEAL 1\n"
#: Blocks given to the drive at once.
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Head:
    """What an archive says of itself. ``kind``: tape (the first file), archive or end."""

    kind: str
    facts: dict[str, Any]
    kept: tuple[Kept, ...] = ()


class Stuck(TapeDamaged):
    """The tape does not get behind what cannot be read."""


class Cut(Exception):
    """The end of the tape came before that of the archive."""


def write(
    device: TapeDevice,
    head: Head,
    members: Sequence[tuple[str, Path | bytes]],
    *,
    is_trailer: bool = False,
) -> None:
    """Write one file of the tape, and its filemark; a trailer past the early warning too.

    Raises: Cut, OSError.
    """
    blocks = _Blocks(device, is_trailer=is_trailer)
    with tarfile.open(mode="w|", fileobj=cast("IO[bytes]", blocks), bufsize=BLOCK_BYTES) as tar:
        _add(tar, HEAD, json.dumps(_said(head), ensure_ascii=False, indent=1).encode())
        for name, body in members:
            _add(tar, name, body)
    blocks.seal()
    device.mark()


def read_head(device: TapeDevice) -> Head | None:
    """Read the begin of the file at hand, then go behind it; None behind the last one.

    Raises: TapeDamaged when it is no archive of ours, the tape is then behind it too; Stuck.
    """
    source = _Source(device)
    try:
        head = _head_of(source)
    except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        if source.is_behind_all:
            return None
        raise (TapeDamaged if source.leave() else Stuck) from error
    source.leave()
    return head


def _head_of(source: "_Source") -> Head:
    with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", source), bufsize=BLOCK_BYTES) as tar:
        member = tar.next()
        body = tar.extractfile(member) if member and member.name == HEAD else None
        if body is None:
            raise ValueError("no head")
        return _read(json.loads(body.read()))


def extract(device: TapeDevice, name: str, target: Path) -> None:
    """Bring one member of the file at hand back, whatever it is. Raises: Damaged, OSError."""
    source = _Source(device)
    try:
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", source), bufsize=BLOCK_BYTES) as tar:
            body = next((tar.extractfile(one) for one in tar if one.name == name), None)
            if body is None:
                raise Damaged(name)
            with target.open("xb") as file:
                while piece := body.read(BLOCK_BYTES):
                    file.write(piece)
    except tarfile.TarError as error:
        raise Damaged(name) from error


class State(Enum):
    """How the file at hand was read."""

    WHOLE = auto()
    BROKEN = auto()
    #: There is none: this is behind the last one.
    NONE = auto()


def state(device: TapeDevice) -> State:
    """Read the file at hand to its filemark, and tell whether each byte is as it was written.

    Behind a broken one, the place of the tape is not known.
    """
    told, last = hashlib.sha256(), b""
    if device.status().is_at_end:
        return State.NONE
    try:
        while block := device.read():
            told.update(last)
            last = block
    except OSError:
        return State.BROKEN
    return State.WHOLE if last == _seal(told.digest()) else State.BROKEN


class _Blocks:
    """What tarfile writes to: whole blocks for the drive, the last one filled up."""

    def __init__(self, device: TapeDevice, *, is_trailer: bool) -> None:
        self._device = device
        self._tries = 2 if is_trailer else 1
        self._rest = bytearray()
        self._told = hashlib.sha256()
        self._is_cut = False

    def write(self, piece: bytes) -> int:
        """Take a piece of any size; nothing more once the tape ended."""
        if self._is_cut:
            return len(piece)
        self._rest += piece
        whole = len(self._rest) // (BLOCK_BYTES * _AT_ONCE) * BLOCK_BYTES * _AT_ONCE
        if whole:
            self._give(bytes(self._rest[:whole]))
            del self._rest[:whole]
        return len(piece)

    def seal(self) -> None:
        """Fill the last block up with zeros, and write the one that proves all."""
        self._rest += bytes(-len(self._rest) % BLOCK_BYTES)
        if self._rest:
            self._give(bytes(self._rest))
        self._give(_seal(self._told.digest()))

    def _give(self, blocks: bytes) -> None:
        self._told.update(blocks)
        refusals = 0
        while blocks:
            try:
                blocks = blocks[self._device.write(blocks) :]
                refusals = 0
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                refusals += 1
                if refusals == self._tries:
                    self._is_cut = True
                    raise Cut from error


class _Source:
    """What tarfile reads from: the blocks up to the filemark."""

    def __init__(self, device: TapeDevice) -> None:
        self._device = device
        self._is_open = True
        self.is_behind_all = device.status().is_at_end

    def read(self, _size: int) -> bytes:
        """Return the next block; nothing at the filemark, nor where the tape cannot be read."""
        if not self._is_open:
            return b""
        try:
            block = self._device.read()
        except OSError:
            return b""
        self._is_open = bool(block)
        return block

    def leave(self) -> bool:
        """Go behind the filemark, unless it was read already; tell whether the tape does."""
        if not self._is_open:
            return True
        self._is_open = False
        try:
            self._device.forward(1)
        except OSError:
            return False
        return True


def _seal(digest: bytes) -> bytes:
    return (_SEAL + digest.hex().encode()).ljust(BLOCK_BYTES, b"\0")


def _add(tar: tarfile.TarFile, name: str, body: Path | bytes) -> None:
    member = tarfile.TarInfo(name)
    if isinstance(body, bytes):
        member.size = len(body)
        tar.addfile(member, io.BytesIO(body))
        return
    with body.open("rb") as file:
        member.size = body.stat().st_size
        tar.addfile(member, file)


def _said(head: Head) -> dict[str, Any]:
    return {"kind": head.kind, **head.facts, "files": [*_lines(head.kept)]}


def _lines(kept: Sequence[Kept]) -> Iterator[dict[str, Any]]:
    for one in kept:
        at = one.put_at.isoformat()
        yield {"name": one.name, "size": one.size_bytes, "sha256": one.sha256, "at": at}


def _read(said: dict[str, Any]) -> Head:
    kept = tuple(
        Kept(one["name"], one["size"], one["sha256"], datetime.fromisoformat(one["at"]))
        for one in said.pop("files")
    )
    return Head(said.pop("kind"), said, kept)
