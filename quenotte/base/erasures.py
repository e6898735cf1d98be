"""What was erased at a person's demand: noted beside the database, done again after each return.

Copies are never changed, so one of last month still holds what was erased last week. The notes
travel with each copy; whoever comes back takes those of the newest copy of all, and nobody logs in
before they were carried out. A note holds a kind and an internal id, nothing about a person.

Rooms that erase call `note` within their work and register how it is done again (`register`).
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

#: In the data folder, and in each copy of it.
NAME: Final = "erasures.jsonl"

_again: dict[str, Callable[[str], None]] = {}


class UnknownErasure(Exception):
    """Something was erased that this version does not know how to erase."""


@dataclass(frozen=True)
class Erasure:
    """One demand that was carried out; ``at`` is an instant with its zone (ISO 8601)."""

    kind: str
    object_id: str
    at: str


def register(kind: str, again: Callable[[str], None]) -> None:
    """Say how an erasure of this kind is done again; it finds it done most of the time."""
    _again[kind] = again


def note(kind: str, object_id: str, *, at: datetime) -> None:
    """Note an erasure durably, before it is carried out. Raises: OSError."""
    line = json.dumps(asdict(Erasure(kind, object_id, at.isoformat()))) + "\n"
    path = _path()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def noted() -> list[Erasure]:
    """Return every note, each once; a line that was torn by a power cut is none."""
    try:
        lines = _path().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = dict.fromkeys(filter(None, map(_read, lines)))
    return list(found)


def carry_out_again() -> int:
    """Carry out every erasure that was noted; return how many.

    Raises: UnknownErasure: the practice must then stay closed.
    """
    notes = noted()
    unknown = {one.kind for one in notes} - _again.keys()
    if unknown:
        raise UnknownErasure(", ".join(sorted(unknown)))
    for one in notes:
        _again[one.kind](one.object_id)
    return len(notes)


def _read(line: str) -> Erasure | None:
    try:
        told = json.loads(line)
        return Erasure(str(told["kind"]), str(told["object_id"]), str(told["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
