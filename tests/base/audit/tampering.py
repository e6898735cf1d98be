"""Somebody with the database in hand: triggers lifted, rows rewritten by plain SQL."""

from collections.abc import Sequence

from django.db import connection

from tests.support.emptying import triggers_lifted


def tamper(*statements: str, values: Sequence[str] = ()) -> None:
    """Run statements that the triggers would refuse."""
    with triggers_lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
