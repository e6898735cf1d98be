"""Codes of medical devices read: the HIBC of a supplier, the other form of a UDI.

A primary code names the product, a secondary one its lot, serial number and dates. Both stand in
one code, or in two: then the second repeats the check character of the first, its link.

Source: ANSI/HIBC 2.6 (supplier labelling): 2.2 (primary), 2.3 (secondary, dates, quantity), 4
(check character, modulo 43).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: Values of the characters, as Code 39 numbers them; the space is printed as « _ ».
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
#: What stands between two codes read one after the other (ASCII 29).
SEPARATOR: Final = "\x1d"
LONGEST: Final = 200
_LONGEST_NUMBER: Final = 20

#: What readers send first, to say which kind of code it was: Code 128, Code 39, Data Matrix...
_SYMBOLOGY: Final = re.compile(r"^\][ACQdez]\d")
_PRODUCT: Final = re.compile(r"\+([A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9])")
_FLAG: Final = re.compile(r"\$\$\+|\$\$|\$\+|\$|(?=\d{5})")
#: What follows « / » beside the lot: serial number, expiry, day of making, quantity.
_OTHERS: Final = {"14D": "expiry", "16D": "made", "S": "serial", "Q": "quantity"}
#: Digit that says how a date is written -> its characters, with the hour or none.
_DATES: Final = {
    **dict.fromkeys("01", "MMYY"),
    "2": "MMDDYY",
    "3": "YYMMDD",
    "4": "YYMMDDHH",
    "5": "YYJJJ",
    "6": "YYJJJHH",
    "7": "",
}
_QUANTITIES: Final = {"8": 2, "9": 5}
#: What a French keyboard makes of the keys of an American one, from which readers type.
_FRENCH_DIGITS: Final = "à&é\"'(-è_ç"
_TYPED: Final = str.maketrans(_FRENCH_DIGITS + "AQZW?!):45", "0123456789QAWZM/-.$%")


class InvalidHibc(ValueError):
    """The text is no HIBC code; ``reason`` is empty, unknown, cut, check_digit, date, link, other.

    « link »: the second code does not belong to the first; « other »: the first is missing.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Udi:
    """What a code says of a product; "" or None: not.

    ``gtin`` is the product as it is kept beside the GTIN of others: « + », the four characters of
    the maker, its own number, the digit of the package.
    """

    gtin: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    doubt: str = ""

    @property
    def handed(self) -> str:
        """The code as one page hands it to another."""
        return self.shown

    @property
    def shown(self) -> str:
        """The code as one text, with its check character."""
        day = self.expires_on
        parts = [self.gtin]
        if day or self.lot:
            parts.append(f"$$3{day:%y%m%d}{self.lot}" if day else f"${self.lot}")
        if self.serial:
            parts.append(f"S{self.serial}")
        plain = "/".join(parts)
        return plain + check_character(plain)


def check_character(text: str) -> str:
    """Return the character that follows these ones: their sum, modulo 43.

    Raises: InvalidHibc when one of them has no value.
    """
    values = [ALPHABET.find(sign) for sign in text]
    if min(values, default=0) < 0:
        raise InvalidHibc("unknown")
    return ALPHABET[sum(values) % 43]


def looks_like_hibc(text: str) -> bool:
    """Return whether a reader, or a person, typed what begins as a code of HIBC."""
    plain = _plain(text)
    return bool(_PRODUCT.match(plain)) or is_second(text)


def is_second(text: str) -> bool:
    """Return whether a text is a secondary code alone; a telephone number is none."""
    plain = _plain(text)
    return plain.startswith("+$") or bool(re.match(r"\+\d{5}(?!\d*$)", plain))


def is_product(text: str) -> bool:
    """Return whether a text is a product as it is kept: no check character, no lot."""
    return bool(_PRODUCT.fullmatch(text))


def parse(text: str, *, today: date) -> Udi:
    """Return what a code says of a product; ``today`` decides the century of a year.

    Two codes that were read one after the other stand around ``SEPARATOR``, the primary first.

    Raises: InvalidHibc.
    """
    first, _, second = _plain(text).partition(SEPARATOR)
    if not first:
        raise InvalidHibc("empty")
    if is_second(first):
        raise InvalidHibc("other")
    body, sign = _checked(first)
    product, *rest = body.split("/")
    if not is_product(product):
        raise InvalidHibc("unknown")
    found = {"gtin": product}
    if second:
        linked, _ = _checked(second)
        if not linked.endswith(sign):
            raise InvalidHibc("link")
        rest += linked[1:-1].split("/")
    for part in rest:
        found |= _told(part)
    return _udi(found, today)


