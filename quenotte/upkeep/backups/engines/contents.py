"""What a database holds, in figures: rows of each table, a hash of all, schema, last line.

The same figures are taken of the copy before it is sent and of the database that came back.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Contents:
    """The figures of a database; ``migrations`` is the last one of each app.

    ``hash`` is over all that it holds: over the file for SQLite, over each row for PostgreSQL.
    """

    engine: str
    tables: Mapping[str, int]
    hash: str
    schema: str
    migrations: Mapping[str, str]
    #: The last line of the journal of accesses: its number and its seal.
    journal: tuple[int, str]
    #: The files that rows speak of: how many, and their bytes.
    blobs: tuple[int, int]

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(self.tables.values())


def read(told: dict[str, Any]) -> Contents:
    """Return the figures that were written as JSON. Raises: KeyError, TypeError, ValueError."""
    return Contents(
        engine=str(told["engine"]),
        tables={str(name): int(rows) for name, rows in told["tables"].items()},
        hash=str(told["hash"]),
        schema=str(told["schema"]),
        migrations=dict(told["migrations"]),
        journal=(int(told["journal"][0]), str(told["journal"][1])),
        blobs=(int(told["blobs"][0]), int(told["blobs"][1])),
    )


class Asked(Protocol):
    """What is asked in the same words of both engines."""

    @property
    def tables(self) -> Mapping[str, int]:
        """The rows of each table."""

    def ask(self, question: str, /) -> list[tuple[Any, ...]]:
        """Ask a question, return its rows."""


def migrations(asked: Asked) -> dict[str, str]:
    """Return the last migration of each app."""
    if "django_migrations" not in asked.tables:
        return {}
    return dict(asked.ask("SELECT app, MAX(name) FROM django_migrations GROUP BY app ORDER BY app"))


def journal(asked: Asked) -> tuple[int, str]:
    """Return the number and the seal of the last line of the journal of accesses."""
    question = "SELECT number, seal FROM base_line ORDER BY number DESC LIMIT 1"
    found = asked.ask(question) if "base_line" in asked.tables else []
    return (int(found[0][0]), str(found[0][1])) if found else (0, "")


def blobs(asked: Asked) -> tuple[int, int]:
    """Return how many files rows speak of, and their bytes."""
    if "base_blob" not in asked.tables:
        return 0, 0
    count, size = asked.ask("SELECT COUNT(*), COALESCE(SUM(size_bytes), 0) FROM base_blob")[0]
    return int(count), int(size)


def hash_of(lines: list[str]) -> str:
    """Return one hash for some lines."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
