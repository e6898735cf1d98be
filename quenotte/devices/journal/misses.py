"""A new base that could not be made: why, and for how long it waits; kept in the journal's folder.

Who follows a server begins anew each minute while a place is away: the wait outlives that.
"""

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from quenotte.devices.journal import durable
from quenotte.devices.journal.states import Why

#: Before a base that could not be made is tried again: at first, and at most. In seconds.
_WAIT_S: Final = 60.0
_LONGEST_WAIT_S: Final = 3600.0
_MISSED: Final = "base.missed"


@dataclass(frozen=True)
class Miss:
    """The last try that failed; its time in seconds of the clock on the wall."""

    why: Why
    tried_at: float
    wait_s: float

    def waits(self, now: float) -> bool:
        """Tell whether the next try is still to wait; a clock that went back holds up nothing."""
        return 0 <= now - self.tried_at < self.wait_s


def missed(before: Miss | None, why: Why, now: float) -> Miss:
    """Return the miss after one more try failed: each waits twice as long as the one before."""
    wait_s = _WAIT_S if before is None else min(_LONGEST_WAIT_S, 2 * before.wait_s)
    return Miss(why, now, wait_s)


def keep(folder: Path, miss: Miss) -> None:
    """Keep it where the next one who follows looks; a disk that is full may refuse."""
    with contextlib.suppress(OSError):
        durable.kept(folder / _MISSED, json.dumps(asdict(miss)).encode())


def kept(folder: Path) -> Miss | None:
    """Return the miss that was kept; None when there is none, or nothing that can be read."""
    try:
        words: dict[str, Any] = json.loads((folder / _MISSED).read_text("utf-8"))
        return Miss(Why(words["why"]), float(words["tried_at"]), float(words["wait_s"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget(folder: Path) -> None:
    """Forget it: a base was made."""
    with contextlib.suppress(OSError):
        (folder / _MISSED).unlink(missing_ok=True)
