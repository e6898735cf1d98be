"""Telephone numbers: kept as E.164, shown and typed as French people do."""

import re

import phonenumbers


class InvalidPhone(ValueError):
    """What was typed is no telephone number."""


def parse_phone(text: str, *, region: str = "FR") -> str:
    """Return the E.164 form (``+33199001234``) of a number typed in any usual way.

    Raises: InvalidPhone when no number of the region or of the world has this form.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone(text) from error
    if not phonenumbers.is_possible_number(number):
        raise InvalidPhone(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display_phone(e164: str) -> str:
    """Return ``01 99 00 12 34`` for a French number, the international form otherwise."""
    try:
        number = phonenumbers.parse(e164, "FR")
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if number.country_code == 33:
        style = phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, style)


def phone_search_digits(text: str) -> str:
    """Return the significant digits that begin a number: « 06 39 », « +33 6 39 » -> ``639``."""
    stripped = text.strip()
    digits = re.sub(r"\D", "", stripped)
    for prefix in ("0033", "33" if stripped.startswith("+") else "0033"):
        if digits.startswith(prefix):
            return digits[len(prefix) :].lstrip("0")
    return digits.removeprefix("0")
