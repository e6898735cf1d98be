"""A question for many keys at once, which costs PostgreSQL and us one parameter."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models.lookups import In


class Keys:
    """Keys to look for with ``among``: Django looks into each one of a list, and into none here."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Collection[Any]) -> None:
        self._keys = keys

    def __iter__(self) -> Iterator[Any]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Among(In):
    """``among``: as ``in``; on PostgreSQL the keys go over as one array, written as a text.

    A batch of the agents' door asks for hundreds: each as a parameter of its own costs more than
    all the rest of the question. The keys are bytes, numbers or UUIDs, never a query.
    """

    lookup_name = "among"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the condition on PostgreSQL."""
        lhs, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{lhs} = ANY(%s::{kind}[])", [*params, _array(self.rhs)]

    def get_prep_lookup(self) -> list[Any]:
        """Return the keys as they came: each would cost more than its comparison."""
        return list(self.rhs)


def _array(keys: Collection[Any]) -> str:
    """Return keys as the text of an array (PostgreSQL, « Array Input and Output Syntax »)."""
    return "{" + ",".join(map(_text, keys)) + "}"


def _text(key: bytes | int | UUID) -> str:
    if isinstance(key, bytes):
        # In a text of an array a backslash is written twice.
        return rf'"\\x{key.hex()}"'
    return f"{key.int:032x}" if isinstance(key, UUID) else str(int(key))
