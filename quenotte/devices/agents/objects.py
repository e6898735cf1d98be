"""JSON as agents send it: bounded, and without the values that JSON does not have."""

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from quenotte.devices.agents.errors import NotUnderstood, Reason

#: Values in one message: each costs some sixty bytes once read. A full log of osquery has 60,000.
MOST_VALUES: Final = 400_000


def read_object(content: bytes) -> dict[str, Any]:
    """Return the object that a message is.

    Raises: NotUnderstood: NOT_JSON, TOO_MANY, WRONG_SHAPE.
    """
    if sum(map(content.count, (b",", b"{", b"["))) > MOST_VALUES:
        raise NotUnderstood(Reason.TOO_MANY)
    try:
        told = json.loads(text_of(content), parse_constant=_refuse)
    except RecursionError:
        raise NotUnderstood(Reason.TOO_MANY) from None
    except ValueError:
        raise NotUnderstood(Reason.NOT_JSON) from None
    return as_object(told, "message")


def text_of(content: bytes) -> str:
    """Return the text of a message: UTF-8, else what Windows in Western Europe writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def as_object(value: object, where: str) -> dict[str, Any]:
    """Return a value that must be an object. Raises: NotUnderstood: WRONG_SHAPE."""
    if not isinstance(value, dict):
        raise NotUnderstood(Reason.WRONG_SHAPE, where)
    return value


def object_at(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object under a name, empty when absent. Raises: NotUnderstood: WRONG_SHAPE."""
    return as_object(told.get(name) or {}, name)


def list_at(told: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list under a name, empty when absent. Raises: NotUnderstood: WRONG_SHAPE."""
    value = told.get(name)
    # What a writer of property trees makes of an empty list.
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise NotUnderstood(Reason.WRONG_SHAPE, name)
    return value


def text_at(told: Mapping[str, Any], name: str, *, most: int = 255) -> str:
    """Return the text under a name, empty when absent.

    Raises: NotUnderstood: WRONG_SHAPE when it is no text, or a longer one than ``most``.
    """
    value = told.get(name)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > most:
        raise NotUnderstood(Reason.WRONG_SHAPE, name)
    return value


def whole_at(told: Mapping[str, Any], name: str) -> int:
    """Return the whole number under a name, which may be written as a text; 0 when absent.

    Raises: NotUnderstood: WRONG_SHAPE.
    """
    text = text_at(told, name, most=20).strip()
    if not text:
        return 0
    if not text.isascii() or not text.lstrip("-").isdigit():
        raise NotUnderstood(Reason.WRONG_SHAPE, name)
    try:
        return int(text)
    except ValueError:
        raise NotUnderstood(Reason.WRONG_SHAPE, name) from None


def as_text(value: object) -> str:
    """Return a cell as text, the way both agents mean it: true is 1, absent is empty."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value) if isinstance(value, str | int | float) else ""


def _refuse(_name: str) -> NoReturn:
    raise ValueError("no number of JSON")
