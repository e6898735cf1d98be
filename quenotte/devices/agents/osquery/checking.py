"""Whether a question may be asked, found by the parser of SQL that osquery itself has: SQLite's."""

import sqlite3
from contextlib import closing
from typing import Final

from quenotte.devices.agents.osquery.query import Query
from quenotte.devices.agents.osquery.tables import FORBIDDEN, READ

#: Functions that count and compare; none that reads, loads or waits.
_FUNCTIONS: Final = frozenset({"coalesce", "count", "glob", "like", "lower", "max", "min", "sum"})
_HARMLESS: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION})


class NotAsked(Exception):
    """A question that reads what it must not, or does more than to read."""


def columns_read(query: Query) -> frozenset[tuple[str, str]]:
    """Return the tables and columns that a question reads.

    Raises: NotAsked when it names a table or a column that its platform does not open, when it is
    not one SELECT, or when it is no SQL.
    """
    watch = _Watch(frozenset(READ[query.platform]))
    with closing(sqlite3.connect(":memory:")) as database:
        for table, columns in READ[query.platform].items():
            database.execute(f"CREATE TABLE {table} ({', '.join(columns.split())})")
        database.set_authorizer(watch)
        try:
            database.execute(query.sql)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise NotAsked(f"{query.name}: {watch.denied or error}") from None
    return frozenset(watch.read)


def forbidden_words(sql: str) -> set[str]:
    """Return the forbidden tables that a text names anywhere, were it in a comment."""
    words = "".join(sign if sign.isalnum() or sign == "_" else " " for sign in sql.lower()).split()
    return set(words) & set(FORBIDDEN)


class _Watch:
    """Is told each thing that a statement would do, before it does it."""

    def __init__(self, opened: frozenset[str]) -> None:
        self._opened = opened
        self.read: set[tuple[str, str]] = set()
        self.denied = ""

    def __call__(
        self, action: int, one: str | None, two: str | None, _database: str | None, _by: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ and one in self._opened:
            # Without a column: « count(*) » and the like.
            self.read.add((one, two or ""))
            return sqlite3.SQLITE_OK
        is_known = action == sqlite3.SQLITE_FUNCTION and two in _FUNCTIONS
        if action in _HARMLESS or is_known:
            return sqlite3.SQLITE_OK
        self.denied = f"action {action} on {one or two}"
        return sqlite3.SQLITE_DENY
