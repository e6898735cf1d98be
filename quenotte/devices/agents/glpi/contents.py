"""The content of an inventory in JSON: the same sections, with names in lower case."""

from collections.abc import Iterator, Mapping
from typing import Any

from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.glpi.sections import (
    LONGEST_FIELD,
    MOST_ENTRIES,
    WANTED,
    Row,
    Sections,
    is_wanted,
)
from quenotte.devices.agents.objects import as_object, as_text


def sections_of(content: Mapping[str, Any]) -> Sections:
    """Return what is wanted of a content.

    Raises: NotUnderstood: WRONG_SHAPE, TOO_MANY.
    """
    named = ((name.upper(), value) for name, value in content.items())
    return {name: _rows(name, value) for name, value in named if name in WANTED}


def _rows(section: str, value: object) -> tuple[Row, ...]:
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MOST_ENTRIES:
        raise NotUnderstood(Reason.TOO_MANY, section)
    return tuple(dict(_fields(section, as_object(entry, section))) for entry in entries)


def _fields(section: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in _flat(entry):
        if is_wanted(section, name):
            yield name, as_text(value)[:LONGEST_FIELD].strip()


def _flat(entry: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the fields of an entry, those of an object in it behind its name and a dot."""
    for name, value in entry.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}".upper(), told) for inner, told in value.items())
        else:
            yield name.upper(), value
