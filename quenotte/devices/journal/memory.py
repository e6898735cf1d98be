"""What the journal remembers between two starts, in one small file."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from quenotte.devices.journal import durable
from quenotte.devices.journal.deltas import Head
from quenotte.devices.journal.frames import Position

#: How many breaks are remembered.
_HOLES: Final = 50


@dataclass(frozen=True)
class Hole:
    """A break of the chain: moments between two objects to which nobody can go back."""

    #: The last object before it, and the first after.
    after: int
    before: int
    why: str
    at: str


@dataclass(frozen=True)
class Told:
    """What a journal says of its chain; times are ISO 8601, in UTC."""

    sequence: int
    shipped_at: str
    proved_at: str
    holes: tuple[Hole, ...]


@dataclass(frozen=True)
class Memory:
    """Where the chain stands."""

    sequence: int = 0
    previous: str = ""
    #: Where the base begins that deltas build on; 0: there is none.
    base: int = 0
    page_size: int = 0
    total: str = ""
    position: Position | None = None
    shipped_at: str = ""
    proved_at: str = ""
    #: Sent for the base, and since then, in bytes.
    base_bytes: int = 0
    later_bytes: int = 0
    holes: tuple[Hole, ...] = field(default=())

    def after(self, head: Head, name: str, *, sent: int) -> "Memory":
        """Return what is remembered after a whole step, of which ``head`` is the last object."""
        is_base = head.kind == "base"
        return replace(
            self,
            sequence=head.sequence,
            previous=name.partition("-")[2],
            base=head.base,
            page_size=head.page_size,
            total=head.total,
            position=head.place,
            shipped_at=head.made_at,
            base_bytes=sent if is_base else self.base_bytes,
            later_bytes=0 if is_base else self.later_bytes + sent,
        )

    def with_hole(self, after: int, before: int, why: str, at: str) -> "Memory":
        """Return what is remembered after a break was declared."""
        return replace(self, holes=(*self.holes, Hole(after, before, why, at))[-_HOLES:])


def load(path: Path) -> Memory:
    """Return what was remembered; nothing when the file is missing or cannot be read."""
    try:
        words: dict[str, Any] = json.loads(path.read_text("utf-8"))
        holes = tuple(Hole(**hole) for hole in words.pop("holes"))
        place = words.pop("position")
        position = place and Position(
            tuple(place["salts"]), int(place["frames"]), tuple(place["checksum"])
        )
        return Memory(**words, holes=holes, position=position)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Memory()


def save(path: Path, memory: Memory) -> None:
    """Remember durably. Raises: OSError."""
    durable.kept(path, json.dumps(asdict(memory)).encode())
