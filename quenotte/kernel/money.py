"""Money in whole cents: read as French people type it, shown as they read it, shared fairly."""

import re
from typing import Final

from quenotte.kernel.units import format_count_fr

_NO_BREAK: Final = "\u00a0"
_MINUS: Final = "\u2212"
#: « 1 234,5 », « 1234.50 € », « 12,- »: an amount once its spaces are gone.
_AMOUNT: Final = re.compile(r"([-\u2212+]?)(\d{1,9})(?:[,.](\d{1,2}|-))?(?:€|euros?|eur)?")
#: A point parts the thousands when three digits follow and a comma comes later, or none does.
_THOUSANDS: Final = re.compile(r"(?<=\d)\.(?=\d{3}(?:\D|$))")


class InvalidAmount(ValueError):
    """What was typed is no amount of money."""


def format_euros(cents: int) -> str:
    """Return ``1 234,50 €`` (U+202F between thousands, U+00A0 before the sign).

    Units: cents. A true minus sign (U+2212) stands before a negative amount.
    """
    euros, rest = divmod(abs(cents), 100)
    sign = _MINUS if cents < 0 else ""
    return f"{sign}{format_count_fr(euros)},{rest:02d}{_NO_BREAK}€"


def format_plain(cents: int) -> str:
    """Return ``1234,50``: an amount as a field shows it and reads it again. Units: cents."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros},{rest:02d}"


def parse_euros(text: str) -> int:
    """Return the cents of a typed amount: ``1 234,50 €``, ``1234.5``, ``23``, ``1.234,50``.

    Units: cents. Raises: InvalidAmount for what is none, or has more than two decimals.
    """
    solid = "".join(text.lower().split())
    match = _AMOUNT.fullmatch(_THOUSANDS.sub("", solid) if "," in solid else solid)
    if match is None:
        raise InvalidAmount(text)
    sign, euros, rest = match.groups()
    cents = int(euros) * 100 + int((rest or "0").replace("-", "0").ljust(2, "0"))
    return -cents if sign in {"-", _MINUS} else cents


def permille_of(cents: int, permille: int) -> int:
    """Return a share of an amount, rounded half up, away from zero when it is negative.

    Units: cents; thousandths (600 is 60 %, 157 is 15,7 %).
    Source: model of quotation of the 2018 convention, amounts rounded line by line.
    """
    product = abs(cents) * permille
    share = (product + 500) // 1000 if permille >= 0 else -((-product + 500) // 1000)
    return share if cents >= 0 else -share


def split_evenly(cents: int, parts: int) -> list[int]:
    """Return an amount cut into equal parts whose sum is exact; the first ones take the cents.

    Units: cents. Raises: ValueError for no part.
    """
    if parts < 1:
        raise ValueError("an amount is cut into one part at least")
    least, rest = divmod(abs(cents), parts)
    sign = 1 if cents >= 0 else -1
    return [sign * (least + (place < rest)) for place in range(parts)]
