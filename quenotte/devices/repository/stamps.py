"""Instants as nanoseconds since 1970, and as text. Source: RFC 3339; Go's ``time.RFC3339Nano``."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_STAMP: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)"
)
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_NS: Final = 1_000_000_000
#: Years 1 to 9999: what both sides can write. Seconds since 1970.
_FIRST_S: Final = -62_135_596_800
_LAST_S: Final = 253_402_300_799


def stamp_of(instant_ns: int) -> str:
    """Return the text of an instant, to the nanosecond, in UTC."""
    seconds, nanoseconds = divmod(instant_ns, _SECOND_NS)
    fraction = f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""
    return f"{_second_of(min(max(seconds, _FIRST_S), _LAST_S))}{fraction}Z"


@lru_cache(maxsize=4096)
def _second_of(seconds: int) -> str:
    return (_BEGIN + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()


def read_stamp(text: str) -> int:
    """Return the instant of a text, in nanoseconds since 1970. Raises: ValueError."""
    found = _STAMP.fullmatch(text)
    if found is None:
        raise ValueError("this is no instant")
    *parts, fraction, zone = found.groups()
    # Year 0 is what Go writes for "never": the first year that Python knows stands for it.
    year, month, day, hour, minute, second = map(int, parts)
    at = datetime(max(year, 1), month, day, hour, minute, min(second, 59), tzinfo=UTC)
    seconds = round((at - _BEGIN).total_seconds()) - _shift_s(zone)
    return seconds * _SECOND_NS + int((fraction or "0").ljust(9, "0"))


def _shift_s(zone: str) -> int:
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return (-60 if zone[0] == "-" else 60) * minutes


def instant_of(instant_ns: int) -> datetime:
    """Return an instant as an aware datetime, to the microsecond. Raises: OverflowError."""
    return _BEGIN + timedelta(microseconds=instant_ns // 1000)
