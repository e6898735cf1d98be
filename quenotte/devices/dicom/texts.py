"""Text, dates and numbers as devices really write them: never trusted, never fatal.

Source: DICOM PS3.5 section 6.1 (character sets) and 6.2 (value representations).
"""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time

from pydicom.charset import convert_encodings, decode_bytes

from quenotte.devices.dicom.silence import quiet

TEXT_LIMIT = 256
UID_LIMIT = 64

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_LATIN = {"", "ISO_IR 6", "ISO 2022 IR 6", "ISO_IR 100", "ISO 2022 IR 100"}
_UTF8 = "ISO_IR 192"
_DELIMITERS = set(b"\\\n\r\t\f^=")
_PLAUSIBLE_YEARS = range(1850, 2201)


def decoded(raw: bytes, charsets: Sequence[str]) -> str:
    """Return the text of raw bytes, whatever the device declared about them.

    Bytes that are valid UTF-8 are read so even when Latin-1 was declared, and the other
    way round: both lies are common.
    """
    if not charsets or set(charsets) <= {*_LATIN, _UTF8}:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    try:
        with quiet():
            return decode_bytes(raw, convert_encodings(list(charsets)), _DELIMITERS)
    except (LookupError, UnicodeError, ValueError):
        return raw.decode("latin-1")


def cleaned(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return text without NUL, control characters and outer spaces, at most `limit` long."""
    return _CONTROL.sub(" ", text.replace("\0", "")).strip()[:limit].strip()


def writable(text: str, limit: int = 64) -> str:
    """Return text that fits one LO or PN value: no separator of values, at most 64 long.

    Source: DICOM PS3.5 section 6.2.
    """
    return cleaned(re.sub(r"[\\=]", " ", text), limit)


def as_date(text: str) -> date | None:
    """Return a DA value as a date; None when it is not one."""
    digits = re.sub(r"[.\-/ ]", "", text)[:8]
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return found if found.year in _PLAUSIBLE_YEARS else None


def as_time(text: str) -> time | None:
    """Return a TM value as a time of day; None when it is not one."""
    digits = re.sub(r"[:. ]", "", text.split(".", 1)[0])
    if not re.fullmatch(r"[0-9]{2}(?:[0-9]{2}){0,2}", digits):
        return None
    parts = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    hour, minute, second = [*parts, 0, 0][:3]
    if hour > 23 or minute > 59 or second > 60:
        return None
    return time(hour, minute, min(second, 59))


def as_moment(day: str, hour: str) -> datetime | None:
    """Return the naive local moment of a date and a time; midnight when only the date is."""
    found = as_date(day)
    if found is None:
        return None
    return datetime.combine(found, as_time(hour) or time())


def as_numbers(text: str) -> tuple[float, ...]:
    """Return the finite numbers of a DS or IS value, in order, up to the first that is not."""
    numbers: list[float] = []
    for part in text.split("\\")[:16]:
        try:
            number = float(part.strip().replace(",", "."))
        except ValueError:
            break
        if not math.isfinite(number):
            break
        numbers.append(number)
    return tuple(numbers)
