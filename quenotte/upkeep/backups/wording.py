"""What the page says of the copies beside the sentence: what to do, the state of each place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

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
    Reason.AHEAD: (
        _("Vérifiez l’heure du serveur. Si elle est juste, l’avis s’éteint à leur date."),
        "",
    ),
    Reason.NEVER_COPIED: (_("Faites une copie maintenant, ci-dessous."), _PAGE),
    Reason.SILENT: (
        _("Vérifiez que le support est branché et que le serveur reste allumé, puis copiez."),
        _PAGE,
    ),
    Reason.NEVER_PROVEN: (_("Prouvez une copie maintenant : Quenotte la restaure à part."), _PAGE),
    Reason.OFFSITE_SILENT: (
        _(
            "Lisez pourquoi dans l’historique, ci-dessous, puis copiez : si le cabinet brûlait, "
            "elle ne rendrait rien de plus récent."
        ),
        _PAGE,
    ),
    Reason.BEHIND: (
        _("La page le marque « en retard » : lisez pourquoi dans l’historique, puis copiez."),
        _PAGE,
    ),
    Reason.PLACE_UNPROVEN: (
        _("Prouvez, ci-dessous, l’emplacement qui n’est pas marqué « prouvé »."),
        _PAGE,
    ),
    Reason.JOURNAL: (
        _(
            "La phrase sous le voyant, ou sous l’emplacement, dit pourquoi. Si cela dure, prévenez "
            "votre technicien."
        ),
        "",
    ),
    Reason.PROOF_STALE: (_("Prouvez une copie maintenant."), _PAGE),
    Reason.PROOF_FAILED: (
        _("Ne supprimez rien. Faites une nouvelle copie, puis prouvez-la."),
        _PAGE,
    ),
    Reason.ROTTEN: (_("La page nomme le fichier sous son emplacement, et dit quoi faire."), ""),
    Reason.COPY_FAILED: (_("Lisez pourquoi dans l’historique, puis recommencez la copie."), _PAGE),
    Reason.ALONE: (_("Ajoutez un emplacement hors du cabinet : un coffre, par exemple."), _ADD),
    Reason.ALONE_OFFSITE: (
        _("Ajoutez ici un dossier d’un autre disque : on en revient aussi plus vite."),
        _ADD,
    ),
    Reason.NOTHING_OFFSITE: (
        _("Ajoutez un coffre, hors du cabinet."),
        _ADD,
    ),
    Reason.NEVER_OFFLINE: (
        _("Gardez une copie sur un support que l’on débranche et que l’on emporte."),
        "",
    ),
    Reason.ALL_PLUGGED: (
        _("Dès que sa copie est finie, débranchez-en un et mettez-le à l’abri."),
        "",
    ),
    Reason.OFFLINE_STALE: (_("Branchez le support suivant, copiez, puis débranchez-le."), ""),
    Reason.DISK_REFUSED: (_("Débranchez-le maintenant : il est la copie la plus sûre."), ""),
    Reason.DISK_LEFT: (_("Débranchez-le et mettez-le à l’abri, hors du cabinet."), ""),
    Reason.SAME_DISK: (_("La prochaine fois, branchez l’autre."), ""),
    Reason.NO_KIT: (_("Imprimez la feuille de secours."), _KIT),
    Reason.KIT_SEEN: (_("Faites-en d’autres : les anciennes n’ouvriront plus la suite."), _KIT),
    Reason.KIT: (_("Regardez ce qui manque à la feuille de secours."), _KIT),
}


_DAMAGED_MEDIUM: Final = _(
    "Ce dépôt est abîmé : gardez ce support tel quel, et copiez sur un autre."
)
#: What is damaged of a place that stays where it is; any other is a medium.
_DAMAGED: Final[dict[str, str | Promise]] = {
    "folder": _(
        "Ce dépôt est abîmé : ne supprimez rien. Copiez de nouveau, puis prouvez ; si cela se "
        "répète, ajoutez un dossier d’un autre disque."
    ),
    "vault": _(
        "Ce dépôt est abîmé : prévenez qui tient ce coffre. Copiez de nouveau, puis prouvez ; "
        "d’ici là, comptez sur vos autres emplacements."
    ),
    "cloud": _(
        "Ce dépôt est abîmé : ne supprimez rien, prévenez l’hébergeur. Copiez de nouveau, puis "
        "prouvez ; d’ici là, comptez sur vos autres emplacements."
    ),
}


def advice_of(reason: Reason) -> Advice:
    """Return what is shown for a reason."""
    do, url_name = _TO_DO[reason]
    return Advice(str(REASON_WORDS[reason]), str(do), url_name if url_name != _PAGE else "")


def unreadable(files: Sequence[str]) -> str:
    """Return what is said of files for which stock restic refuses a repository, and what to do."""
    words = _(
        "Fichier abîmé à cet emplacement : {files}. Quenotte le contourne, mais restic refuse tout "
        "le dépôt. Ne supprimez rien : votre technicien le remet d’après un disque du même dépôt, "
        "ou le déplace hors du dépôt, puis vous copiez et prouvez."
    )
    return str(words).format(files=few(files))


def closed() -> str:
    """Return what is said of a place that a paper in force does not open, and what to do."""
    return str(
        _(
            "La feuille de secours (ou ses parts) n’ouvre pas cet emplacement : sa clé n’y est "
            "pas. Sans ce serveur, rien n’en reviendrait. Imprimez une nouvelle feuille, et "
            "gardez l’ancienne ; un coffre dont les clés sont closes se rouvre chez le prestataire."
        )
    )


def lost_for_good(packs: Sequence[str]) -> str:
    """Return what is said of rotten packs of which something lies nowhere else, and what to do."""
    words = ngettext(
        "Paquet abîmé ou absent à cet emplacement : {packs}. Ce que le cabinet en a encore a été "
        "récrit ; des copies plus anciennes n’en reviennent pas entières, et « restic check » le "
        "dira. Ajoutez un emplacement, ou demandez à votre technicien « restic repair packs ».",
        "Paquets abîmés ou absents à cet emplacement : {packs}. Ce que le cabinet en a encore a "
        "été récrit ; des copies plus anciennes n’en reviennent pas entières, et « restic check » "
        "le dira. Ajoutez un emplacement, ou demandez à votre technicien « restic repair packs ».",
        len(packs),
    )
    return words.format(packs=few([pack[:12] for pack in packs]))


def lost_in_past(packs: Sequence[str]) -> str:
    """Return what is said of packs that years which are over have lost, and what to do."""
    words = ngettext(
        "Paquet abîmé ou absent dans une année passée de cet emplacement : {packs}. Les copies "
        "d’aujourd’hui n’y sont pour rien, et aucune ne le récrit ; celles de cette année-là n’en "
        "reviennent plus entières. Ajoutez comme emplacement un dossier ou un disque qui porte "
        "cette année, puis prouvez : Quenotte le remet d’après lui.",
        "Paquets abîmés ou absents dans une année passée de cet emplacement : {packs}. Les copies "
        "d’aujourd’hui n’y sont pour rien, et aucune ne les récrit ; celles de cette année-là n’en "
        "reviennent plus entières. Ajoutez comme emplacement un dossier ou un disque qui porte "
        "cette année, puis prouvez : Quenotte les remet d’après lui.",
        len(packs),
    )
    return words.format(packs=few([pack[:12] for pack in packs]))


def damaged_past() -> str:
    """Return what is said of a place of which only years that are over were found damaged."""
    return str(
        _(
            "Ce qui est abîmé ici est d’une année passée : les copies d’aujourd’hui n’y sont pour "
            "rien, et aucune ne le récrit. Ajoutez comme emplacement un dossier ou un disque qui "
            "porte cette année, puis prouvez : Quenotte le remet d’après lui."
        )
    )


def damaged(kind: str) -> str:
    """Return what is said of a repository of which something was found damaged, and what to do."""
    return str(_DAMAGED.get(kind, _DAMAGED_MEDIUM))


def few(files: Sequence[str]) -> str:
    """Return the names of some files: three at most, or two and how many more."""
    if len(files) <= 3:
        return ", ".join(files)
    return ", ".join(files[:2]) + str(_(" et {count} autres")).format(count=len(files) - 2)
