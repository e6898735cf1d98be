"""Rows of today's database and of one of the past, whatever the tables were then."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from django.db import connections, models

from quenotte.base.pasts import Row

Model = type[models.Model]

#: Keys that one question names; SQLite takes no more than so many values.
_AT_ONCE: Final = 500


def columns(model: Model, alias: str) -> list[str]:
    """Return the columns of a model that this database has; none when it has no such table."""
    with connections[alias].cursor() as cursor:
        known = connections[alias].introspection
        if model._meta.db_table not in known.table_names(cursor):
            return []
        described = known.get_table_description(cursor, model._meta.db_table)
    there = {column.name for column in described}
    return [field.attname for field in model._meta.concrete_fields if field.column in there]


def selected(model: Model, filters: Mapping[str, Any], alias: str) -> dict[Any, Row]:
    """Return rows by their keys, with the columns that this database has."""
    names = columns(model, alias)
    if not names:
        return {}
    rows = model._base_manager.using(alias).filter(**filters).values(*names)
    return {row[model._meta.pk.attname]: row for row in rows}


def among(model: Model, lookup: str, keys: Iterable[Any], alias: str) -> dict[Any, Row]:
    """Return the rows of which ``lookup`` is one of these values."""
    found: dict[Any, Row] = {}
    left = iter(keys)
    while some := list(islice(left, _AT_ONCE)):
        found |= selected(model, {f"{lookup}__in": some}, alias)
    return found


def in_order(
    model: Model, filters: Mapping[str, Any], names: list[str], alias: str
) -> Iterator[Row]:
    """Yield rows in the order of their keys, a few at a time: there may be a million."""
    rows = model._base_manager.using(alias).filter(**filters).order_by("pk").values(*names)
    yield from rows.iterator(chunk_size=2_000)


def reference(model: Model, root: Model) -> str:
    """Return the first foreign key from a model to another one, "" when there is none."""
    fields = model._meta.concrete_fields
    return next((field.name for field in fields if field.related_model is root), "")
