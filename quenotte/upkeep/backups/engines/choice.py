"""Which engine holds the practice, and which one a copy is of."""

from typing import Final

from django.db import connection

from quenotte.upkeep.backups.engines.forms import Engine
from quenotte.upkeep.backups.engines.postgres import PostgreSQL
from quenotte.upkeep.backups.engines.sqlite import SQLite

_ENGINES: Final[dict[str, type[Engine]]] = {"sqlite": SQLite, "postgresql": PostgreSQL}


def engine() -> Engine:
    """Return the engine of the database in use."""
    return engine_named(connection.vendor)


def engine_named(name: str) -> Engine:
    """Return an engine by the name that a manifest gives it. Raises: KeyError."""
    return _ENGINES[name]()
