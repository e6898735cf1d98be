"""Prepared reads: Django writes the SQL of a query once, and it is asked with other values.

Building a query in Python costs several times what the database takes to answer a small one,
and a page asks twenty. The query stays an ordinary QuerySet, and its rows are what Django makes
of them: instances with their related objects, tuples, annotations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

_Values = ParamSpec("_Values")
_Row = TypeVar("_Row")

#: What stands for the value of each kind while the SQL is written: the n-th of a query.
_STAND_INS: Final[dict[type, Callable[[int], Any]]] = {
    UUID: lambda n: UUID(int=0x0F9D6F3C5B574A3A9D7E2F1B6F0C7E11 + n),
    datetime: lambda n: datetime(1841, 7, 13, 3, 9, 27, 531_642, UTC) + timedelta(days=n),
    date: lambda n: date(1841, 1, 1) + timedelta(days=n),
    str: lambda n: f"\N{WHITE SMILING FACE}{n}\N{WHITE SMILING FACE}",
}


def prepared(
    build: Callable[_Values, "QuerySet[Any, _Row]"],
) -> Callable[_Values, list[_Row]]:
    """Turn a function that returns a QuerySet into one that returns its rows, written once.

    Values given by place may change at each call; what is given by name changes the query
    itself (a limit, a set of roles) and must be hashable: each has an SQL of its own.

    The function must not look at its values, only hand them to the query as they are: it runs
    with stand-ins. Raises, when it is called: TypeError for a value of another kind (None asks
    « IS NULL », which is another query; each width of number is written its own way); ValueError
    when a value does not reach the SQL as it is, or for ``prefetch_related``, which asks by itself.
    """
    written: dict[Any, _Written] = {}

    @wraps(build)
    def ask(*values: _Values.args, **shape: _Values.kwargs) -> list[_Row]:
        kinds = tuple(map(type, values))
        key = (connections[DEFAULT_DB_ALIAS].vendor, kinds, *sorted(shape.items()))
        found = written.get(key)
        if found is None:
            found = written[key] = _write(build, kinds, shape)
        return found.rows(values)

    return ask


@dataclass(frozen=True)
class _Written:
    """The SQL of a query, and at which places of its parameters each value goes."""

    queryset: Any
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: Any
    locks: bool

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        # Not the proxy: it would look for the connection of this thread at each step.
        own = connections[DEFAULT_DB_ALIAS]
        if self.locks and not own.in_atomic_block:
            # Django asks while it writes the SQL, which is done only once here.
            raise TransactionManagementError("select_for_update outside of a transaction")
        parameters = list(self.parameters)
        for place, number in self.places:
            parameters[place] = _adapted(own, values[number])
        # The same compiler with the connection of this thread and these values; `copy.copy`
        # would cost more than all the rest of it.
        compiler = object.__new__(type(self.compiler))
        compiler.__dict__ = {
            **self.compiler.__dict__,
            "connection": own,
            "as_sql": lambda *_, **__: (self.sql, tuple(parameters)),
            "get_converters": lambda _: self.converters,
        }
        asked = _Asked(self.queryset, query=_Asked(self.queryset.query, get_compiler=compiler))
        return list(self.queryset._iterable_class(asked))


class _Asked:
    """A query or a QuerySet with one attribute of its own, for one reading."""

    def __init__(self, whole: Any, *, query: Any = None, get_compiler: Any = None) -> None:
        self._whole = whole
        if query is not None:
            self.query = query
        if get_compiler is not None:
            self.get_compiler = lambda *_, **__: get_compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def _write(
    build: Callable[..., "QuerySet[Any, Any]"], kinds: tuple[type, ...], shape: dict[str, Any]
) -> _Written:
    if odd := [kind.__name__ for kind in kinds if kind not in _STAND_INS]:
        raise TypeError(f"{build.__qualname__}: no prepared read takes a {odd[0]}")
    stand_ins = [_STAND_INS[kind](number) for number, kind in enumerate(kinds)]
    queryset: Any = build(*stand_ins, **shape)
    if queryset._prefetch_related_lookups:
        raise ValueError(f"{build.__qualname__}: prefetch_related asks by itself")
    own = connections[DEFAULT_DB_ALIAS]
    compiler = queryset.query.get_compiler(connection=own)
    sql, parameters = compiler.as_sql()
    places = tuple(
        (place, number)
        for number, stand_in in enumerate(_adapted(own, each) for each in stand_ins)
        for place, parameter in enumerate(parameters)
        if type(parameter) is type(stand_in) and parameter == stand_in
    )
    if missing := set(range(len(kinds))) - {number for _, number in places}:
        raise ValueError(f"{build.__qualname__}: value {min(missing)} does not reach the SQL")
    columns = [column for column, _, _ in compiler.select[0 : compiler.col_count]]
    converters = compiler.get_converters(columns)
    locks = queryset.query.select_for_update and own.features.has_select_for_update
    return _Written(queryset, compiler, sql, tuple(parameters), places, converters, locks)


def _adapted(own: BaseDatabaseWrapper, value: Any) -> Any:
    """Return a value as the fields of Django hand it to this database."""
    if isinstance(value, UUID):
        return value if own.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return own.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return own.ops.adapt_datefield_value(value)
    return value
