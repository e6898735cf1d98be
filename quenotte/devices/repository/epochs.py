"""Epochs: a repository is written for a year, then a new one begins beside it.

Nothing is deleted within a repository, so whole years retire. The first lies at the place itself,
later ones at ``PLACE/2027``, ``PLACE/2028``: each has its own master key.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.repository.opening import is_server, open_store
from quenotte.devices.repository.store import CONFIG, Store

_YEAR: Final = re.compile(r"20\d\d")
#: On a server, years are asked for one by one: as many as records are kept.
_YEARS_ASKED: Final = 20


def place_of(place: str, year: int) -> str:
    """Return where the epoch of a year lies, for an address as for a folder."""
    return f"{place.rstrip('/')}/{year}" if is_server(place) else str(Path(place) / str(year))


def existing(place: str, *, on: date, open_at: Callable[[str], Store] = open_store) -> list[str]:
    """Return the epochs of a place, newest first; years after ``on`` are not looked at.

    ``open_at`` returns the store of an address, with what is needed to trust it.

    Raises: Refused, Unreachable.
    """
    years = _years(place, on)
    places = [*(place_of(place, year) for year in sorted(years, reverse=True)), place]
    return [one for one in places if open_at(one).size(CONFIG, "") is not None]


def newest(place: str, *, on: date) -> str | None:
    """Return the epoch to write to and to restore from, None when there is no repository."""
    found = existing(place, on=on)
    return found[0] if found else None


def is_due(begun_at: datetime, *, on: date) -> bool:
    """Tell whether a new epoch should begin: the current one is of another year."""
    return on.year > begun_at.year


def _years(place: str, on: date) -> list[int]:
    if is_server(place):
        return list(range(on.year - _YEARS_ASKED, on.year + 1))
    folder = Path(place)
    names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    return [int(name) for name in names if _YEAR.fullmatch(name) and int(name) <= on.year]
