"""Codes of medical devices read: the GS1 element string of a UDI.

Source: GS1 General Specifications, sections 3 (application identifiers), 7.8 (processing of the
element strings), 7.9 (check digit), 7.12 (century of two-digit years).
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

#: What stands after an element of variable length: FNC1 as a reader sends it (ASCII 29).
SEPARATOR: Final = "\x1d"
#: What readers send before the first element to say which kind of code it was.
_SYMBOLOGIES: Final = ("]C1", "]d2", "]e0", "]Q3", "]J1")
#: Longest text that can be one code, in characters.
LONGEST: Final = 400

#: First two digits of an element whose length never varies -> digits of identifier and value.
_WHOLE_LENGTHS: Final[Mapping[str, int]] = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8,
    "15": 8, "16": 8, "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10,
    "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
#: First two digits of an identifier -> how many digits it has itself; two otherwise.
_IDENTIFIER_LENGTHS: Final[Mapping[str, int]] = {
    "23": 3, "24": 3, "25": 3, "40": 3, "41": 3, "42": 3, "71": 3,
    "31": 4, "32": 4, "33": 4, "34": 4, "35": 4, "36": 4, "39": 4, "43": 4,
    "70": 4, "72": 4, "80": 4, "81": 4, "82": 4,
}  # fmt: skip
#: First two digits that begin an identifier.
_KNOWN: Final = frozenset(
    [*_WHOLE_LENGTHS, *_IDENTIFIER_LENGTHS, "10", "21", "22", "30", "37"]
    + [str(number) for number in range(90, 100)]
)
#: Longest batch number and serial number (AI 10, 21), in characters.
_LONGEST_NUMBER: Final = 20
_SHOWN: Final = re.compile(r"\((\d{2,4})\)([^()]*)")
#: What a French keyboard makes of the keys of an American one, from which readers type.
_TYPED: Final = str.maketrans(
    "à&é\"'(-è_ç" + "qwazQWAZ" + ",?" + ")°" + "<>",
    "0123456789" + "azqwAZQW" + "mM" + "-_" + "\\|",
)


class InvalidGs1(ValueError):
    """The text is no GS1 code; ``reason`` is empty, unknown, cut, check_digit, date or twice."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Udi:
    """What a code says of a product: GTIN (14 digits), batch, serial, expiry; "" or None: not.

    ``others`` holds the other elements, identifier -> value. ``doubt`` is the code itself when its
    reader sent no separator and its batch, or serial, number may hide the element after it: a
    person has to compare it with the label. "" otherwise.
    """

    gtin: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    others: tuple[tuple[str, str], ...] = ()
    doubt: str = ""

    @property
    def handed(self) -> str:
        """The code as one page hands it to another: a doubt goes with it."""
        return self.doubt or self.shown

    @property
    def shown(self) -> str:
        """The code as people read it: (01)…(17)…(10)…(21)…"""
        expiry = f"{self.expires_on:%y%m%d}" if self.expires_on else ""
        parts = (("01", self.gtin), ("17", expiry), ("10", self.lot), ("21", self.serial))
        return "".join(f"({key}){value}" for key, value in parts if value)


def looks_like_gs1(text: str) -> bool:
    """Return whether a reader, or a person, typed what begins as the code of a product."""
    plain = typed_by_a_reader(text)
    return plain.startswith(("(01)", *(f"{one}01" for one in _SYMBOLOGIES))) or bool(
        re.match(r"01\d{14}", plain)
    )


def typed_by_a_reader(text: str) -> str:
    """Return what was scanned, when the keyboard of the reader is not that of the computer.

    A reader types as an American keyboard; a French one makes « à& » of « 01 ». Texts with a
    digit are left as they are.
    """
    plain = text.strip(" \r\n\t")
    if any(sign.isdecimal() for sign in plain) or not any(sign in "à&é\"'(-è_ç" for sign in plain):
        return plain
    return plain.translate(_TYPED)


def parse(text: str, *, today: date) -> Udi:
    """Return what the code of a product says; ``today`` decides the century of a year.

    Both forms are read: as a reader sends it (with FNC1 between the elements) and as it is
    printed below the code, with brackets.

    Without separators an element of variable length takes all that follows: « ABC1221SER9 » may be
    one batch number, or ABC12 and the serial number SER9. Such a reading has its ``doubt``.

    Raises: InvalidGs1.
    """
    plain = typed_by_a_reader(text)[:LONGEST]
    if not plain:
        raise InvalidGs1("empty")
    found: dict[str, str] = {}
    for identifier, value in _elements(plain):
        if identifier in found and found[identifier] != value:
            raise InvalidGs1("twice")
        found[identifier] = value
    read = _udi(found, today)
    if SEPARATOR in plain or plain.startswith("(") or not (hiding := _hiding(found)):
        return read
    if hiding - {"10", "21"}:
        # The batch number itself is hidden: nothing is left to compare with the label.
        raise InvalidGs1("cut")
    return replace(read, doubt=plain)


