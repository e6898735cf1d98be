"""What may be looked at as it was, and what of it may be brought back: said by the rooms.

`upkeep` compares rows of a copy with those of today without knowing what they are; a door tells it
where to begin, which rows belong to that, and which of them may come back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from quenotte.base.audit.rules import Actor


@dataclass(frozen=True)
class Selection:
    """Rows of a model (``app.Model``) by a filter; ``title`` as it is shown."""

    model: str
    filters: Mapping[str, Any]
    title: str
    patient_id: UUID | None = None


@dataclass(frozen=True)
class Door:
    """One thing that people look for in the past.

    ``find`` reads what somebody typed, None when it means nothing to her; ``followed`` are models
    that refer to the first one; ``given_back`` those whose rows may come back; ``after`` is called
    once they have.
    """

    key: str
    label: object
    hint: object
    find: Callable[[Actor, str], Selection | None]
    followed: tuple[str, ...] = ()
    given_back: frozenset[str] = field(default_factory=frozenset)
    after: Callable[[Actor, Selection], None] = lambda _actor, _selection: None


_doors: dict[str, Door] = {}


def register(door: Door) -> None:
    """Offer a door; one of the same key gives way."""
    _doors[door.key] = door


def doors() -> list[Door]:
    """Return the doors in the order in which they were offered."""
    return list(_doors.values())


def door(key: str) -> Door | None:
    """Return a door by its key."""
    return _doors.get(key)
