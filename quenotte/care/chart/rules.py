"""Pure decisions on notes and teeth."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.kernel.teeth import expected_teeth, is_primary, successor

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


def mouth(born_on: date, today: date, seen: Mapping[int, tuple[str, date]]) -> list[ToothShown]:
    """Return the teeth to draw: those that the age makes expected, and those that were seen.

    What was seen wins over what the age says; but a primary tooth seen in a child's mouth is
    gone from the adult's, see ``_is_past``.
    """
    expected = _expected_on(born_on, today)
    shown = dict.fromkeys(expected, _EXPECTED)
    for tooth, (state, seen_on) in seen.items():
        if not _is_past(tooth, state, _expected_on(born_on, seen_on), expected, seen):
            shown[tooth] = STATES[state]
    return [ToothShown(fdi, *shown[fdi]) for fdi in sorted(shown)]


def _is_past(
    tooth: int,
    state: str,
    expected_then: frozenset[int],
    expected: frozenset[int],
    seen: Mapping[int, tuple[str, date]],
) -> bool:
    """Return whether what was seen of a primary tooth says nothing of the mouth today.

    It does once its successor is expected, unless it was still there when the successor already
    was (retained), or the successor was seen to be absent or not to have come out.
    """
    if not is_primary(tooth) or successor(tooth) not in expected:
        return False
    if state == "missing":
        return True
    is_retained = successor(tooth) in expected_then
    is_kept = seen.get(successor(tooth), ("", None))[0] in {"missing", "unerupted"}
    return not (is_retained or is_kept)


def _expected_on(born_on: date, day: date) -> frozenset[int]:
    return expected_teeth((day - born_on).days / 365.25)


def absent(teeth: Iterable[ToothShown]) -> list[int]:
    """Return the teeth that were seen to be missing."""
    return [tooth.fdi for tooth in teeth if tooth.state == "missing"]


def tidy(text: str) -> str:
    """Return the text as it is kept: NFC, Unix line ends, nothing unseen but lines and tabs."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept.strip()
