"""What every medium can do: files under names, written once, each proved by its SHA-256."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from quenotte.devices.media import messages
from quenotte.devices.media.errors import BadName
from quenotte.devices.media.sorts import Sort

_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,126}")
_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on a medium. ``put_at`` is aware: when the medium got it."""

    name: str
    size_bytes: int
    sha256: str
    put_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """Something on a medium that is not as it was written."""

    sort: Sort
    name: str

    def __str__(self) -> str:
        return messages.FLAWS[self.sort].format(name=self.name)


class Carrier(Protocol):
    """A disk, a set of discs, a tape, a cloud. Each method may raise MediaError.

    Nothing is ever replaced or deleted: a carrier has no such word.
    """

    def put(self, name: str, source: Path) -> None:
        """Write a file; putting the same bytes again changes nothing.

        Raises: BadName, Otherwise, Full.
        """
        ...

    def list(self) -> Sequence[Kept]:
        """Return what is there, oldest first."""
        ...

    def get(self, name: str, target: Path) -> None:
        """Bring a file back, proved by its hash. Raises: Absent, Damaged."""
        ...

    def verify(self) -> Sequence[Finding]:
        """Read everything and return what is not as it was written; nothing is a good answer."""
        ...

    def as_of(self, time: datetime) -> "Carrier":
        """Return the same medium as it was, to read only. Raises: NoPast."""
        ...


def checked(name: str) -> str:
    """Return ``name`` when every medium can hold it: parts of letters and digits, with slashes.

    Raises: BadName.
    """
    if len(name) > 240 or not all(_PART.fullmatch(part) for part in name.split("/")):
        raise BadName
    return name


def digest_of(path: Path) -> tuple[str, int]:
    """Return the SHA-256 of a file, in hexadecimal, and its size in bytes. Raises: OSError."""
    told, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            told.update(piece)
            size += len(piece)
    return told.hexdigest(), size
