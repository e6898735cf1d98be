"""Epochs: a repository is written for a year, then a new one begins beside it.

Nothing is deleted within a repository, so whole years retire. The first lies at the place itself,
later ones at ``PLACE/2027``, ``PLACE/2028``. A new year goes on under the same master key; one
that a leaked paper calls for has a key of its own, and a name of its own where the year has begun:
``PLACE/2027-2``. An epoch is told by a number: 0, 2027, 20272.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from quenotte.devices.repository.opening import is_server, open_store
from quenotte.devices.repository.store import CONFIG, Store

_NAME: Final = re.compile(r"(20\d\d)(?:-([2-9]))?")
#: On a server, years are asked for one by one: as many as records are kept.
_YEARS_ASKED: Final = 20
#: From here on a number tells a year and which of its epochs.
_SEVERAL: Final = 10_000


def place_of(place: str, epoch: int) -> str:
    """Return where an epoch lies, for an address as for a folder; 0 is the place itself."""
    if not epoch:
        return place
    name = str(epoch) if epoch < _SEVERAL else f"{epoch // 10}-{epoch % 10}"
    return f"{place.rstrip('/')}/{name}" if is_server(place) else str(Path(place) / name)


def year_in(epoch: int) -> int:
    """Return the year of an epoch, 0 for the one at the place itself."""
    return epoch if epoch < _SEVERAL else epoch // 10


def following(epoch: int, year: int) -> int | None:
    """Return the epoch that a new master key begins after another, None when there is no more."""
    if year_in(epoch) < year:
        return year
    if epoch < _SEVERAL:
        return epoch * 10 + 2
    return epoch + 1 if epoch % 10 < 9 else None


def existing(place: str, *, on: date, open_at: Callable[[str], Store] = open_store) -> list[str]:
    """Return the epochs of a place, newest first; years after ``on`` are not looked at.

    ``open_at`` returns the store of an address, with what is needed to trust it.

    Raises: Refused, Unreachable.
    """
    found = [*_epochs(place, on, open_at)]
    found.sort(key=lambda epoch: (year_in(epoch), epoch), reverse=True)
    places = [*(place_of(place, epoch) for epoch in found), place]
    return [one for one in places if open_at(one).size(CONFIG, "") is not None]


def newest(place: str, *, on: date) -> str | None:
    """Return the epoch to write to and to restore from, None when there is no repository."""
    found = existing(place, on=on)
    return found[0] if found else None


def due(begun: int, *, on: date, last: int | None) -> int | None:
    """Return the year whose epoch should begin now; None while the one in use goes on.

    ``begun``: the year of the one in use; ``last``: that of the last copy. A clock that jumped by
    more than a year begins nothing: who looks for copies later would look past that year.
    """
    is_believed = last is None or on.year - last <= 1
    return on.year if on.year > begun and is_believed else None


def horizon(on: date) -> date:
    """Return up to when years are looked for: a machine elsewhere may be in the next one."""
    return date(on.year + 1, 12, 31)


def epoch_of(place: str, root: str) -> int:
    """Return which epoch of ``root`` lies at a place; 0 for the one at ``root`` itself."""
    if place == root:
        return 0
    found = _NAME.fullmatch(place.rstrip("/\\").replace("\\", "/").rpartition("/")[2])
    return _number(found) if found else 0


def _number(found: re.Match[str]) -> int:
    return int(found[1]) * 10 + int(found[2]) if found[2] else int(found[1])


def _epochs(place: str, on: date, open_at: Callable[[str], Store]) -> Iterator[int]:
    """Yield what may be epochs of a place: by the names in a folder, by asking a server."""
    if is_server(place):
        for year in range(on.year - _YEARS_ASKED, on.year + 1):
            epoch: int | None = year
            while epoch and open_at(place_of(place, epoch)).size(CONFIG, "") is not None:
                yield epoch
                epoch = following(epoch, year)
        return
    folder = Path(place)
    names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    for found in filter(None, map(_NAME.fullmatch, names)):
        if int(found[1]) <= on.year:
            yield _number(found)
