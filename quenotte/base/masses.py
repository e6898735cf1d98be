"""Much changes at once, and it is meant: said by the room that does it, heard by who guards copies.

An import looks like an attack to whoever compares two copies. Rooms say what they do within their
work and know nothing of copies; `upkeep` hears it (`heard_by`) and keeps a signed note.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.apps import apps
from django.utils import timezone


class Mass(StrEnum):
    """What changes much at once. Values are stored."""

    IMPORT = "import"
    MIGRATION = "migration"
    REWRITING = "rewriting"
    PURGE = "purge"
    UNION = "union"


@dataclass(frozen=True, slots=True)
class Said:
    """What a room did since a moment (aware) to some tables.

    ``rows``: it touched no more of each table; 0: it did not count.
    """

    mass: Mass
    since: datetime
    tables: frozenset[str]
    rows: int = 0


Hear = Callable[[Said], None]
_hearers: list[Hear] = []


def heard_by(hear: Hear) -> None:
    """Name who hears of it."""
    _hearers[:] = [hear]


def declare(mass: Mass, *models: str, since: datetime | None = None, rows: int = 0) -> None:
    """Say what was done to some models (``app.Model``), within the transaction that did it.

    Called before the line of the journal, whose lock is held to the end. Raises: LookupError.
    """
    tables = frozenset(apps.get_model(one)._meta.db_table for one in models)
    for hear in _hearers:
        hear(Said(mass, since or timezone.now(), tables, rows))
