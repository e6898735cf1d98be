"""Names of people: compared, searched, shown."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import permutations
from typing import Final

#: Letters that Unicode does not decompose, as a French keyboard spells them.
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_ASCII_WORDS: Final = re.compile(r"[a-z0-9]+")

#: Small words that devices drop, glue or move.
_PARTICLES: Final = frozenset(
    "al d da dal de del della den der des di do dos du el l la las le les los ten ter van von y zu"
    " zum zur".split()
)
_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte"}
#: Beyond so many words only their order is ignored, not where they are cut.
_MOST_WORDS_GLUED: Final = 5


def fold(text: str, *, also: str = "") -> str:
    """Return the text without accents, case or punctuation, its words one space apart.

    Ligatures are spelt out; apostrophes, hyphens and all other signs separate words, but those of
    ``also``, which stay. ``fold(fold(x)) == fold(x)``.
    """
    if text.isascii() and not also:
        return " ".join(_ASCII_WORDS.findall(text.lower()))
    plain = _decomposed(_decomposed(text)).translate(_LETTERS)
    return " ".join("".join(sign if sign in also else _kept(sign) for sign in plain).split())


def tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of a text."""
    return tuple(fold(text).split())


def compact(text: str) -> str:
    """Return the folded text without spaces: « d’Hervé » gives « dherve »."""
    return fold(text).replace(" ", "")


def same_name(a: str, b: str) -> bool:
    """Return whether two full names may be the same person's.

    Order, accents, case, hyphens, glued words (LE GALL, LEGALL) and missing particles don't
    matter; every other word does. Either side may be a DICOM person name
    (``DUPONT^MARIE^^MME``): its prefix and suffix are titles, and only its first group, the
    alphabetic one, counts. An empty name equals nothing.

    Source: DICOM PS3.5 6.2.1 (VR PN).
    """
    first, second = _compared_words(a), _compared_words(b)
    if not first or not second:
        return False
    return _same_words(first, second) or _same_without_particles(first, second)


def phonetic(word: str) -> str:
    """Return how a French surname sounds, so that misspelled ones meet: Gauthier, Gotier.

    Spaces don't count: « Le Maître » sounds like « Lemaitre ». Lower-case letters and the
    digits 1 (an), 2 (in), 3 (on), 4 (ch), 5 (y in Royer); empty when nothing is written in
    Latin letters. Made for finding, never for proving: different names may sound alike.
    """
    sound = re.sub("[^a-z]", "", compact(word))
    for pattern, heard in _SOUNDS:
        sound = pattern.sub(heard, sound)
    return sound


def display_name(birth_name: str, used_name: str, first_name: str) -> str:
    """Return « DUPONT Marie »: the used name wins over the birth name, accents stay."""
    return " ".join(f"{(used_name.strip() or birth_name).upper()} {first_name}".split())


def initials(name: str, first_name: str) -> str:
    """Return « MD » for Marie Dupont: the letters shown where there is no photo."""
    return "".join(_first_letter(part) for part in (first_name, name))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()


def _kept(sign: str) -> str:
    """Return a letter or digit itself, nothing for an accent, a space for the rest."""
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":
        return ""
    # Lm holds the apostrophes that are letters to Unicode.
    is_word = (category[0] == "L" and category != "Lm") or category == "Nd"
    return sign if is_word else " "


def _compared_words(name: str) -> tuple[str, ...]:
    if "^" in name or "=" in name:
        name = " ".join(name.partition("=")[0].split("^")[:3])
    return tuple(_ABBREVIATIONS.get(word, word) for word in tokens(name))


def _same_words(a: Sequence[str], b: Sequence[str]) -> bool:
    if sorted(a) == sorted(b):
        return True
    if sorted("".join(a)) != sorted("".join(b)) or max(len(a), len(b)) > _MOST_WORDS_GLUED:
        return False
    return _is_glued_from(a, b) or _is_glued_from(b, a)


def _is_glued_from(glued: Sequence[str], words: Sequence[str]) -> bool:
    """Return whether each word of ``glued`` is made of whole ``words``, all of them used."""
    if not glued:
        return not words
    for count in range(1, len(words) + 1):
        for chosen in permutations(range(len(words)), count):
            left = [word for at, word in enumerate(words) if at not in chosen]
            made = "".join(words[at] for at in chosen)
            if made == glued[0] and _is_glued_from(glued[1:], left):
                return True
    return False


def _same_without_particles(a: Sequence[str], b: Sequence[str]) -> bool:
    """Compare once one side lacks particles; « Le Thi » and « Du Thi » are two people."""
    dropped = [{word for word in words if word in _PARTICLES} for words in (a, b)]
    if not (dropped[0] < dropped[1] or dropped[1] < dropped[0]):
        return False
    missing = dropped[0] ^ dropped[1]
    left = [[word for word in words if word not in missing] for words in (a, b)]
    return not _PARTICLES.issuperset(left[0]) and _same_words(*left)


def _first_letter(text: str) -> str:
    return next((sign.upper() for sign in text if sign.isalnum()), "")


def _rules(*rules: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), heard) for pattern, heard in rules)


#: From letters to sounds, in this order: each rule counts on those before it. Vowels end up as
#: a, e, i, o, u, q (eu), w (ou) and the digits told in ``phonetic``.
_SOUNDS: Final = _rules(
    # Consonants, first those that the next letter changes.
    (r"sch|sh|ch(?=[aeiouy])", "4"),
    (r"ch", "k"),
    (r"ph", "f"),
    (r"h", ""),
    (r"b(?=v)|p(?=t)", ""),
    (r"(?<=au)l(?=[dtx])", ""),
    (r"c?qu|c?q|c?k", "k"),
    (r"(?<=n)c(?=oi)|s?c(?=[eiy])|z", "s"),
    (r"c", "k"),
    (r"gn", "ni"),
    (r"(?<=n)g(?=[^aeiouylr])", ""),
    (r"gu(?=[eiy])", "g0"),
    (r"ge(?=[aou])|g(?=[eiy])", "j"),
    (r"0", ""),
    (r"je(?=[ao])", "j"),
    (r"w", "v"),
    # The consonants that end a name unheard; « er » last, so that Hubert keeps its r.
    (r"(?<=..)[sx]+$", ""),
    (r"(?<=..)er$", "e"),
    (r"(?<=..)[dt]+$|(?<=.[mnu])p$|(?<=.[nr])[gk]$", ""),
    # The y of Royer and Maillard, then nasal vowels (no vowel, n or m may follow).
    (r"(?<=[aeou])ill(?=[aeiouy])|(?<=[aeou])il$|(?<=[aeou])[iy](?=[aeiou])", "5"),
    (r"oin(?![aeiouymn])", "w2"),
    (r"(?<=[iy5])en(?![aeiouymn])", "2"),
    (r"(?:ai|ei|i|y|(?<![aeo])u)[nm](?![aeiouymn])", "2"),
    (r"[ae][nm](?![aeiouymn])", "1"),
    (r"o[nm](?![aeiouymn])", "3"),
    # Vowels written with several letters; the e that ends a name is silent, or like it.
    (r"e?au", "o"),
    (r"o?eu", "q"),
    (r"ou", "w"),
    (r"o[iy]", "wa"),
    (r"[ae][iy]", "e"),
    (r"y", "i"),
    (r"(?<=..)e+$", ""),
    (r"x", "ks"),
    (r"(.)\1+", r"\1"),
)
