"""Pure decisions on notes and teeth."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop as _

#: Longest note, in characters: more is a document.
LONGEST_NOTE: Final = 10_000

#: State of a tooth that was seen -> how the drawing shows it, and the words that go with it.
STATES: Final[dict[str, tuple[str, str]]] = {
    "present": ("present", _("présente")),
    "missing": ("missing", _("absente")),
    "unerupted": ("unerupted", _("incluse ou non sortie")),
    "root": ("treated", _("racine restante")),
    "implant": ("implant", _("implant")),
}
_EXPECTED: Final = ("present", _("présente d’après l’âge"))


@dataclass(frozen=True, slots=True)
class ToothShown:
    """A tooth of the drawing: FDI number, state of the drawing, words."""

    fdi: int
    state: str
    words: str


def mouth(expected: Iterable[int], seen: Mapping[int, tuple[str, date]]) -> list[ToothShown]:
    """Return the teeth to draw: those that the age makes expected, and those that were seen.

    What was seen wins over what the age says.
    """
    shown = dict.fromkeys(expected, _EXPECTED)
    shown |= {tooth: STATES[state] for tooth, (state, _day) in seen.items()}
    return [ToothShown(fdi, *shown[fdi]) for fdi in sorted(shown)]


def absent(teeth: Iterable[ToothShown]) -> list[int]:
    """Return the teeth that were seen to be missing."""
    return [tooth.fdi for tooth in teeth if tooth.state == "missing"]


def tidy(text: str) -> str:
    """Return the text as it is kept: NFC, Unix line ends, nothing unseen but lines and tabs."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept.strip()
