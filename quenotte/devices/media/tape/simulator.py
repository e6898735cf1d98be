"""A tape in a file that obeys the rules of a drive: what stands in where there is no drive.

The file has the form of SIMH tapes (each block between its length, little-endian; a length of 0
is a filemark), so other programs read it too.
"""

import errno
import os
import struct
from pathlib import Path
from typing import Final

from quenotte.devices.media.tape.device import BLOCK_BYTES, Status

_LENGTH: Final = struct.Struct("<I")
#: An LTO-8 holds 12 TB; a simulated one as much as a small drive.
CAPACITY_BYTES: Final = 64 << 30
#: How much room is left when the early warning comes.
WARNING_BYTES: Final = 8 * BLOCK_BYTES


class SimulatedTape:
    """A drive with one tape in it."""

    def __init__(
        self,
        path: Path,
        *,
        capacity_bytes: int = CAPACITY_BYTES,
        warning_bytes: int = WARNING_BYTES,
        block_bytes: int = BLOCK_BYTES,
        is_protected: bool = False,
    ) -> None:
        self._capacity = capacity_bytes
        self._warning = warning_bytes
        self._block = block_bytes
        self._is_protected = is_protected
        #: A write past the early warning is refused every other time, beginning with the first.
        self._is_warned = False
        self._is_out = False
        path.touch(mode=0o600)
        self._file = path.open("r+b")

    def status(self) -> Status:
        """Return what a drive would say."""
        self._file.flush()
        return Status(
            is_loaded=not self._is_out,
            is_protected=self._is_protected,
            is_at_end=self._file.tell() == os.fstat(self._file.fileno()).st_size,
            is_simulated=True,
        )

    def rewind(self) -> None:
        """Go to the begin."""
        self._loaded()
        self._file.seek(0)
        self._is_warned = False

    def forward(self, files: int) -> None:
        """Go behind so many filemarks, block by block as the tape runs."""
        self._loaded()
        while files:
            length = self._length()
            if length is None:
                raise OSError(errno.EIO, "end of data")
            if length:
                self._file.seek(length, os.SEEK_CUR)
                if self._length() != length:
                    raise OSError(errno.EIO, "a torn block")
            else:
                files -= 1

    def to_end(self) -> None:
        """Go behind the last thing that was written."""
        self._loaded()
        self._file.seek(0, os.SEEK_END)

    def write(self, blocks: bytes) -> int:
        """Write whole blocks, as many as fit; all that lay behind is lost."""
        self._loaded()
        if self._is_protected:
            raise OSError(errno.EACCES, "write protected")
        if not blocks or len(blocks) % self._block:
            raise OSError(errno.EINVAL, "no whole number of blocks")
        self._file.truncate()
        self._warn()
        taken = 0
        while taken < len(blocks) and self._has_room(taken):
            self._record(blocks[taken : taken + self._block])
            taken += self._block
        if not taken:
            raise OSError(errno.ENOSPC, "end of the tape")
        return taken

    def mark(self) -> None:
        """Write a filemark; there is always room for one."""
        self._loaded()
        if self._is_protected:
            raise OSError(errno.EACCES, "write protected")
        self._file.truncate()
        self._file.write(_LENGTH.pack(0))
        self._file.flush()
        os.fsync(self._file.fileno())

    def read(self) -> bytes:
        """Read one block; nothing at a filemark; EIO behind the last thing written."""
        self._loaded()
        length = self._length()
        if length is None:
            raise OSError(errno.EIO, "end of data")
        if not length:
            return b""
        if length != self._block:
            self._file.seek(length + _LENGTH.size, os.SEEK_CUR)
            raise OSError(errno.EIO, "a block of another size")
        body = self._file.read(length)
        behind = self._file.read(_LENGTH.size)
        if len(body) < length or behind != _LENGTH.pack(length):
            raise OSError(errno.EIO, "a torn block")
        return body

    def eject(self) -> None:
        """Give the tape out."""
        self._loaded()
        self._is_out = True

    def close(self) -> None:
        """Leave the file."""
        self._file.close()

    def _loaded(self) -> None:
        if self._is_out:
            raise OSError(getattr(errno, "ENOMEDIUM", errno.EIO), "no tape")

    def _length(self) -> int | None:
        head = self._file.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        return int(length)

    def _record(self, block: bytes) -> None:
        length = _LENGTH.pack(len(block))
        self._file.write(length + block + length)

    def _left(self) -> int:
        return self._capacity - self._file.tell()

    def _has_room(self, taken: int) -> bool:
        """Tell whether one more block fits: up to the warning in one write, then one at a time."""
        left = self._left()
        return left >= self._block and (left > self._warning or not taken)

    def _warn(self) -> None:
        if self._left() > self._warning:
            return
        self._is_warned = not self._is_warned
        if self._is_warned:
            raise OSError(errno.ENOSPC, "early warning")