def check_digit(digits: str) -> int:
    """Return the check digit that follows these digits (GTIN, SSCC, GLN)."""
    weighed = (
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return -sum(weighed) % 10


def is_gtin(text: str) -> bool:
    """Return whether a text is a GTIN of 14 digits with its check digit."""
    is_number = len(text) == 14 and text.isascii() and text.isdecimal()
    return is_number and check_digit(text[:-1]) == int(text[-1])


def _elements(plain: str) -> Iterator[tuple[str, str]]:
    if plain.startswith("("):
        yield from _shown_elements(plain)
        return
    rest = plain[3:] if plain.startswith(_SYMBOLOGIES) else plain
    rest = rest.lstrip(SEPARATOR)
    while rest:
        identifier, value, rest = _first_of(rest)
        yield identifier, value


def _shown_elements(plain: str) -> Iterator[tuple[str, str]]:
    end = 0
    for found in _SHOWN.finditer(plain):
        if found.start() != end or found[1][:2] not in _KNOWN:
            raise InvalidGs1("unknown")
        end = found.end()
        if not found[2].strip():
            raise InvalidGs1("cut")
        yield found[1], found[2].strip()
    if end != len(plain):
        raise InvalidGs1("unknown")


def _first_of(rest: str) -> tuple[str, str, str]:
    start = rest[:2]
    if start not in _KNOWN:
        raise InvalidGs1("unknown")
    width = _IDENTIFIER_LENGTHS.get(start, 2)
    whole = _WHOLE_LENGTHS.get(start)
    if whole is None:
        value, _, after = rest[width:].partition(SEPARATOR)
    else:
        if len(rest) < whole or SEPARATOR in rest[:whole]:
            raise InvalidGs1("cut")
        value, after = rest[width:whole], rest[whole:].removeprefix(SEPARATOR)
    if not value:
        raise InvalidGs1("cut")
    return rest[:width], value, after


def _udi(found: dict[str, str], today: date) -> Udi:
    gtin = found.get("01", "")
    if gtin and not is_gtin(gtin):
        raise InvalidGs1("check_digit")
    lot, serial = found.get("10", ""), found.get("21", "")
    if max(len(lot), len(serial)) > _LONGEST_NUMBER:
        # Two elements without what separates them: the reader dropped it.
        raise InvalidGs1("cut")
    expiry = found.get("17")
    others = tuple((key, value) for key, value in found.items() if key not in _READ)
    return Udi(gtin, lot, serial, _day(expiry, today) if expiry else None, others)


_READ: Final = frozenset({"01", "10", "17", "21"})
#: The identifier of a day (made, due, packed, best before, sold, expired) and that day.
_A_DAY: Final = re.compile(r"(?=(1[123567])(\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])))", re.ASCII)


def _hiding(found: Mapping[str, str]) -> set[str]:
    """Return the elements of variable length in which another one may be hidden."""
    varying = {key: value for key, value in found.items() if key[:2] not in _WHOLE_LENGTHS}
    return {key for key, value in varying.items() if _may_hide(value, found)}


def _may_hide(value: str, found: Mapping[str, str]) -> bool:
    """Return whether what stands after the first sign of a value may be an element not found."""
    numbers = (key for key in ("10", "21") if key not in found)
    if any(key in value[1:-1] for key in numbers):
        return True
    return any(day[1] not in found for day in _A_DAY.finditer(value, 1))


def _day(digits: str, today: date) -> date:
    """Return the day of YYMMDD; day 00 is the last one of the month."""
    if not (len(digits) == 6 and digits.isascii() and digits.isdecimal()):
        raise InvalidGs1("date")
    year = _century(int(digits[:2]), today) + int(digits[:2])
    month, day = int(digits[2:4]), int(digits[4:])
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, IndexError) as error:
        raise InvalidGs1("date") from error


def _century(two_digits: int, today: date) -> int:
    this_century = today.year // 100 * 100
    gap = two_digits - today.year % 100
    if gap >= 51:
        return this_century - 100
    return this_century + 100 if gap <= -50 else this_century
