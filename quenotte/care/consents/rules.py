"""Pure decisions about consents: what is sealed, which teeth, who may still change what."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal
from quenotte.kernel.names import same_name, tokens
from quenotte.kernel.teeth import is_tooth
from quenotte.kernel.typed_teeth import is_stretch, stretch

LONGEST_PART: Final = 2_000
LONGEST_WORDS: Final = 1_000
LONGEST_QUALITY: Final = 60
#: Words before a name that are not part of it, folded.
_TITLES: Final = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"})


#: « 36-38 », « 36 à 38 »: all the teeth from one to the other.
_TO: Final = re.compile(r"(?<=\d)\s*(?:[-–]|\b[àa]\b)\s*(?=\d)", re.IGNORECASE)
_RUNS: Final = re.compile(r"\d+(?:-\d+)*")


class NotTeeth(Refusal):
    """Numbers that name no teeth, or not those of one arch."""


class State(StrEnum):
    """How far a consent is. Values are stored."""

    PREPARED = "prepared"
    ANSWERED = "answered"
    SEALED = "sealed"
    CANCELLED = "cancelled"


class Decision(StrEnum):
    """What the patient decided. Values are stored."""

    AGREED = "agreed"
    REFUSED = "refused"


class Check(StrEnum):
    """Whether what is kept is still what was signed."""

    INTACT = "intact"
    ALTERED = "altered"


class Quality(StrEnum):
    """As whom somebody says that she signs, whose name is not the one that was expected."""

    SELF = "self"
    PARENT = "parent"
    APPOINTED = "appointed"
    OTHER = "other"


#: How a quality is written down; that of another person is in her own words.
_QUALITIES: Final[Mapping[str, Any]] = {
    Quality.SELF: _("patient, nom confirmé à la signature"),
    Quality.PARENT: _("mère ou père"),
    Quality.APPOINTED: _("tuteur ou personne désignée pour représenter le patient"),
}


def quality_words(quality: str, words: str) -> str:
    """Return how a quality is written down, "" while it is not said."""
    if quality == Quality.OTHER:
        return " ".join(words.replace("\x00", "").split())[:LONGEST_QUALITY]
    return str(_QUALITIES.get(quality, ""))


def is_named(typed: str, surnames: Iterable[str], first_names: Iterable[str]) -> bool:
    """Tell whether a typed name is a person's: one of her surnames, one of her first names.

    Order, case, accents and titles do not matter; any word that is not hers does.
    """
    words = set(tokens(typed)) - _TITLES
    lasts, firsts = set(tokens(" ".join(surnames))), set(tokens(" ".join(first_names)))
    if words & lasts and words & firsts and words <= lasts | firsts:
        return True
    plain = " ".join(word for word in tokens(typed) if word not in _TITLES)
    return any(same_name(plain, f"{last} {first}") for last in surnames for first in first_names)


def digest_of(sealed: Mapping[str, Any]) -> str:
    """Return what seals a consent: SHA-256 (64 hex characters) of one way of writing it.

    Source: FIPS 180-4.
    """
    text = json.dumps(sealed, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file (64 hex characters)."""
    return hashlib.sha256(content).hexdigest()


def grouped(digest: str) -> str:
    """Return a digest in groups of eight: as it is printed, and no number to mask in a journal."""
    return ":".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def check(*, kept: str, again: str, journal: str) -> Check:
    """Return whether three ways to the same digest agree: the row, its content, the journal."""
    return Check.INTACT if kept and kept == again == journal else Check.ALTERED


def teeth_of(text: str) -> str:
    """Return the teeth (FDI) that were typed as they are shown: « 36, 37, 38 » for « 36-38 ».

    Raises: NotTeeth for a number that is no tooth, and for a stretch that leaves its arch.
    """
    joined = _TO.sub("-", text)
    runs = [list(map(int, run.split("-"))) for run in _RUNS.findall(joined)]
    found = [tooth for run in runs for tooth in _stretch(run)]
    return ", ".join(map(str, dict.fromkeys(found)))


def _stretch(run: list[int]) -> list[int]:
    if wrong := [one for one in run if not is_tooth(one)]:
        text = _("La dent %(number)s n’existe pas : les dents vont de 11 à 48 et de 51 à 85.")
        raise NotTeeth(text % {"number": wrong[0]})
    found = run[:1]
    for first, last in pairwise(run):
        row = stretch(first, last)
        if not is_stretch(first, last):
            text = _("De %(first)s à %(last)s, il faut rester sur une arcade.")
            raise NotTeeth(text % {"first": first, "last": last})
        found += row[1:]
    return found


def may_be_withdrawn(*, state: str, decision: str, is_withdrawn: bool) -> bool:
    """Tell whether a consent may still be withdrawn: given, sealed or not, not yet withdrawn."""
    is_given = state in {State.ANSWERED, State.SEALED} and decision == Decision.AGREED
    return is_given and not is_withdrawn
