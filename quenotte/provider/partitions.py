"""Tables that PostgreSQL keeps by the month: what is too old goes with its month, at once.

SQLite has no partitions: there the same table is one, and old rows are deleted.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState
from django.utils import timezone

#: Months are made so many ahead: a night without a worker loses nothing.
_AHEAD: Final = 2


class CreateByMonth(CreateModel):
    """Create a table whose rows lie by the month of one column, a part of its primary key.

    ``by``: that column, which the model names as its ``parted_by``.
    """

    def __init__(self, *named: Any, by: str = "at", **more: Any) -> None:
        super().__init__(*named, **more)
        self._by = by

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the table; on PostgreSQL with a partition for what belongs to no month yet."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        made, values = schema_editor.table_sql(model)
        schema_editor.execute(f"{made} PARTITION BY RANGE ({self._by})", values or None)
        schema_editor.execute(f'CREATE TABLE "{table}_rest" PARTITION OF "{table}" DEFAULT')
        for index in model._meta.indexes:
            schema_editor.add_index(model, index)


def make_months(model: type[Any], today: date | None = None) -> list[str]:
    """Make the partitions of this month and the next ones; return the names of the new ones.

    ``model``: one that names the column it is ``parted_by``: an instant, or a day.
    """
    if connection.vendor != "postgresql":
        return []
    first = (today or timezone.now().astimezone(UTC).date()).replace(day=1)
    table = model._meta.db_table
    there = set(_months(table))
    made = []
    for month in _from(first, _AHEAD + 1):
        name = f"{table}_{month:%Y_%m}"
        if name in there:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            _make(cursor, model, name, [_bound(model, month), _bound(model, _next(month))])
        made.append(name)
    return made


def forget_before(model: type[Any], day: date) -> int:
    """Forget the rows of the months that ended before ``day``.

    Returns how many partitions were dropped (PostgreSQL), or rows deleted.
    """
    month = day.replace(day=1)
    if connection.vendor != "postgresql":
        old_rows = model.objects.filter(**{f"{model.parted_by}__lt": _bound(model, month)})
        return int(old_rows.delete()[0])
    table = model._meta.db_table
    with connection.cursor() as cursor:
        question = _named('DELETE FROM "{}_rest" WHERE {} < %s', table, model.parted_by)
        cursor.execute(question, [_bound(model, month)])
    old = [name for name in _months(table) if name < f"{table}_{month:%Y_%m}"]
    with connection.cursor() as cursor:
        for name in old:
            cursor.execute(f'DROP TABLE "{name}"')
    return len(old)


def _make(
    cursor: CursorWrapper, model: type[Any], name: str, bounds: Sequence[date | datetime]
) -> None:
    """Make a month; what came before it was there moves in."""
    table, by = model._meta.db_table, model.parted_by
    strays = _named('FROM "{}_rest" WHERE {} >= %s AND {} < %s', table, by, by)
    cursor.execute("CREATE TEMPORARY TABLE moved ON COMMIT DROP AS SELECT * " + strays, bounds)
    cursor.execute("DELETE " + strays, bounds)
    made = 'CREATE TABLE "{}" PARTITION OF "{}" FOR VALUES FROM (%s) TO (%s)'
    cursor.execute(_named(made, name, table), bounds)
    cursor.execute(_named('INSERT INTO "{}" SELECT * FROM moved', table))
    cursor.execute("DROP TABLE moved")


def _named(question: str, *names: str) -> str:
    """Return a question with names of our own tables and columns; its values stay parameters."""
    return question.format(*names)


def _months(table: str) -> list[str]:
    question = (
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = %s::regclass AND c.relname <> %s ORDER BY c.relname"
    )
    with connection.cursor() as cursor:
        cursor.execute(question, [table, f"{table}_rest"])
        return [name for (name,) in cursor.fetchall()]


def _from(first: date, count: int) -> Iterable[date]:
    month = first
    for _ in range(count):
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _bound(model: type[Any], month: date) -> date | datetime:
    """Return the first moment of a month, in UTC, as the column that parts the rows has it."""
    is_instant = isinstance(model._meta.get_field(model.parted_by), models.DateTimeField)
    return datetime(month.year, month.month, 1, tzinfo=UTC) if is_instant else month
