"""Numbers of people, professionals and structures, and how they are checked."""

import itertools
import re
from datetime import date
from typing import Final

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import nir as stdnum_nir

#: Authority of an INS matricule -> kind of number. Source: ANS, list of OIDs.
INS_OIDS: Final[dict[str, str]] = {
    "1.2.250.1.213.1.4.8": "nir",
    "1.2.250.1.213.1.4.9": "nia",
    "1.2.250.1.213.1.4.10": "test",
    "1.2.250.1.213.1.4.11": "demonstration",
}

_PLACE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[789])\d{3}")
_UID = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+")


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text).upper()


def nir_key(first13: str) -> str:
    """Return the two-digit key of the 13 first characters of a NIR.

    Raises: ValueError when they are not 13 characters of a NIR.
    Source: 97 minus the number modulo 97; Corsica 2A counts as 19, 2B as 18.
    """
    number = first13.replace("2A", "19").replace("2B", "18")
    if not re.fullmatch(r"\d{13}", number):
        raise ValueError("a NIR begins with 13 characters")
    return f"{97 - int(number) % 97:02d}"


def is_valid_nir(text: str) -> bool:
    """Tell whether ``text`` is a NIR of 15 characters whose key agrees."""
    try:
        return len(stdnum_nir.validate(_bare(text))) == 15
    except ValidationError:
        return False


def is_valid_ins(matricule: str, oid: str) -> bool:
    """Tell whether a matricule and the OID of its authority form an INS."""
    return oid in INS_OIDS and is_valid_nir(matricule)


def format_nir(nir: str) -> str:
    """Return a NIR in the groups printed on the card: ``2 79 03 51 215 189 89``."""
    bare = _bare(nir)
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    groups = (bare[start:end] for start, end in itertools.pairwise(cuts))
    return " ".join(group for group in groups if group)


def mask_nir(nir: str) -> str:
    """Return a NIR of which only the first five characters show."""
    bare = _bare(nir)
    return format_nir(bare[:5] + "•" * (len(bare) - 5))


def nir_matches(nir: str, *, sex: str, born_on: date, birth_place_code: str = "") -> list[str]:
    """Return what in a NIR contradicts the traits: any of ``sex``, ``year``, ``month``, ``place``.

    A fictive month (above 12) contradicts nothing. Empty list: no contradiction.
    """
    bare = _bare(nir)
    sexes = {"1": "M", "3": "M", "7": "M", "2": "F", "4": "F", "8": "F"}
    contradictions = []
    if sex in {"M", "F"} and sexes.get(bare[:1]) not in {sex, None}:
        contradictions.append("sex")
    if bare[1:3] != f"{born_on:%y}":
        contradictions.append("year")
    if bare[3:5].isdigit() and 1 <= int(bare[3:5]) <= 12 and int(bare[3:5]) != born_on.month:
        contradictions.append("month")
    if birth_place_code and bare[5:10] != birth_place_code.upper():
        contradictions.append("place")
    return contradictions


def is_valid_rpps(text: str) -> bool:
    """Tell whether ``text`` is a professional's number: 11 digits, Luhn."""
    bare = _bare(text)
    return bool(re.fullmatch(r"\d{11}", bare)) and luhn.is_valid(bare)


def is_valid_finess(text: str) -> bool:
    """Tell whether ``text`` is a structure's number: 9 characters, Luhn on its digits."""
    bare = _bare(text)
    if not re.fullmatch(r"\d(?:\d|[AB])\d{7}", bare):
        return False
    # Corsica (2A, 2B) has no agreed check: the letter is not a digit.
    return not bare.isdigit() or luhn.is_valid(bare)


def is_valid_insee_place(code: str) -> bool:
    """Tell whether ``code`` has the form of a COG code: commune, overseas (97, 98), abroad (99)."""
    return bool(_PLACE.fullmatch(code.upper()))


def is_valid_dicom_uid(uid: str) -> bool:
    """Tell whether ``uid`` is a DICOM unique identifier. Source: PS3.5 section 9.1."""
    return len(uid) <= 64 and bool(_UID.fullmatch(uid))


def is_valid_ae_title(title: str) -> bool:
    """Tell whether ``title`` may name an application entity. Source: PS3.5 section 6.2 (AE)."""
    text = title.strip(" ")
    return 1 <= len(text) <= 16 and text.isascii() and text.isprintable() and "\\" not in text
