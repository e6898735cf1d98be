"""The national health identity (INS) as the code that papers carry.

Source: ANS, « Format datamatrix INS ».
"""

import unicodedata
from datetime import date
from typing import Final

#: Ends a value shorter than its longest, unless it is the last one.
SEPARATOR: Final = "\x1d"
_HEADER: Final = "IS01" + "0" * 22
_LONGEST_OID, _LONGEST_NAMES = 20, 100
_LETTERS: Final = str.maketrans({"Œ": "OE", "Æ": "AE", "’": "'", "‐": "-", "‑": "-"})


def trait(text: str) -> str:
    """Return a name as a strict trait is written: A to Z, space, apostrophe, hyphen."""
    plain = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
    kept = "".join(sign for sign in plain if sign in " -'" or "A" <= sign <= "Z")
    return " ".join(kept.split())[:_LONGEST_NAMES]


def datamatrix_text(
    *,
    matricule: str,
    oid: str,
    first_names: str,
    family_name: str,
    sex: str,
    born_on: date,
    birth_place: str = "",
) -> str:
    """Return what a Data Matrix says of a qualified identity; of no other may it be made."""
    names, family = trait(first_names), trait(family_name)
    return "".join(
        (
            _HEADER,
            f"S1{matricule}",
            f"S2{oid}{_end(oid, _LONGEST_OID)}",
            f"S3{names}{_end(names, _LONGEST_NAMES)}",
            f"S4{family}{_end(family, _LONGEST_NAMES)}",
            f"S5{sex}",
            f"S6{born_on:%d-%m-%Y}",
            f"S7{birth_place}" if birth_place else "",
        )
    )


def _end(value: str, longest: int) -> str:
    return "" if len(value) >= longest else SEPARATOR
