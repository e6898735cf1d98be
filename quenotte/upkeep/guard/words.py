"""What the guard says: what was seen, what it means, what to do. No figure without its unit."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quenotte.upkeep.guard.facts import Compared
from quenotte.upkeep.guard.signals import Sign, Signal

#: What the notice says first, on every page.
ALARM: Final = _("Ne branchez pas le disque de sauvegarde.")
#: What the national help for victims advises. Source: cybermalveillance.gouv.fr.
ADVICE: Final = (
    _("Débranchez le câble réseau du serveur, sans l’éteindre."),
    _("Ne branchez aucun disque de sauvegarde, ne supprimez rien, ne payez rien."),
    _("Appelez votre prestataire avec un téléphone, et gardez les preuves."),
    _("Portez plainte avant de réinstaller : l’assureur la demandera."),
)


#: What is not compared row by row, as the page of the backups says it.
COMPARED: Final[Mapping[Compared, str | Promise]] = {
    Compared.ALL: "",
    Compared.SEALED: _(
        "La base dépasse {gib} Gio : à chaque copie, les lignes qui ne changent presque jamais "
        "sont comparées une à une, les autres seulement comptées."
    ),
    Compared.NONE: _(
        "À chaque copie, les lignes de la base sont comptées, pas comparées une à une : des lignes "
        "changées sur place ne se verraient pas."
    ),
}


def compared(which: Compared, most_bytes: int) -> str:
    """Return what is not compared row by row, "" when all is. ``most_bytes``: of a database."""
    return str(COMPARED[which]).format(gib=most_bytes >> 30)


def sentence_of(signal: Signal) -> str:
    """Return one sign as a sentence."""
    if signal.sign in _PLURALS:
        return _PLURALS[signal.sign](signal)
    return str(_TEXTS[signal.sign]).format(
        count=signal.count,
        total=signal.total,
        count_mb=round(signal.count / 1e6),
        total_mb=round(signal.total / 1e6),
        names=", ".join(signal.names),
    )


def _canary(signal: Signal) -> str:
    return ngettext(
        "{count} fichier témoin a été modifié : un programme touche à tout ce qu’il trouve.",
        "{count} fichiers témoins ont été modifiés : un programme touche à tout ce qu’il trouve.",
        signal.count,
    ).format(count=signal.count)


def _altered(signal: Signal) -> str:
    return ngettext(
        "{count} image ou document enregistré n’est plus le même, alors qu’il ne peut pas changer.",
        "{count} images ou documents enregistrés ne sont plus les mêmes, alors qu’ils ne peuvent "
        "pas changer.",
        signal.count,
    ).format(count=signal.count)


def _vanished(signal: Signal) -> str:
    return ngettext(
        "{count} image ou document enregistré a disparu du serveur.",
        "{count} images ou documents enregistrés ont disparu du serveur.",
        signal.count,
    ).format(count=signal.count)


def _marked(signal: Signal) -> str:
    return ngettext(
        "{count} fichier porte un nom que laissent des rançongiciels.",
        "{count} fichiers portent un nom que laissent des rançongiciels.",
        signal.count,
    ).format(count=signal.count)


_PLURALS: Final[Mapping[Sign, Callable[[Signal], str]]] = {
    Sign.CANARY: _canary,
    Sign.BLOB_ALTERED: _altered,
    Sign.BLOB_VANISHED: _vanished,
    Sign.MARKED: _marked,
}
_TEXTS: Final[Mapping[Sign, str | Promise]] = {
    Sign.UNREADABLE: _("La base de données ne se lit plus, ou se lit avec des fautes."),
    Sign.JOURNAL: _("Le journal des accès a perdu des lignes, ou l’une d’elles a été réécrite."),
    Sign.VAULT: _("Le journal de réception du coffre contredit ce qui en était retenu."),
    Sign.SEALED: _("{count} lignes qui ne changent jamais ont changé ({names})."),
    Sign.MEMORY: _(
        "La base ne se souvient plus d’aucune bonne copie, alors qu’il y en a : ce que la garde "
        "avait retenu a été effacé."
    ),
    Sign.REOPENED: _(
        "Cette anomalie a été close dans la base, sans que personne ne le fasse dans Quenotte : "
        "elle est rouverte."
    ),
    Sign.SIGNATURES: _(
        "{count} nouveaux fichiers sur {total} ne ressemblent à aucun format connu."
    ),
    Sign.NOISE: _("{count} % de la base est devenu du bruit, comme après un chiffrement."),
    Sign.ROWS_RUINED: _("{count} lignes ont disparu de la base ({names})."),
    Sign.ROWS_DROPPED: _("{count} lignes manquent, peu à peu ou d’un coup ({names})."),
    Sign.ROWS_CHANGED: _("{count} lignes ont changé d’un seul coup ({names})."),
    Sign.ROWS_ADDED: _("{count} lignes sont apparues d’un seul coup ({names})."),
    Sign.SCHEMA: _("Les tables de la base ont changé sans mise à jour de Quenotte."),
    Sign.SMALL: _("La copie tient {count_mb} Mo, la précédente en tenait {total_mb}."),
    Sign.FILES_LOST: _("{count} fichiers de réglages sur {total} ont disparu ou changé."),
    Sign.COLLAPSE: _("{count} % de la base a été réécrit depuis la dernière copie."),
    Sign.LARGE: _("La copie ajoute {count_mb} Mo, quand une nuit ordinaire en ajoute {total_mb}."),
}
