"""The window of the grid as bytes: written once for all the screens that show the same days."""

import hashlib
import json
import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from quenotte.base.live import queries as live
from quenotte.care.agenda.queries.week import window

#: What open pages hear of each change of the agenda.
EVENT: Final = "agenda"
#: Each change of the agenda that somebody makes is a live event, so those that came since tell
#: whether a window is still true. What changes without one (a name, a stray appointment of united
#: records) is seen after this long, in seconds.
KEPT_S: Final = 1.0
#: Windows held at once; a week of 400 appointments is some 40 kB.
_PLACES: Final = 32

_Key = tuple[UUID, date, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A window as JSON, and the tag by which a browser knows that it has it already."""

    body: bytes
    tag: str


_kept: dict[_Key, tuple[frozenset[int], float, Written]] = {}
_lock = threading.Lock()


def written(practice_id: UUID, first: date, days: int) -> Written:
    """Return the window as the grid reads it, without the clock: that is not a change.

    Forty screens that hear of one booking ask for the same days in the same second.
    """
    key = (practice_id, first, days)
    # Read before the window: a change that comes in between makes it old, never the reverse.
    recent = live.recent_ids()
    with _lock:
        seen, until, found = _kept.get(key, (frozenset(), 0.0, None))
    if found is not None and time.monotonic() < until and _is_still_true(key, recent - seen):
        _keep(key, recent, until, found)
        return found
    shown = window(practice_id, first, days)
    shown.pop("now")
    body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    fresh = Written(body, hashlib.sha256(body).hexdigest()[:32])
    _keep(key, recent, time.monotonic() + KEPT_S, fresh)
    return fresh


def _keep(key: _Key, seen: frozenset[int], until: float, written: Written) -> None:
    with _lock:
        while key not in _kept and len(_kept) >= _PLACES:
            _kept.pop(next(iter(_kept)))
        _kept[key] = (seen, until, written)


def _is_still_true(key: _Key, new: frozenset[int]) -> bool:
    """Tell whether none of these events is about a window."""
    if len(new) >= live.RECENT:
        # More may have happened than we look back at, and reading all of it costs as much.
        return False
    return not new or not any(_touches(key, event) for event in live.told_by(new))


def _touches(key: _Key, event: live.Told) -> bool:
    """Tell whether an event may change a window; only what surely does not is left aside."""
    practice_id, first, days = key
    if event.practice_id not in {None, practice_id}:
        return False
    touched = event.data.get("days") if event.name == EVENT else None
    if not touched or "pins" in event.data:
        return True
    last = first + timedelta(days=days - 1)
    return any(first <= date.fromisoformat(day) <= last for day in touched)
