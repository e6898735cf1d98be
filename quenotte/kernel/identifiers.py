"""Numbers that name people, places, practices and DICOM things; all examples are fictitious."""

import re
from datetime import date
from itertools import pairwise
from typing import Final, Literal
from uuid import UUID

from stdnum import luhn
from stdnum.fr import nir as _nir

#: Which number an INS authority gives. Source: ANS, OIDs of the INS.
INS_OIDS: Final[dict[str, str]] = {
    "1.2.250.1.213.1.4.8": "nir",
    "1.2.250.1.213.1.4.9": "nia",
    "1.2.250.1.213.1.4.10": "test",
    "1.2.250.1.213.1.4.11": "demonstration",
}

#: Sex (3, 4 while pending; 7, 8 for a NIA), year, month (20-42 and 50-99 when unknown),
#: department (2A and 2B in Corsica), commune or country, order.
_NIR_BODY: Final = re.compile(
    r"([1-478])([0-9]{2})(0[1-9]|1[0-2]|[2-35-9][0-9]|4[0-2])([0-9]{2}|2[AB])([0-9]{3})([0-9]{3})"
)
#: Where a card parts the number: sex, year, month, department, commune, order, key.
_NIR_CUTS: Final = (0, 1, 3, 5, 7, 10, 13, 15)
_THIRTEEN: Final = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}")
_FIFTEEN: Final = re.compile(_THIRTEEN.pattern + "[0-9]{2}")
_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015]")
_SEX_DIGITS: Final = {"M": "137", "F": "248"}
#: Départements were cut up until then (Corsica last): older numbers may keep the former code.
_STEADY_PLACES_SINCE: Final = 1976

_PLACE: Final = re.compile(
    r"(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB])(?!000)[0-9]{3}|(?:97[1-8]|98[46-9])(?!00)[0-9]{2}|99[0-9]{3}"
)
_FINESS: Final = re.compile(r"[0-9]{9}|2[AB][0-9]{7}")
_RPPS: Final = re.compile(r"[0-9]{11}")
_UID: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))+")
_AE_TITLE: Final = re.compile(r"[ -\[\]-~]{1,16}")


def compact_nir(text: str) -> str:
    """Return a NIR as it is stored: no spaces, dots or hyphens, Corsican letters in capitals."""
    return _SEPARATORS.sub("", text).upper()


def nir_key(first13: str) -> str:
    """Return the two digits that close a NIR: 97 minus its first 13 characters modulo 97.

    Raises: ValueError when these are not 13 characters of a NIR.
    Source: INSEE; 2A counts as 19 and 2B as 18.
    """
    if not _THIRTEEN.fullmatch(first13):
        raise ValueError("a NIR begins with 13 characters")
    return _nir.calc_check_digits(first13)


NirFault = Literal["", "length", "character", "key", "sex", "month"]


def nir_fault(text: str) -> NirFault:
    """Return which part of a NIR or NIA is wrong, nothing when it is a right one.

    The key comes before sex and month: a mistyped digit is likelier than an odd number. What a
    right key closes may still have a first digit or a month that no NIR has. Separators are
    allowed. Source: INSEE.
    """
    number = compact_nir(text)
    if len(number) != 15:
        return "length"
    if not _FIFTEEN.fullmatch(number):
        return "character"
    if number[13:] != nir_key(number[:13]):
        return "key"
    if _NIR_BODY.fullmatch(number[:13]):
        return ""
    return "month" if number[0] in "".join(_SEX_DIGITS.values()) else "sex"


def is_valid_nir(text: str) -> bool:
    """Return whether a text is a NIR or NIA with a right key; separators are allowed.

    Source: INSEE; Corsica (2A, 2B), births abroad (99) and unknown months included.
    """
    return not nir_fault(text)


def is_valid_ins(matricule: str, oid: str) -> bool:
    """Return whether a matricule (15 characters, no separator) may go with this OID.

    A NIA never comes with the OID of the NIR, nor a NIR with that of the NIA.
    Source: ANS, Référentiel INS.
    """
    kind = INS_OIDS.get(oid)
    if kind is None or matricule != compact_nir(matricule) or not is_valid_nir(matricule):
        return False
    refused = {"nir": "78", "nia": "12"}.get(kind, "")
    return matricule[0] not in refused


def format_nir(nir: str) -> str:
    """Return « 2 79 03 51 215 189 89 »; a text that has not the length of a NIR comes back."""
    number = compact_nir(nir)
    if len(number) not in {13, 15}:
        return nir
    return " ".join(number[start:end] for start, end in pairwise(_NIR_CUTS)).strip()


def mask_nir(nir: str) -> str:
    """Return « 2 79 03 •• ••• ••• •• »: sex, year and month, which the record shows anyway."""
    number = compact_nir(nir)
    return format_nir(number[:5] + "•" * (len(number) - 5))


def nir_matches(nir: str, *, sex: str, born_on: date, birth_place_code: str = "") -> list[str]:
    """Return what in a NIR contradicts the traits, among: sex, year, month, place.

    An empty list means no contradiction, which proves nothing. Unknown values (sex I, month
    20 and above, no place code) contradict nothing; nor does the place of a birth before 1976,
    when départements were still being cut up. ``number`` alone for what has not the form of a
    NIR; its key is not looked at.
    """
    number = compact_nir(nir)
    if not _NIR_BODY.match(number):
        return ["number"]
    is_steady = born_on.year >= _STEADY_PLACES_SINCE and birth_place_code
    agrees = {
        "sex": number[0] in _SEX_DIGITS.get(sex, number[0]),
        "year": int(number[1:3]) == born_on.year % 100,
        "month": int(number[3:5]) in {born_on.month, *range(13, 100)},
        "place": not is_steady or number[5:10] == birth_place_code.upper(),
    }
    return [trait for trait, is_same in agrees.items() if not is_same]


def is_valid_rpps(number: str) -> bool:
    """Return whether a number is that of a professional: 11 digits, Luhn.

    As it is kept, without separators. Source: ANS.
    """
    return bool(_RPPS.fullmatch(number)) and luhn.is_valid(number)


def is_valid_finess(number: str) -> bool:
    """Return whether a number is that of a structure: 9 characters, Luhn.

    As it is kept, without separators, in capitals. The key of Corsican numbers (2A, 2B) is not
    checked: how their letter counts is not known here, and a true number must not be refused.

    Source: FINESS.
    """
    return bool(_FINESS.fullmatch(number)) and (not number.isdigit() or luhn.is_valid(number))


def is_valid_insee_place(code: str) -> bool:
    """Return whether a code may be that of a birth place: five characters, never a postcode's 000.

    Communes (2A and 2B, or 20 before 1976), overseas (97, 98), countries (99). Whether the
    commune exists is not known here. Source: INSEE, code officiel géographique.
    """
    return bool(_PLACE.fullmatch(code))


def is_valid_dicom_uid(uid: str) -> bool:
    """Return whether a UID keeps the rules: at most 64 digits and dots, no leading zero.

    Source: DICOM PS3.5 chapter 9. Some devices break the zero rule: receive them all the same.
    """
    return len(uid) <= 64 and bool(_UID.fullmatch(uid))


def is_valid_ae_title(title: str) -> bool:
    r"""Return whether a DICOM application may be called so: 1 to 16 ASCII signs but \.

    Leading and trailing spaces mean nothing, so a title of spaces alone is none.
    Source: DICOM PS3.5 6.2 (VR AE).
    """
    return bool(_AE_TITLE.fullmatch(title)) and bool(title.strip())


def uuid_of(text: str) -> UUID | None:
    """Return the id that a page or an agent sent, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
