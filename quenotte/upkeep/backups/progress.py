"""How far a copy or a proof has come: a small file that the worker writes and pages read.

No row: it changes several times a second, and what is half done is worth nothing tomorrow.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings

from quenotte.base import rings
from quenotte.devices.repository.progress import Listener, Progress

#: What was asked for is believed to be about to begin for so long, in seconds.
_SOON_S: Final = 120.0
_EVERY_S: Final = 0.3


class What(StrEnum):
    """What is under way."""

    COPY = "copy"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Told:
    """What is under way at a destination (its id); bytes done, of bytes to do (0: unknown).

    ``pid`` is the process that does it, 0 while it waits for its turn; ``at`` Unix seconds.
    """

    what: str
    destination: str
    pid: int = 0
    done: int = 0
    total: int = 0
    at: float = 0.0

    @property
    def is_proof(self) -> bool:
        """Tell whether it is a proof, else a copy."""
        return self.what == What.PROOF

    @property
    def is_waiting(self) -> bool:
        """Tell whether it was asked for and did not begin yet."""
        return not self.pid

    @property
    def percent(self) -> int | None:
        """Return how much of it is done, None while nobody knows."""
        return min(100, 100 * self.done // self.total) if self.total and self.done else None


def told() -> Told | None:
    """Return what is under way; what a killed process left is nothing."""
    try:
        found = Told(**json.loads(_path().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if found.is_waiting:
        return found if time.time() - found.at < _SOON_S else None
    return found if rings.is_alive(found.pid) else None


def ask(what: What, destination_id: str) -> None:
    """Note that something was asked for: pages say so before it begins."""
    _write(Told(what, destination_id, at=time.time()))


@contextmanager
def listening(what: What, destination_id: str) -> Iterator[Listener]:
    """Give a listener for the work inside; nothing is under way once it is over."""
    begun = Told(what, destination_id, pid=os.getpid(), at=time.time())
    last = [0.0]
    _write(begun)

    def listen(progress: Progress) -> None:
        if time.monotonic() - last[0] >= _EVERY_S:
            last[0] = time.monotonic()
            done = {"done": progress.done_bytes, "total": progress.total_bytes}
            _write(Told(**{**asdict(begun), **done}))

    try:
        yield listen
    finally:
        forget()


def forget() -> None:
    """Note that nothing is under way any more."""
    _path().unlink(missing_ok=True)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "run" / "backup.json"


def _write(found: Told) -> None:
    """Replace the file in one step; a full disk stops no backup."""
    path = _path()
    draft = path.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError):
        draft.write_text(json.dumps(asdict(found)), "utf-8")
        draft.replace(path)
