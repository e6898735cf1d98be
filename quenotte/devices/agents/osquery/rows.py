"""Rows of a table: columns by name, every value a text, whichever way osquery was told to write."""

from collections.abc import Mapping
from typing import Any, Final

from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.objects import as_object, as_text
from quenotte.devices.agents.osquery.messages import Row

#: Rows of one answer, columns of a row, and characters of a value: no query of ours has more.
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 40
_LONGEST_VALUE: Final = 500


def rows_of(rows: list[Any], *, name: str) -> tuple[Row, ...]:
    """Return the rows of a list. Raises: NotUnderstood: WRONG_SHAPE, TOO_MANY."""
    if len(rows) > MOST_ROWS:
        raise NotUnderstood(Reason.TOO_MANY, name)
    return tuple(row_of(as_object(row, name)) for row in rows)


def row_of(columns: Mapping[str, Any]) -> Row:
    """Return one row. Raises: NotUnderstood: TOO_MANY."""
    if len(columns) > MOST_COLUMNS:
        raise NotUnderstood(Reason.TOO_MANY, "columns")
    return {name[:100]: as_text(value)[:_LONGEST_VALUE] for name, value in columns.items()}
