"""What is said of a document that holds no more, or that nobody changes, by what it is."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.documents.rules import Kind

_ENDED: Final[dict[str, Any]] = {
    Kind.CONSENT: _("Accord retiré"),
    Kind.PASSPORT: _("N’est plus à jour"),
}
_SEALED: Final[dict[str, Any]] = {
    Kind.CONSENT: _(
        "Signé : il ne se modifie pas. Si le patient retire son accord, cela se note dans "
        "« Consentements »."
    ),
    Kind.QUESTIONNAIRE: _(
        "Signé : il ne se modifie pas. Le questionnaire rempli ensuite prend sa place."
    ),
    Kind.PASSPORT: _(
        "Établi par le cabinet : il ne se modifie pas. Corrigez les implants dans "
        "« Traçabilité », puis établissez-en un autre."
    ),
}


def ended_words(kind: str) -> str:
    """Return what a document that holds no more says of itself."""
    return str(_ENDED.get(kind, _("Annulé")))


def sealed_words(kind: str) -> str:
    """Return why a document made here does not change, and what to do when it is wrong."""
    other = _(
        "Émis par le cabinet : il ne se modifie pas. S’il est faux, il s’annule là où il a été "
        "fait."
    )
    return str(_SEALED.get(kind, other))
