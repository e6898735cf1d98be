"""Whether a value is what its key says: of its kind, of bounded size, without a hidden sign."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from quenotte.kernel.posture.facts import FIELDS, KEYS, Kind
from quenotte.kernel.posture.terms import Platform


class Fault(StrEnum):
    """What is wrong with a value."""

    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    OUT_OF_RANGE = "out_of_range"
    #: A moment without a zone, or in another one than UTC.
    NO_ZONE = "no_zone"
    #: A control character, or half of a pair: no database keeps it.
    HIDDEN_SIGN = "hidden_sign"


#: Characters of a text, where no other bound is given.
TEXT_MAX: Final = 120
_TEXT_MAX: Final = {"machine.name": 64, "mount": 32, "address": 45, "kind": 32, "os.family": 16}
#: Rows of a list, where no other bound is given.
ROWS_MAX: Final = 64
_ROWS_MAX: Final = {"software": 4000, "licences": 500, "ports.open": 500}
#: Beyond it JSON readers no longer agree on a whole number.
_NUMBER_MAX: Final = 2**53
_MAY_BE_NEGATIVE: Final = frozenset({"clock.offset_s"})
_FIRST_YEAR, _LAST_YEAR = 2000, 2100

_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def fault(key: str, value: object) -> Fault | None:
    """Return what is wrong with the value of a fact, None when nothing is."""
    kind = KEYS.get(key)
    return _CHECKS[kind](key, value) if kind else Fault.UNKNOWN_KEY


def text_fault(name: str, value: object) -> Fault | None:
    """Return what is wrong with a text that has no key of its own."""
    if not isinstance(value, str):
        return Fault.WRONG_TYPE
    if len(value) > _TEXT_MAX.get(name, TEXT_MAX):
        return Fault.TOO_LONG
    if _HIDDEN.search(value):
        return Fault.HIDDEN_SIGN
    is_foreign = name == "os.family" and value not in set(Platform)
    return Fault.OUT_OF_RANGE if is_foreign else None


def moment_fault(_name: str, value: object) -> Fault | None:
    """Return what is wrong with an instant, written in ISO 8601 and UTC."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return Fault.WRONG_TYPE
    if found[1] not in {"Z", "+00:00"}:
        return Fault.NO_ZONE
    try:
        return _year_fault(datetime.fromisoformat(found[0]))
    except ValueError:
        return Fault.OUT_OF_RANGE


def number_fault(name: str, value: object) -> Fault | None:
    """Return what is wrong with a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fault.WRONG_TYPE
    lowest = -_NUMBER_MAX if name in _MAY_BE_NEGATIVE else 0
    return None if lowest <= value <= _NUMBER_MAX else Fault.OUT_OF_RANGE


def moment_of(text: str) -> datetime:
    """Return the instant that a text without fault names."""
    return datetime.fromisoformat(text)


def text_of(moment: datetime) -> str:
    """Return an aware instant as facts hold it. Raises: ValueError when it has no zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _flag_fault(_name: str, value: object) -> Fault | None:
    return None if isinstance(value, bool) else Fault.WRONG_TYPE


def _day_fault(_name: str, value: object) -> Fault | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return Fault.WRONG_TYPE
    try:
        return _year_fault(date.fromisoformat(value))
    except ValueError:
        return Fault.OUT_OF_RANGE


def _year_fault(day: date) -> Fault | None:
    return None if _FIRST_YEAR <= day.year <= _LAST_YEAR else Fault.OUT_OF_RANGE


def _rows_fault(key: str, value: object) -> Fault | None:
    if not isinstance(value, list):
        return Fault.WRONG_TYPE
    if len(value) > _ROWS_MAX.get(key, ROWS_MAX):
        return Fault.TOO_LONG
    names = FIELDS[key]
    return next((found for row in value if (found := _row_fault(names, row))), None)


def _row_fault(names: tuple[str, ...], row: object) -> Fault | None:
    if not isinstance(row, dict):
        return Fault.WRONG_TYPE
    if not row.keys() <= set(names):
        return Fault.UNKNOWN_KEY
    told = ((name, value) for name, value in row.items() if value is not None)
    checks = ((_FIELD_CHECKS.get(name, text_fault), name, value) for name, value in told)
    return next((found for check, name, value in checks if (found := check(name, value))), None)


_Check = Callable[[str, object], Fault | None]
_CHECKS: Final[Mapping[Kind, _Check]] = {
    Kind.FLAG: _flag_fault,
    Kind.NUMBER: number_fault,
    Kind.TEXT: text_fault,
    Kind.MOMENT: moment_fault,
    Kind.ROWS: _rows_fault,
}
#: What the fields of rows hold that are no text.
_FIELD_CHECKS: Final[Mapping[str, _Check]] = {
    **dict.fromkeys(
        (
            "is_active",
            "is_fresh",
            "is_on",
            "is_encrypted",
            "is_system",
            "is_healthy",
            "is_on_battery",
            "is_plugged",
        ),
        _flag_fault,
    ),
    **dict.fromkeys(("total_mib", "free_mib", "count", "port", "charge_pct"), number_fault),
    **dict.fromkeys(("signed_at", "since", "seen_at"), moment_fault),
    "ends_on": _day_fault,
}


def texts() -> frozenset[str]:
    """Return every place of a fact that holds a text: « machine.name », « disks[].name »."""
    alone = {key for key, kind in KEYS.items() if kind is Kind.TEXT}
    rows = {(key, name) for key, names in FIELDS.items() for name in names}
    return frozenset(alone | {f"{key}[].{name}" for key, name in rows if name not in _FIELD_CHECKS})
