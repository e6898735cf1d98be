"""What the journal says of itself at each turn, for whoever shows it: one small file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quenotte.devices.journal import durable
from quenotte.devices.journal.memory import Hole


@dataclass(frozen=True)
class Delivered:
    """How one carrier stands."""

    name: str
    #: The last object that it has.
    sequence: int
    #: The practice can be brought back from it as it was then (ISO 8601); empty: not yet.
    current_to: str
    #: What it said when it refused; empty when it did not.
    trouble: str


@dataclass(frozen=True)
class Status:
    """How the journal stood at its last turn; times are ISO 8601, in UTC."""

    chain: str
    why: str
    sentence: str
    sequence: int
    shipped_at: str
    proved_at: str
    waiting_bytes: int
    holes: tuple[Hole, ...]
    carriers: tuple[Delivered, ...]
    written_at: str
    #: Since when the chain stands like that; empty where an older program said it.
    since: str = ""


def write(folder: Path, status: Status) -> None:
    """Say it. Raises: OSError."""
    durable.kept(folder / "status.json", json.dumps(asdict(status)).encode())


def read(folder: Path) -> Status | None:
    """Return what was said last; None when nothing was, or nothing that can be read."""
    try:
        words: dict[str, Any] = json.loads((folder / "status.json").read_text("utf-8"))
        holes: Sequence[dict[str, Any]] = words.pop("holes")
        carriers: Sequence[dict[str, Any]] = words.pop("carriers")
        return Status(
            **words,
            holes=tuple(Hole(**hole) for hole in holes),
            carriers=tuple(Delivered(**carrier) for carrier in carriers),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
