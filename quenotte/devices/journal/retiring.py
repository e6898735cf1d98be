"""Old steps of the journal leave a folder of ours; a vault lets nothing go, and is never asked to.

The rule: the journal goes back minute by minute for so many days (``KEPT``); further back, copies
do. A step may go when the base that follows it is older than that, and lay there already when a
copy was made that was restored and compared since: by its number, for a clock may have been wrong.
The chain that begins there and all that came later stay whole.
"""

import contextlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from quenotte.devices.journal import deltas, durable
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.deltas import Object, Seal
from quenotte.devices.journal.shelves import Shelves

#: How far back the journal itself leads, at a place where it may be shortened.
KEPT: Final = timedelta(days=14)


def retire(folder: Path, seal: Seal, *, covered: int, now: datetime, is_over: bool = False) -> int:
    """Remove the steps that the rule lets go; return how many.

    ``covered``: the number of the last step that lay here when the proved copy was begun.
    ``is_over``: the journal goes elsewhere by now, to the repository of a later year.

    Raises: OSError.
    """
    kept_from = _kept_from(folder, seal, now - KEPT, covered, is_over=is_over)
    gone = [name for name in Folder(folder).names() if (deltas.sequence_of(name) or 0) < kept_from]
    for name in sorted(gone):
        (folder / name).unlink()
    if gone:
        durable.names_kept(folder)
    return len(gone)


def last_in(folder: Path) -> int:
    """Return the number of the last step that lies in a folder; 0 when there is none."""
    with contextlib.suppress(OSError):
        found = (deltas.sequence_of(name) or 0 for name in Folder(folder).names())
        return max(found, default=0)
    return 0


def held(folder: Path) -> list[tuple[float, int]]:
    """Return when each step came (seconds since 1970) and its size in bytes."""
    found = []
    with contextlib.suppress(OSError):
        for name in Folder(folder).names():
            state = (folder / name).stat()
            found.append((state.st_mtime, state.st_size))
    return found


def _kept_from(folder: Path, seal: Seal, limit: datetime, covered: int, *, is_over: bool) -> int:
    """Return the number from which on steps stay; 0 when all do."""
    shelves: Shelves[Object] = Shelves([Folder(folder)], seal, deltas.opened)
    newest = shelves.newest()
    if newest is None:
        return 0
    if is_over and newest.head.sequence <= covered and _made_at(newest) <= limit:
        return newest.head.sequence + 1
    for base in (one for one in shelves.bases() if one <= covered):
        for name in shelves.names_at(base):
            first = shelves.opened(name)
            if first is not None and _made_at(first) <= limit:
                return base
    return 0


def _made_at(thing: Object) -> datetime:
    return datetime.fromisoformat(thing.head.made_at)
