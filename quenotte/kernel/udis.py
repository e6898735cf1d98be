"""Codes of medical devices, whichever the form: GS1 or HIBC. Their first signs tell which."""

from datetime import date

from quenotte.kernel import gs1, hibc

#: What a code says of a product: gtin (or its like in HIBC), lot, serial, expires_on, shown.
Udi = gs1.Udi | hibc.Udi
#: Longest text that can be one code, or two read one after the other, in characters.
LONGEST = gs1.LONGEST


class InvalidUdi(ValueError):
    """The text says nothing sure; ``reason`` is that of ``InvalidGs1`` or ``InvalidHibc``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def looks_like_udi(text: str) -> bool:
    """Return whether a reader, or a person, typed what begins as the code of a product."""
    return hibc.looks_like_hibc(text) or gs1.looks_like_gs1(text)


def parse(text: str, *, today: date) -> Udi:
    """Return what the code of a product says; ``today`` decides the century of a year.

    Raises: InvalidUdi.
    """
    try:
        if hibc.looks_like_hibc(text):
            return hibc.parse(text, today=today)
        return gs1.parse(text, today=today)
    except (gs1.InvalidGs1, hibc.InvalidHibc) as error:
        raise InvalidUdi(error.reason) from error


def is_half(read: Udi) -> bool:
    """Return whether a code is the first of two: the product of a HIBC, and nothing of its lot."""
    return isinstance(read, hibc.Udi) and not (read.lot or read.serial or read.expires_on)


def product_of(text: str, *, today: date) -> str:
    """Return the product that a person typed or scanned: a GTIN of 14 digits, or that of a HIBC.

    Raises: InvalidUdi.
    """
    plain = "".join(text.split()).upper()
    if hibc.is_product(plain):
        return plain
    if hibc.looks_like_hibc(text):
        return parse(text, today=today).gtin
    if not gs1.is_gtin(plain.zfill(14)):
        raise InvalidUdi("check_digit")
    return plain.zfill(14)
