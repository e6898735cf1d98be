"""Strict reading of JSON: what is not as agreed is refused, and the refusal quotes nothing."""

import json
from collections.abc import Collection, Mapping, Set
from enum import StrEnum
from typing import Any, Final

from quenotte.kernel.posture.values import Fault

#: Bytes of a message, unpacked. An inventory of 800 programs has 70 kB.
BODY_MAX: Final = 256 * 1024


class Trouble(StrEnum):
    """What is wrong with a message, beside the faults of its values."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    WRONG_KIND = "wrong_kind"
    UNKNOWN_VERSION = "unknown_version"
    MISSING = "missing"
    TWICE = "twice"


class Unreadable(Exception):
    """A message that is not as agreed. ``where``: the path of what is wrong, by our own names.

    Nothing that was sent is quoted: it may be a person's name, and errors are logged.
    """

    def __init__(self, what: Trouble | Fault, where: str = "") -> None:
        super().__init__(f"{what}: {where}" if where else what.value)
        self.what = what
        self.where = where


def decoded(raw: bytes) -> dict[str, Any]:
    """Return the object that a message is. Raises: Unreadable."""
    if len(raw) > BODY_MAX:
        raise Unreadable(Fault.TOO_LONG)
    try:
        found = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(Trouble.NOT_UTF8) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(Trouble.NOT_JSON) from error
    return an_object(found, "")


def canonical(value: object) -> bytes:
    """Return the one form of a value in JSON: keys in order, no blanks, UTF-8.

    Raises: ValueError for what JSON or UTF-8 have no form for.
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("utf-8")


def an_object(value: object, where: str) -> dict[str, Any]:
    """Return an object as it is. Raises: Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable(Fault.WRONG_TYPE, where)
    return value


def a_list(value: object, where: str, longest: int) -> list[Any]:
    """Return a list as it is. Raises: Unreadable."""
    if not isinstance(value, list):
        raise Unreadable(Fault.WRONG_TYPE, where)
    if len(value) > longest:
        raise Unreadable(Fault.TOO_LONG, where)
    return value


def a_whole(value: object, where: str, most: int) -> int:
    """Return a whole number from 0 to a bound. Raises: Unreadable."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(Fault.WRONG_TYPE, where)
    if not 0 <= value <= most:
        raise Unreadable(Fault.OUT_OF_RANGE, where)
    return value


def a_choice(value: object, where: str, choices: Collection[str]) -> str:
    """Return a text that is one of some. Raises: Unreadable."""
    if not isinstance(value, str):
        raise Unreadable(Fault.WRONG_TYPE, where)
    if value not in choices:
        raise Unreadable(Fault.OUT_OF_RANGE, where)
    return value


def held(fault: Fault | None, where: str) -> None:
    """Pass where there is no fault. Raises: Unreadable."""
    if fault is not None:
        raise Unreadable(fault, where)


def known_keys(
    found: Mapping[str, Any], needed: Set[str], may: Set[str] = frozenset(), where: str = ""
) -> None:
    """Pass when an object has the keys that it needs, and none but these and those it may have.

    Raises: Unreadable.
    """
    if needed <= found.keys() <= needed | may:
        return
    if missing := sorted(needed - found.keys()):
        raise Unreadable(Trouble.MISSING, f"{where}.{missing[0]}".lstrip("."))
    raise Unreadable(Fault.UNKNOWN_KEY, where)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that comes twice: two readers would each believe another one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable(Trouble.TWICE)
    return found


def _no_constant(_name: str) -> None:
    raise Unreadable(Trouble.NOT_JSON)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
