"""How many messages a text costs: the alphabets of telephones.

Source: 3GPP TS 23.038 (GSM 7-bit default alphabet and its extension, UCS-2), 3GPP TS 23.040
(concatenation: a header of 6 bytes takes 7 septets of 160, 3 units of 70).
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Signs that take an escape before them: two septets.
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")

#: French typography that telephones do without.
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("’‘‛′", "'"),
        **dict.fromkeys("«»“”„", '"'),
        **dict.fromkeys("–—‑−", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\t", " "),
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
        "ç": "c",
        "\u200b": "",
    }
)


class Alphabet(StrEnum):
    """How the signs are coded."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


#: Units in a message alone, and in each part of a longer one.
_ROOM: Final = {Alphabet.GSM7: (160, 153), Alphabet.UCS2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs: ``units`` septets (GSM-7) or 16-bit units (UCS-2), in ``segments``."""

    alphabet: Alphabet
    units: int
    segments: int
    #: Units that the last segment still holds.
    left: int
    #: Signs that no GSM-7 telephone knows, in the order of the text.
    strange: tuple[str, ...]


def measure(text: str) -> Measure:
    """Return the alphabet, the length and the number of messages of a text."""
    strange = tuple(dict.fromkeys(sign for sign in text if sign not in _BASIC | _EXTENDED))
    alphabet = Alphabet.UCS2 if strange else Alphabet.GSM7
    sizes = [_size(sign, alphabet) for sign in text]
    units = sum(sizes)
    alone, shared = _ROOM[alphabet]
    if units <= alone:
        return Measure(alphabet, units, 1, alone - units, strange)
    segments, filled = _packed(sizes, shared)
    return Measure(alphabet, units, segments, shared - filled, strange)


def simplified(text: str) -> str:
    """Return the text in signs that every telephone knows, where French can be written so.

    Typographic signs become plain, rare accents fall (« août » is « aout »): one accent outside
    the alphabet would double the price. What is no Latin letter stays.
    """
    return "".join(_simplified(sign) for sign in text.translate(_PLAIN))


def _simplified(sign: str) -> str:
    if sign in _BASIC | _EXTENDED:
        return sign
    bare = "".join(it for it in unicodedata.normalize("NFD", sign) if not unicodedata.combining(it))
    return bare if bare and all(it in _BASIC for it in bare) else sign


def _size(sign: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM7:
        return 2 if sign in _EXTENDED else 1
    return 2 if ord(sign) > 0xFFFF else 1


def _packed(sizes: list[int], room: int) -> tuple[int, int]:
    """Fill segments in order; an escape or a surrogate is never cut from its second half."""
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > room:
            segments, filled = segments + 1, 0
        filled += size
    return segments, filled
