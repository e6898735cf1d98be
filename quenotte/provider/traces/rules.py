"""What may be opened of a practice, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What each code says; a test finds the code that has no words.
WORDS: Final[Mapping[str, Promise]] = {
    "fleet": _("Page du cabinet"),
    "customer": _("Fiche du cabinet"),
    "contract": _("Contrat du cabinet"),
    "former": _("Liste des anciens cabinets"),
    "machine": _("Page d’une machine"),
    "changes": _("Changements d’une machine"),
    "evidence": _("Preuves du cabinet"),
    "incident": _("Incident"),
    "incidents": _("Liste des incidents"),
    "enrolment": _("Inscription d’une machine"),
    "digest": _("Bilan du cabinet"),
    "maintenance": _("Maintenance"),
    "exemption": _("Exception"),
    "question": _("Question posée aux machines"),
    "answers": _("Réponses des machines"),
    "software": _("Logiciels du cabinet"),
    "licences": _("Liste des licences à revoir"),
    "search": _("Recherche dans le parc"),
    "export": _("Export d’une recherche"),
    "openings": _("Liste de ceux qui ont ouvert ce cabinet"),
}


def words_of(what: str) -> str:
    """Return what a code says; a code of an older release says itself."""
    return str(WORDS.get(what, what))
