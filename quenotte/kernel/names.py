"""Names: folded to be compared and found, spelled to be shown."""

import re
import unicodedata
from typing import Final

_LIGATURES: Final = str.maketrans(
    {
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        "ß": "ss",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
    }
)
_WORDS: Final = re.compile(r"[a-z0-9]+")
#: Small words that people drop or move when they write a name.
_PARTICLES: Final = frozenset(
    {"d", "da", "de", "del", "des", "di", "dos", "du", "el", "l", "la", "le", "les", "van", "von"}
)


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents; anything else becomes single spaces."""
    bare = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(_WORDS.findall(kept))


def tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of ``text``, in order."""
    return tuple(fold(text).split())


def compact(text: str) -> str:
    """Return ``text`` folded, without spaces: « Le Gall » and « LEGALL » meet."""
    return fold(text).replace(" ", "")


def same_name(a: str, b: str) -> bool:
    """Tell whether two full names are the same, whatever their order, accents and particles.

    The ``^`` of a DICOM person name counts as a space, and « LEGALL ANNE » is « Le Gall Anne ».
    A name alone never proves an identity.
    """
    if not compact(a) or not compact(b):
        return False
    return _essence(a) == _essence(b) or compact(b) in _rotations(a) or compact(a) in _rotations(b)


def _essence(text: str) -> tuple[str, ...]:
    words = tokens(text)
    return tuple(sorted(word for word in words if word not in _PARTICLES)) or words


def _rotations(text: str) -> set[str]:
    words = tokens(text)
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}


_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^h", ""),
        (r"eaux?|aul?t?\b|aud\b|aux?", "o"),
        (r"ph", "f"),
        (r"sch|sh|ch", "x"),
        (r"qu?|ck|cq|c(?=[aoulrkt]|$)", "k"),
        (r"c(?=[eiy])|ss|z|ç", "s"),
        (r"gu(?=[eiy])|gh", "g"),
        (r"g(?=[eiy])", "j"),
        (r"gn", "n"),
        (r"th", "t"),
        (r"bv", "v"),
        (r"h", ""),
        (r"w", "v"),
        (r"ill|y", "i"),
        (r"[ae][nm](?![aeiou])", "1"),
        (r"[aeiou]?i[nm](?![aeiou])", "2"),
        (r"[ou]n(?![aeiou])|om(?![aeiou])", "3"),
        (r"ai|ei|es(?=t)|er\b|ez\b|et\b", "e"),
        (r"ou", "u"),
        (r"eu|oe", "e"),
        (r"oi", "4"),
        (r"(.)\1+", r"\1"),
    )
)
_SILENT: Final = re.compile(r"(?<=.)(?:e?[stdxpb]+e?|es|e)$")


def phonetic(word: str) -> str:
    """Return a key shared by French spellings of one sound: Lefèvre and Lefebvre, Moreau and Moro.

    Our own rules: they serve to propose, never to decide. Empty for a word without letters.
    """
    key = re.sub(r"[^a-z]", "", fold(word))
    while len(key) > 2 and (shorter := _SILENT.sub("", key)) != key and len(shorter) > 1:
        key = shorter
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key[:1] + re.sub(r"e", "", key[1:]) if key else ""


def display_name(birth_name: str, used_name: str, first_name: str) -> str:
    """Return « DUPONT Marie »; the used name wins over the birth name."""
    return f"{(used_name or birth_name).upper()} {first_name}".strip()


def initials(name: str, first_name: str) -> str:
    """Return the two letters that stand for a face: « MD »."""
    return (first_name[:1] + name[:1]).upper()
