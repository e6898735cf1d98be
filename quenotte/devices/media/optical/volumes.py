"""How files are cut in volumes. Pure: sizes in, pieces out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from quenotte.devices.media import messages
from quenotte.devices.media.errors import MediaError

SECTOR_BYTES: Final = 2048
#: What is added so that damaged sectors can be recomputed.
PARITY_PERCENT: Final = 10
#: Sizes of discs, in bytes, a little under what drives write.
CAPACITIES: Final = {
    "cd": 700_000_000,
    "dvd": 4_700_000_000,
    "bd": 25_000_000_000,
    "bd-dl": 50_000_000_000,
    "bd-xl": 100_000_000_000,
}
_LEAST_BYTES: Final = 2 << 20
#: Directory, path table, instructions, checksums of the session.
_FRAME_BYTES: Final = 600 << 10
#: A file's lines in the manifest, and its records in the directory.
_FILE_BYTES: Final = 1024
#: Blocks of parity: more of them mend more scattered damage, and take longer.
_BLOCKS: Final = 800


class TooSmall(MediaError):
    """A disc of that size holds nothing."""

    message = messages.TOO_SMALL
    next_step = messages.TOO_SMALL_NEXT


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or a part of it, on one volume (counted from 1). Sizes in bytes."""

    name: str
    volume: int
    offset: int
    size_bytes: int
    #: How many pieces the file has, and which this is (from 1).
    number: int = 1
    of: int = 1

    @property
    def path(self) -> str:
        """Return where it lies on its disc; parts in order are the file (``cat``)."""
        part = f".partie-{self.number:03}" if self.of > 1 else ""
        return f"contenu/{self.name}{part}"


def plan(files: Sequence[tuple[str, int]], capacity_bytes: int) -> list[Piece]:
    """Cut files in volumes of discs that hold ``capacity_bytes``, in their order.

    A file that fits on one disc is never cut. Raises: TooSmall.
    """
    room = _room(len(files), capacity_bytes)
    pieces: list[Piece] = []
    volume, left = 1, room
    for name, size in files:
        if _cost(size) > left and left < room:
            volume, left = volume + 1, room
        for piece in _cut(name, size, room, volume):
            pieces.append(piece)
            if piece.volume != volume:
                volume, left = piece.volume, room
            left -= _cost(piece.size_bytes)
    return pieces


def block_bytes(sizes: Sequence[int]) -> int:
    """Return the size of the blocks of parity: whole sectors, so that a bad one costs one."""
    wanted = sum(sizes) // _BLOCKS
    return max(1, -(-wanted // SECTOR_BYTES)) * SECTOR_BYTES


def _room(files: int, capacity_bytes: int) -> int:
    if capacity_bytes < _LEAST_BYTES:
        raise TooSmall
    room = (capacity_bytes - _FRAME_BYTES - files * _FILE_BYTES) * 100 // (103 + PARITY_PERCENT)
    if room < capacity_bytes // 2:
        raise TooSmall
    return room


def _cost(size: int) -> int:
    return -(-size // SECTOR_BYTES) * SECTOR_BYTES


def _cut(name: str, size: int, room: int, volume: int) -> Iterator[Piece]:
    step = room // SECTOR_BYTES * SECTOR_BYTES
    parts = max(1, -(-size // step))
    for number in range(parts):
        offset = number * step
        yield Piece(name, volume + number, offset, min(step, size - offset), number + 1, parts)
