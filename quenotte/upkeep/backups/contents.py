"""What a database holds, in figures: rows of each table with their hash, schema, last line.

The same figures are taken of the copy before it is sent and of the database that came back.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_ROWS: Final = 2_000


@dataclass(frozen=True)
class Table:
    """How many rows, and a hash over all of them in their order (32 hex digits)."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Contents:
    """The figures of a database. ``schema`` is a hash; ``migrations`` the last of each app."""

    engine: str
    tables: dict[str, Table]
    schema: str
    migrations: dict[str, str]
    #: The last line of the journal of accesses: its number and its seal.
    journal: tuple[int, str]
    #: The files that rows speak of: how many, and their bytes.
    blobs: tuple[int, int]

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(table.rows for table in self.tables.values())


def of_sqlite(path: Path) -> Contents:
    """Return the figures of a database file that nobody writes. Raises: sqlite3.Error."""
    with _opened(path) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
            )
        ]
        return Contents(
            engine="sqlite",
            tables={name: _table(database, name) for name in names},
            schema=_schema(database),
            migrations=_pairs(
                database, names, "django_migrations",
                "SELECT app, MAX(name) FROM django_migrations GROUP BY app",
            ),
            journal=_first(
                database, names, "base_line",
                "SELECT number, seal FROM base_line ORDER BY number DESC LIMIT 1", (0, ""),
            ),
            blobs=_first(
                database, names, "base_blob",
                "SELECT COUNT(*), COALESCE(SUM(size_bytes), 0) FROM base_blob", (0, 0),
            ),
        )  # fmt: skip


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # Immutable: nothing is written beside it, and a log that is not there is not looked for.
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        yield database


def _table(database: sqlite3.Connection, name: str) -> Table:
    mixed, rows = hashlib.blake2b(digest_size=16), 0
    cursor = database.execute(_all_rows(database, name))
    while chunk := cursor.fetchmany(_ROWS):
        rows += len(chunk)
        mixed.update("\n".join(text for (text,) in chunk).encode("utf-8", "surrogatepass"))
        mixed.update(b"\n")
    return Table(rows, mixed.hexdigest())


def _all_rows(database: sqlite3.Connection, name: str) -> str:
    """Return the question whose answer is each row as SQLite itself would write it."""
    table = _quoted(name)
    columns = list(database.execute(f"PRAGMA table_info({table})"))
    values = " || ',' || ".join(f"quote({_quoted(column[1])})" for column in columns)
    keys = [column for column in columns if column[5]]
    order = ", ".join(_quoted(key[1]) for key in sorted(keys, key=lambda key: key[5])) or "rowid"
    return f"SELECT {values} FROM {table} ORDER BY {order}"  # noqa: S608 - names of our tables


def _schema(database: sqlite3.Connection) -> str:
    texts = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1")
    return hashlib.sha256("\n".join(text for (text,) in texts).encode()).hexdigest()


def _pairs(
    database: sqlite3.Connection, names: list[str], table: str, question: str
) -> dict[str, str]:
    return dict(database.execute(question)) if table in names else {}


def _first(
    database: sqlite3.Connection, names: list[str], table: str, question: str, nothing: Any
) -> Any:
    found = database.execute(question).fetchone() if table in names else None
    return found or nothing


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
