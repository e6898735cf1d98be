"""The window of the grid as bytes: written once for all the screens that show the same days."""

import hashlib
import json
import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from quenotte.base.live.queries import newest_id
from quenotte.care.agenda.queries.week import window

#: Every change of the agenda is a live event, so the number of the newest one tells whether a
#: window is still true. What changes without one (a name in the accounts) is seen after this
#: long, in seconds.
KEPT_S: Final = 1.0
#: Windows held at once; a week of 400 appointments is some 40 kB.
_PLACES: Final = 32

_Key = tuple[UUID, date, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A window as JSON, and the tag by which a browser knows that it has it already."""

    body: bytes
    tag: str


_kept: dict[_Key, tuple[int, float, Written]] = {}
_lock = threading.Lock()


def written(practice_id: UUID, first: date, days: int) -> Written:
    """Return the window as the grid reads it, without the clock: that is not a change.

    Forty screens that hear of one booking ask for the same days in the same second.
    """
    key = (practice_id, first, days)
    # Read before the window: a change that comes in between makes it old, never the reverse.
    newest = newest_id()
    with _lock:
        number, until, found = _kept.get(key, (-1, 0.0, None))
    if found is not None and number == newest and time.monotonic() < until:
        return found
    shown = window(practice_id, first, days)
    shown.pop("now")
    body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    fresh = Written(body, hashlib.sha256(body).hexdigest()[:32])
    with _lock:
        while len(_kept) >= _PLACES:
            _kept.pop(next(iter(_kept)))
        _kept[key] = (newest, time.monotonic() + KEPT_S, fresh)
    return fresh