def _plain(text: str) -> str:
    """Return the signs of a code, whatever the reader sent around them, and its keyboard."""
    plain = text.strip("\r\n\t*")[:LONGEST]
    plain = _SYMBOLOGY.sub("", plain).lstrip(" ")
    # « - » and « _ » are keys of both.
    if plain.startswith("+") and set(plain) & (set(_FRENCH_DIGITS) - {"-", "_"}):
        plain = plain.translate(_TYPED)
    return plain.upper()


def _checked(text: str) -> tuple[str, str]:
    """Return a code without its check character, and that one.

    A space at the end is often lost on the way, or typed as it is printed, « _ ».
    """
    whole = text[:-1] + " " if text.endswith("_") else text
    for said in (whole, whole + " "):
        if len(said) > 2 and check_character(said[:-1]) == said[-1]:
            return said[:-1], said[-1]
    raise InvalidHibc("check_digit")


def _told(part: str) -> dict[str, str]:
    """Return what one part between « / » says."""
    for key, name in _OTHERS.items():
        if part.startswith(key):
            return {name: part[len(key) :]}
    if (flag := _FLAG.match(part)) is None:
        raise InvalidHibc("unknown")
    rest = part[flag.end() :]
    name = "serial" if flag[0].endswith("+") else "lot"
    if flag[0] == "":
        return {"day": "YYJJJ" + rest[:5], name: rest[5:]}
    if not flag[0].startswith("$$"):
        return {name: rest}
    return _dated(rest, name)


def _dated(rest: str, name: str) -> dict[str, str]:
    """Return the quantity, the date and the lot, or serial number, that follow « $$ »."""
    found = {}
    if width := _QUANTITIES.get(rest[:1]):
        found["quantity"], rest = rest[1 : width + 1], rest[width + 1 :]
    if not rest:
        return found
    form = _DATES.get(rest[0])
    if form is None:
        raise InvalidHibc("date")
    if form != "MMYY":
        rest = rest[1:]
    if form:
        found["day"] = form + rest[: len(form)]
    return found | {name: rest[len(form) :]}


def _udi(found: dict[str, str], today: date) -> Udi:
    lot, serial = found.get("lot", ""), found.get("serial", "")
    if max(len(lot), len(serial)) > _LONGEST_NUMBER:
        raise InvalidHibc("cut")
    day = None
    if "day" in found:
        day = _day(found["day"], today)
    if "expiry" in found:
        day = _whole_day(found["expiry"])
    return Udi(found["gtin"], lot, serial, day)


def _day(said: str, today: date) -> date:
    """Return the day of a text that its form precedes: « MMYY0628 », « YYJJJ28180 »."""
    form, digits = said[: len(said) // 2], said[len(said) // 2 :]
    if len(form) != len(digits) or not (digits.isascii() and digits.isdecimal()):
        raise InvalidHibc("cut")
    read = dict.fromkeys("YMDJH", "")
    for sign, digit in zip(form, digits, strict=True):
        read[sign] += digit
    year = _year(int(read["Y"]), today)
    if read["J"]:
        return _day_of_year(year, int(read["J"]))
    return _calendar_day(year, int(read["M"]), int(read["D"] or 0))


def _whole_day(digits: str) -> date:
    """Return the day of YYYYMMDD."""
    if not (len(digits) == 8 and digits.isascii() and digits.isdecimal()):
        raise InvalidHibc("date")
    return _calendar_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _calendar_day(year: int, month: int, day: int) -> date:
    """Return a day; of a month alone, its last one."""
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, IndexError) as error:
        raise InvalidHibc("date") from error


def _day_of_year(year: int, number: int) -> date:
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise InvalidHibc("date")
    return day


def _year(two_digits: int, today: date) -> int:
    """Return the year that is nearest: 49 years back to 50 ahead."""
    return today.year + (two_digits - today.year + 49) % 100 - 49
