"""The file that a C-STORE fills while it arrives.

Source: DICOM PS3.10 section 7.1 (file meta information), PS3.7 section 9.3.1.
"""

import enum
import logging
import os
import secrets
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import psutil
from pydicom.uid import UID

logger = logging.getLogger(__name__)

SUFFIX = ".part"

# Fixed for ever, on purpose: the same object sent twice must give the same file,
# hence the same hash. Neither the sender nor our version may enter group 2.
IMPLEMENTATION_CLASS_UID = UID("2.25.316905297683045201935561784320471263018")
IMPLEMENTATION_VERSION_NAME = "QUENOTTE"


def is_left_over(part: Path) -> bool:
    """Tell whether the process that was writing this part file is gone.

    Names begin with the writer's process id, as all unfinished files of the folder do.
    """
    writer = part.name.split("-", 1)[0]
    try:
        started_at = psutil.Process(int(writer)).create_time()
        return part.stat().st_mtime < started_at
    except psutil.AccessDenied:
        return False
    except (ValueError, OSError, psutil.NoSuchProcess):
        return True


class Refused(enum.Enum):
    """Why the bytes of an object are being thrown away."""

    NO_ROOM = enum.auto()
    TOO_BIG = enum.auto()
    DISK = enum.auto()
    CLOSING = enum.auto()


def _padded(uid: str) -> bytes:
    raw = uid.encode("ascii", "replace")
    return raw + b"\0" * (len(raw) % 2)


def _short(element: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", 2, element, vr, len(value)) + value


def file_head(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Return preamble, `DICM` and group 2 for a data set stored as received.

    Source: DICOM PS3.10 section 7.1.
    """
    version_name = IMPLEMENTATION_VERSION_NAME.encode()
    group = b"".join(
        (
            struct.pack("<HH2sHL", 2, 1, b"OB", 0, 2) + b"\x00\x01",
            _short(0x0002, b"UI", _padded(sop_class_uid)),
            _short(0x0003, b"UI", _padded(sop_instance_uid)),
            _short(0x0010, b"UI", _padded(transfer_syntax_uid)),
            _short(0x0012, b"UI", _padded(IMPLEMENTATION_CLASS_UID)),
            _short(0x0013, b"SH", version_name + b" " * (len(version_name) % 2)),
        )
    )
    return bytes(128) + b"DICM" + _short(0x0000, b"UL", struct.pack("<L", len(group))) + group


class PartFile(BytesIO):
    """What pynetdicom believes to be its in-memory data set: bytes go to a file.

    A refused part keeps draining, since an answer sent before the last fragment
    confuses many devices; it keeps no byte.
    """

    def __init__(
        self, folder: Path, head: bytes, *, limit: int, refused: Refused | None = None
    ) -> None:
        super().__init__()
        self.path = folder / f"{os.getpid()}-{secrets.token_hex(12)}{SUFFIX}"
        self.refused = refused
        self._room = limit
        self._file = -1
        if refused is None:
            self._attempt(lambda: self._create(head))

    @property
    def is_open(self) -> bool:
        """Tell whether bytes are still being kept on disk."""
        return self._file >= 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Keep one fragment; return its length in bytes, kept or not."""
        length = len(data)
        if self.is_open:
            self._room -= length
            if self._room < 0:
                self._give_up(Refused.TOO_BIG)
            else:
                self._attempt(lambda: self._write_all(data))
        return length

    def finish(self) -> None:
        """Put the last byte on the disk and close the file."""
        if self.is_open:
            self._attempt(lambda: os.fsync(self._file))
        self._close()

    def discard(self) -> None:
        """Close and remove the file, if it is still there."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _create(self, head: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._file = os.open(self.path, flags, 0o600)
        self._write_all(head)

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]

    def _attempt(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            logger.error("cannot keep an arriving object: %s", os.strerror(error.errno or 0))
            self._give_up(Refused.DISK)

    def _give_up(self, reason: Refused) -> None:
        self.refused = reason
        self.discard()

    def _close(self) -> None:
        if self._file >= 0:
            descriptor, self._file = self._file, -1
            os.close(descriptor)
