"""What a tape drive can do, and the real one: Linux's ``st`` driver through its ioctls.

Source: ``linux/mtio.h``; the kernel's documentation of the SCSI tape driver.
"""

import errno
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn, Protocol

from quenotte.devices.media import messages
from quenotte.devices.media.errors import Full, MediaError, NoAnswer

#: Bytes of each block; a stock ``tar -b 512`` reads them.
BLOCK_BYTES: Final = 256 * 1024


class NotATape(MediaError):
    """The device is no tape drive."""

    message = messages.NOT_A_TAPE
    next_step = messages.NOT_A_TAPE_NEXT


class NoTape(MediaError):
    """The drive is empty."""

    message = messages.NO_TAPE
    next_step = messages.NO_TAPE_NEXT


class Protected(MediaError):
    """The tape may not be written."""

    message = messages.PROTECTED
    next_step = messages.PROTECTED_NEXT


class TapeDamaged(MediaError):
    """A block cannot be read, or is not of the size that we write."""

    message = messages.TAPE_DAMAGED
    next_step = messages.TAPE_DAMAGED_NEXT


@dataclass(frozen=True, slots=True)
class Status:
    """What a drive says of itself."""

    is_loaded: bool
    is_protected: bool
    #: Behind the last thing that was written: an error of reading there is no damage.
    is_at_end: bool
    is_simulated: bool


class TapeDevice(Protocol):
    """A drive with blocks of a fixed size, which goes forward only, but for a rewind.

    Each method raises OSError as the driver does: ENOSPC past the early warning (the next write
    is let through, for a trailer) and at the end; EIO for a block that cannot be read; EINVAL
    for a count that is no whole number of blocks.
    """

    def status(self) -> Status:
        """Return what the drive says."""
        ...

    def rewind(self) -> None:
        """Go to the begin."""
        ...

    def forward(self, files: int) -> None:
        """Go behind so many filemarks. EIO when there are fewer."""
        ...

    def to_end(self) -> None:
        """Go behind the last thing that was written."""
        ...

    def write(self, blocks: bytes) -> int:
        """Write whole blocks; what lay behind is lost. Return how many bytes were taken."""
        ...

    def mark(self) -> None:
        """Write a filemark, and wait until all of it is on the tape."""
        ...

    def read(self) -> bytes:
        """Read one block. Nothing at a filemark, once (the next read is behind it)."""
        ...

    def eject(self) -> None:
        """Wind the tape back and give it out: from then on the drive is empty."""
        ...

    def close(self) -> None:
        """Leave the drive."""
        ...


_MTIOCTOP: Final = 0x40086D01
_MTIOCGET: Final = 0x80306D02
_OPERATION: Final = struct.Struct("hi")
_STATE: Final = struct.Struct("lllllii")
_FORWARD: Final = 1
_MARK: Final = 5
_REWIND: Final = 6
_OUT: Final = 7
_END: Final = 12
_BLOCK_SIZE: Final = 20
_AT_END: Final = 0x08000000
_PROTECTED: Final = 0x04000000
_DOOR_OPEN: Final = 0x00040000


class LinuxTape:
    """A drive that does not rewind by itself: ``/dev/nst0``."""

    def __init__(self, path: Path) -> None:
        """Open the drive. Raises: NotATape, NoTape, Protected, MediaError."""
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            if error.errno not in (errno.EROFS, errno.EACCES):
                tape_told(error)
            self._handle = _read_only(path)
        try:
            self._do(_BLOCK_SIZE, BLOCK_BYTES)
        except OSError as error:
            os.close(self._handle)
            tape_told(error)

    def status(self) -> Status:
        """Ask the driver."""
        state = bytes(self._ioctl(_MTIOCGET, bytes(_STATE.size)))
        flags = _STATE.unpack(state)[4]
        return Status(
            is_loaded=not flags & _DOOR_OPEN,
            is_protected=bool(flags & _PROTECTED),
            is_at_end=bool(flags & _AT_END),
            is_simulated=False,
        )

    def rewind(self) -> None:
        """Go to the begin."""
        self._do(_REWIND, 1)

    def forward(self, files: int) -> None:
        """Go behind so many filemarks."""
        if files:
            self._do(_FORWARD, files)

    def to_end(self) -> None:
        """Go behind the last thing that was written."""
        self._do(_END, 1)

    def write(self, blocks: bytes) -> int:
        """Write whole blocks."""
        return os.write(self._handle, blocks)

    def mark(self) -> None:
        """Write a filemark; the driver empties its buffer before it returns."""
        self._do(_MARK, 1)

    def read(self) -> bytes:
        """Read one block."""
        return os.read(self._handle, BLOCK_BYTES)

    def eject(self) -> None:
        """Wind back and unload."""
        self._do(_OUT, 1)

    def close(self) -> None:
        """Leave the drive."""
        os.close(self._handle)

    def _do(self, operation: int, count: int) -> None:
        self._ioctl(_MTIOCTOP, _OPERATION.pack(operation, count))

    def _ioctl(self, number: int, body: bytes) -> bytes:
        # There is none on Windows, where no tape is offered.
        import fcntl

        return fcntl.ioctl(self._handle, number, body)


def _read_only(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        tape_told(error)


def tape_told(error: OSError) -> NoReturn:
    """Say in our words what the driver said in its own. Raises: MediaError."""
    kinds: dict[int | None, type[MediaError]] = {
        errno.ENOTTY: NotATape,
        errno.ENODEV: NotATape,
        # Windows has no such number, and no tape either.
        getattr(errno, "ENOMEDIUM", -1): NoTape,
        errno.EROFS: Protected,
        errno.EACCES: Protected,
        errno.EPERM: Protected,
        errno.ENOSPC: Full,
        errno.EIO: TapeDamaged,
        errno.EINVAL: TapeDamaged,
        errno.ENOMEM: TapeDamaged,
    }
    raise kinds.get(error.errno, NoAnswer) from error
