"""What the page says of the copies beside the sentence: what to do, the state of each place."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quenotte.upkeep.backups.rules import REASON_WORDS, Light, Reason


@dataclass(frozen=True, slots=True)
class Advice:
    """A reason in words, what to do about it, and where on the page."""

    why: str
    do: str
    url_name: str


_PAGE: Final = "backups:home"
_ADD: Final = "backups:add"
_KIT: Final = "kits:kit"
#: What the light says on each page, in two or three words.
LIGHT_WORDS: Final = {
    Light.GREEN: _("prouvé"),
    Light.AMBER: _("à regarder"),
    Light.RED: _("à faire maintenant"),
}
_TO_DO: Final[dict[Reason, tuple[str | Promise, str]]] = {
    Reason.ANOMALY: (
        _("Lisez le bandeau en haut de la page : il dit ce qui a été vu et quoi faire."),
        "",
    ),
    Reason.NOWHERE: (_("Préparez un premier emplacement."), _ADD),
    Reason.NEVER_COPIED: (_("Faites une copie maintenant, ci-dessous."), _PAGE),
    Reason.SILENT: (
        _("Vérifiez que le support est branché et que le serveur reste allumé, puis copiez."),
        _PAGE,
    ),
    Reason.NEVER_PROVEN: (_("Prouvez une copie maintenant : Quenotte la restaure à part."), _PAGE),
    Reason.PROOF_STALE: (_("Prouvez une copie maintenant."), _PAGE),
    Reason.PROOF_FAILED: (
        _("Ne supprimez rien. Faites une nouvelle copie, puis prouvez-la."),
        _PAGE,
    ),
    Reason.COPY_FAILED: (_("Lisez pourquoi dans l’historique, puis recommencez la copie."), _PAGE),
    Reason.ALONE: (_("Ajoutez un emplacement hors du cabinet : un coffre, par exemple."), _ADD),
    Reason.NEVER_OFFLINE: (
        _("Gardez une copie sur un support que l’on débranche et que l’on emporte."),
        "",
    ),
    Reason.OFFLINE_STALE: (_("Branchez le support suivant, copiez, puis débranchez-le."), ""),
    Reason.NO_KIT: (_("Imprimez la feuille de secours."), _KIT),
    Reason.KIT: (_("Regardez ce qui manque à la feuille de secours."), _KIT),
}


def advice_of(reason: Reason) -> Advice:
    """Return what is shown for a reason."""
    do, url_name = _TO_DO[reason]
    return Advice(str(REASON_WORDS[reason]), str(do), url_name if url_name != _PAGE else "")
