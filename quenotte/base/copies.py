"""What is said of the copies of a practice, in words that it and its provider both read."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The light of the page of the backups.
LIGHTS: Final[Mapping[str, Promise]] = {
    "green": _("vert"),
    "amber": _("orange"),
    "red": _("rouge"),
}
#: Why it is not green, by the codes that cross (``wire.pulses``).
REASONS: Final[Mapping[str, Promise]] = {
    "anomaly": _("Une anomalie est ouverte : ne branchez pas le disque de sauvegarde."),
    "nowhere": _("Aucune sauvegarde n’est réglée : préparez un premier emplacement."),
    "ahead": _("Des copies ou des preuves sont datées du futur : elles ne comptent pas."),
    "never_copied": _("Aucune copie n’a encore été faite."),
    "silent": _("Aucune copie n’a abouti depuis plus de 26 heures."),
    "offsite_silent": _("Une copie hors du cabinet n’avance plus depuis plus de 26 heures."),
    "behind": _("Un emplacement n’a reçu aucune bonne copie depuis plus de 26 heures."),
    "never_proven": _("Aucune copie n’a encore été restaurée pour preuve."),
    "place_unproven": _("Un emplacement n’a aucune preuve de moins de huit jours."),
    "proof_stale": _("La dernière preuve a plus de huit jours."),
    "proof_failed": _("La dernière preuve a échoué : regardez pourquoi."),
    "rotten": _("Un fichier d’un emplacement est abîmé : restic refuserait ce dépôt."),
    "copy_failed": _("La dernière copie d’un emplacement a échoué."),
    "journal": _(
        "Le suivi à la minute est en retard, ou incomplet à un emplacement ; les copies n’en "
        "dépendent pas."
    ),
    "alone": _(
        "Les copies tiennent à un seul support, dans le cabinet : une panne, un incendie ou un vol "
        "emporterait tout."
    ),
    "alone_offsite": _(
        "Les copies tiennent à un seul support, hors du cabinet : s’il manque, rien ne revient."
    ),
    "nothing_offsite": _(
        "Aucune copie connue n’est hors du cabinet : un incendie ou un vol emporterait tout."
    ),
    "never_offline": _("Aucune copie n’est débranchée, hors d’atteinte."),
    "all_plugged": _(
        "Aucun disque n’est débranché en ce moment : un rançongiciel les chiffrerait tous."
    ),
    "offline_stale": _("Aucune copie débranchée n’a moins de huit jours."),
    "disk_refused": _("Un disque est branché alors qu’une anomalie est ouverte."),
    "disk_left": _("Un disque est resté branché."),
    "same_disk": _("Le même disque a servi deux fois de suite."),
    "no_kit": _("Aucune feuille de secours n’ouvre ces copies sans ce serveur."),
    "kit_seen": _(
        "Une feuille ou des parts de secours ont été vues ou perdues : elles ouvrent encore les "
        "copies."
    ),
    "kit": _("La feuille de secours n’est pas prouvée."),
}  # fmt: skip
