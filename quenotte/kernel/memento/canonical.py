"""One way of writing a value as JSON, so that its digest can be computed anew by anybody."""

import json
from collections.abc import Iterator
from typing import Any, Final

#: Beyond it readers of JSON no longer agree on a whole number.
_LARGEST: Final = 2**53 - 1


class NotCanonical(ValueError):
    """A value that has no one way of being written: a broken number, half a sign, a name twice."""


def written(value: Any) -> bytes:
    """Return a value as canonical JSON in UTF-8: names in order, no space, nothing escaped in vain.

    Only texts, whole numbers, true, false, null, lists and objects: numbers with a point are
    written differently by different programs.
    Raises: NotCanonical.
    Source: RFC 8785 (JSON Canonicalization Scheme).
    """
    for one in _parts(value):
        if not _is_plain(one):
            raise NotCanonical(type(one).__name__)
    try:
        text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("half a sign") from error


def read(content: bytes) -> Any:
    """Return the value of a JSON text. Raises: NotCanonical when it is none, or names one twice."""
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise NotCanonical("no JSON") from error


def _parts(value: Any) -> Iterator[Any]:
    yield value
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    for one in inner if isinstance(value, dict | list | tuple) else ():
        yield from _parts(one)


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) for name in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) <= _LARGEST
    return value is None or isinstance(value, str | bool | list | tuple)


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        # By units of UTF-16, as the standard says, and not by signs.
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return {name: _ordered(value[name]) for name in names}
    return [_ordered(one) for one in value] if isinstance(value, list | tuple) else value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a name twice")
    return found


def _no_number(_text: str) -> Any:
    raise NotCanonical("a number with a point")
