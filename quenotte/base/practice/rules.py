"""Decisions about a practice, on plain values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

#: What the gestionnaire edits.
EDITABLE: Final = (
    "name",
    "address",
    "postcode",
    "town",
    "phone",
    "email",
    "finess",
    "rpps",
)

#: A browser that nobody touches is locked after so long, in seconds, unless a gestionnaire
#: chose otherwise for that workstation.
IDLE_LOCK_S: Final = 300
#: Nobody may choose more, in seconds. Source: Ségur du numérique (two hours).
LONGEST_IDLE_S: Final = 7200

T = TypeVar("T")


def stamp(values: Mapping[str, object]) -> str:
    """Return a digest of editable values: what a form was filled from."""
    shown = json.dumps({name: str(value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def moved(items: Sequence[T], item: T, step: int) -> list[T]:
    """Return ``items`` with ``item`` moved by ``step`` places, as far as the ends allow."""
    order = [other for other in items if other != item]
    place = list(items).index(item) + step
    order.insert(min(max(place, 0), len(order)), item)
    return order
