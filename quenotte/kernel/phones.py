"""Telephone numbers: kept as E.164, shown and typed as French people do."""

import re
import unicodedata
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_FRANCE: Final = 33
#: Overseas départements, dialled from France with ten digits. Source: ARCEP numbering plan.
_OVERSEAS_REGIONS: Final = ("GP", "GF", "MQ", "RE", "YT")
#: Numbers kept for fiction that look like Mayotte's (0639). Source: ARCEP numbering plan.
_FICTION: Final = "63998"
_FRENCH: Final = re.compile("[1-9][0-9]{8}")
_LETTERS: Final = re.compile(r"[^\W\d]+")
_TYPED: Final = re.compile(r"[0-9\s()./+-]*")
_COUNTRY_CODES: Final = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


class InvalidPhone(ValueError):
    """What was typed is no telephone number.

    The text itself is left out: it may be a patient's, and errors are logged.
    """


def parse_phone(text: str, *, region: str = "FR") -> str:
    """Return the E.164 form (``+33199001234``) of a number typed in any usual way.

    Spaces, dots, ``(0)``, ``0033`` are understood. A number of the overseas départements typed
    with ten digits gets its own country code (0692… gives +262692…). Words around a number are
    read over, never turned into digits. Numbers kept for fiction pass; short numbers (15, 3237)
    and extensions don't.

    Raises: InvalidPhone when no number of the region or of the world has this form.
    """
    try:
        number = phonenumbers.parse(_LETTERS.sub(" ", text), region)
    except NumberParseException:
        raise InvalidPhone("no telephone number") from None
    if not _is_complete(number):
        raise InvalidPhone("no telephone number")
    if number.country_code == _FRANCE:
        number = _overseas(number) or number
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def display_phone(e164: str) -> str:
    """Return ``01 99 00 12 34`` for a French number, the international form otherwise.

    What is no number comes back as it is.
    """
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    digits = phonenumbers.national_significant_number(number)
    if _is_dialled_with_ten_digits(number, digits):
        return " ".join(re.findall("..", "0" + digits))
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def phone_search_digits(text: str) -> str:
    """Return the significant digits that begin a number: « 06 39 », « +33 6 39 » give 639.

    The digits of a kept number begin with those of any part typed from its start. Empty when
    the text holds anything but a number, or nothing significant yet (« +3 »).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _TYPED.fullmatch(plain):
        return ""
    digits = re.sub("[^0-9]", "", plain)
    if plain.startswith("+"):
        return _without_country(digits)
    if digits.startswith("00"):
        return _without_country(digits[2:])
    return digits.removeprefix("0")


def _overseas(number: PhoneNumber) -> PhoneNumber | None:
    """Return nine digits as a number of an overseas département, when only that exists."""
    digits = phonenumbers.national_significant_number(number)
    if phonenumbers.is_valid_number(number) or digits.startswith(_FICTION):
        return None
    for region in _OVERSEAS_REGIONS:
        local = phonenumbers.parse("0" + digits, region)
        if phonenumbers.is_valid_number(local):
            return local
    return None


def _is_complete(number: PhoneNumber) -> bool:
    if number.extension:
        return False
    if number.country_code == _FRANCE:
        return bool(_FRENCH.fullmatch(phonenumbers.national_significant_number(number)))
    return phonenumbers.is_possible_number(number)


def _is_dialled_with_ten_digits(number: PhoneNumber, digits: str) -> bool:
    """Return whether ten digits dialled in France reach this number and no other."""
    if not _FRENCH.fullmatch(digits):
        return False
    dialled = PhoneNumber(country_code=_FRANCE, national_number=int(digits))
    return (_overseas(dialled) or dialled).country_code == number.country_code


def _without_country(digits: str) -> str:
    for length in (1, 2, 3):
        if digits[:length] in _COUNTRY_CODES:
            return digits[length:].removeprefix("0")
    return ""
