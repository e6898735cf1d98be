"""The note of a visit: templates, their places, and which of them are still to fill."""

import re
from collections.abc import Mapping
from typing import Final

from quenotte.kernel.names import fold

#: Longest note, in characters: as a signed one.
LONGEST: Final = 10_000
#: Shorter words (« soin », « dent ») tell no act from another.
_TELLING: Final = 5
_PLACE: Final = re.compile(r"\{([^{}\n]{1,40})\}")
#: Places that a visit fills by itself: the others are typed.
PLACES: Final = ("dent", "acte", "actes", "anesthesique", "date", "praticien", "materiaux")
#: Templates that a practice may begin with: name, text.
USUAL_TEMPLATES: Final = (
    (
        "Composite",
        (
            "Dent {dent} : {acte}. Anesthésie : {anesthesique}. Champ opératoire : {champ}. "
            "Teinte {teinte}. Occlusion contrôlée."
        ),
    ),
    (
        "Couronne, empreinte",
        (
            "Dent {dent} : préparation et empreinte ({empreinte}). Anesthésie : {anesthesique}. "
            "Teinte {teinte}. Couronne provisoire posée."
        ),
    ),
    (
        "Endodontie",
        (
            "Dent {dent} : {acte}. Anesthésie : {anesthesique}. Digue posée. "
            "Longueurs de travail : {longueurs}. Obturation contrôlée à la radiographie."
        ),
    ),
    (
        "Extraction",
        (
            "Dent {dent} : {acte}. Anesthésie : {anesthesique}. Sutures : {sutures}. "
            "Conseils donnés par oral et par écrit."
        ),
    ),
    (
        "Détartrage",
        "Détartrage et polissage le {date}. Hygiène : {hygiene}. Prochain contrôle : {controle}.",
    ),
)


def is_about(name: str, told: str) -> bool:
    """Tell whether a template is that of an act: a word of its name is one that tells the act."""
    words = {word for word in fold(name).split() if len(word) >= _TELLING}
    return bool(words & set(fold(told).split()))


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return a text in which each place that is known says what it is; the others stay."""
    return _PLACE.sub(lambda place: known.get(place[1]) or place[0], text)


def unfilled(text: str) -> list[str]:
    """Return the names of the places that are still to fill, each once, in their order."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def appended(text: str, more: str) -> str:
    """Return a note with a template after what was typed, on a line of its own."""
    return f"{text.rstrip()}\n{more}" if text.strip() else more
