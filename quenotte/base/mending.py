"""What to do about a broken rule: one table, in the words of who lives with it and of who mends it.

A practice reads the first on its page of workstations, its technician the second beside the same
finding: they speak of the same mend, and a rule that changes changes both.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Mend(NamedTuple):
    """What to do now. ``practice`` is None for what no page of a practice shows."""

    technician: Promise
    practice: Promise | None = None


_UPDATE: Final = _(
    "Ce soir, lancez les mises à jour du système et laissez-les finir. Si rien ne s’installe, "
    "appelez votre technicien."
)
_CALL: Final = _("Appelez votre technicien, et lisez-lui cette ligne.")
_ENCRYPT: Final = _(
    "Demandez à votre technicien de chiffrer ce disque (BitLocker, FileVault ou LUKS), et d’en "
    "garder la clé de secours hors du poste."
)
_LOCK: Final = _(
    "Dans les réglages de veille, demandez le mot de passe au retour, après 5 minutes. Touches "
    "Windows + L pour verrouiller en partant."
)
_REPLACE: Final = _(
    "Prévoyez avec votre technicien le nouveau système, ou un autre poste. D’ici là, n’y lisez "
    "pas le courriel."
)
_OFF: Final = _(
    "Éteignez ce poste en partant. S’il doit rester allumé, notez pourquoi sur sa page."
)

#: By the code of a verdict: « rule.reason ».
MENDS: Final[Mapping[str, Mend]] = {
    "updates_recent.old": Mend(
        _(
            "Sur le poste, lisez l’erreur de Windows Update (ou d’apt, de dnf), la place qui "
            "reste et les reports réglés ; installez, puis redémarrez."
        ),
        _UPDATE,
    ),
    "updates_security.over": Mend(
        _("Installez-les ce soir, puis redémarrez. Si l’une échoue, son numéro dit pourquoi."),
        _UPDATE,
    ),
    "updates_reboot.yes": Mend(
        _("Faites-le redémarrer ce soir ; pour un serveur, prévoyez une maintenance."),
        _("Redémarrez-le avant de partir ce soir."),
    ),
    "antivirus_active.inactive": Mend(
        _(
            "Appelez : quelqu’un l’a-t-il arrêté ? Rallumez-le et lisez le journal des menaces. "
            "S’il s’arrête encore, isolez le poste du réseau."
        ),
        _(
            "Rallumez-le maintenant. S’il s’arrête encore, débranchez le câble du réseau et "
            "appelez votre technicien."
        ),
    ),
    "antivirus_active.none": Mend(
        _(
            "Activez Defender ou installez l’antivirus du contrat, puis lancez une analyse "
            "complète."
        ),
        _CALL,
    ),
    "antivirus_fresh.stale": Mend(
        _(
            "Lancez sa mise à jour. Sinon, regardez l’abonnement, la sortie vers Internet et "
            "l’heure du poste."
        ),
        _(
            "Ouvrez-le et lancez sa mise à jour. Si son abonnement est fini, appelez votre "
            "technicien."
        ),
    ),
    "firewall_on.off": Mend(
        _(
            "Rallumez les profils nommés. Arrêté pour un logiciel ? N’ouvrez que le port qu’il "
            "demande."
        ),
        _CALL,
    ),
    "disks_encrypted.plain": Mend(
        _(
            "La sauvegarde prouvée, chiffrez (BitLocker, FileVault, LUKS) et gardez la clé de "
            "secours hors du poste."
        ),
        _ENCRYPT,
    ),
    "os_supported.ended": Mend(
        _(
            "Prévoyez avec le cabinet le nouveau système ou un autre poste ; d’ici là, pas de "
            "courriel sur celui-ci."
        ),
        _REPLACE,
    ),
    "os_supported.probably_ended": Mend(
        _(
            "Vérifiez chez l’éditeur, puis prévoyez avec le cabinet le nouveau système ou un "
            "autre poste."
        ),
        _REPLACE,
    ),
    "screen_locks.never": Mend(
        _("Réglez la veille, par une stratégie : mot de passe au retour, 5 minutes."),
        _LOCK,
    ),
    "screen_locks.late": Mend(
        _("Ramenez la veille à 5 minutes, mot de passe au retour."),
        _LOCK,
    ),
    "admin_daily.yes": Mend(
        _("Faites une session ordinaire pour chaque personne, et gardez l’administrateur à part."),
        _("Demandez à votre technicien une session ordinaire pour chaque personne."),
    ),
    "left_on.night": Mend(
        _(
            "Demandez pourquoi : mise à jour, accès à distance, oubli. S’il doit rester allumé, "
            "accordez une exception."
        ),
        _OFF,
    ),
    "left_on.weekend": Mend(
        _(
            "Demandez pourquoi : mise à jour, accès à distance, oubli. S’il doit rester allumé, "
            "accordez une exception."
        ),
        _OFF,
    ),
    "remote_tools.foreign": Mend(
        _(
            "Appelez : qui l’a installé, et quand ? Inconnu du cabinet : débranchez le réseau, "
            "désinstallez, changez les mots de passe. Convenu : notez-le sous « Ce qui est "
            "convenu »."
        ),
        _(
            "Si vous ne savez pas qui l’a mis, débranchez le câble du réseau et appelez votre "
            "technicien. S’il est convenu avec lui, notez-le sous « Ce qui est convenu »."
        ),
    ),
    "disk_space.full": Mend(
        _(
            "Videz les fichiers temporaires et les vieilles mises à jour ; trouvez ce qui grossit "
            "avant d’agrandir."
        ),
        _("Videz la corbeille et les téléchargements. Sinon, appelez votre technicien."),
    ),
    "disk_health.failing": Mend(
        _(
            "Vérifiez que la sauvegarde est prouvée, puis remplacez-le cette semaine ; aucune "
            "réparation avant."
        ),
        _("Vérifiez que la sauvegarde est prouvée, et faites-le remplacer cette semaine."),
    ),
    "clock_right.over": Mend(
        _(
            "Réglez la synchronisation (NTP). S’il dérive encore, la pile de la carte mère est "
            "usée."
        ),
        _("Dans les réglages de la date, choisissez l’heure automatique."),
    ),
    "power_safe.none": Mend(
        _("Posez un onduleur, relié au serveur par USB, avec l’arrêt automatique."),
        _("Demandez un onduleur à votre technicien, relié au serveur par son câble USB."),
    ),
    "power_safe.on_battery": Mend(
        _(
            "Appelez : courant coupé, ou onduleur débranché ? Si cela dure, faites arrêter le "
            "serveur proprement."
        ),
        _("Vérifiez le disjoncteur et la prise. Si cela dure, enregistrez et éteignez."),
    ),
    "power_safe.low": Mend(
        _("Revoyez-le demain ; si la charge n’est pas remontée, remplacez sa batterie."),
        _("S’il ne se recharge pas d’ici demain, sa batterie est usée : faites-la remplacer."),
    ),
    "messengers.installed": Mend(
        _("Prévenez le cabinet, puis désinstallez ; pour écrire à un confrère, MSSanté."),
        _("Désinstallez-la de ce poste. Pour écrire à un confrère, prenez MSSanté."),
    ),
    "open_ports.open": Mend(
        _(
            "Trouvez ce qui écoute (netstat -abno, ss -ltnp), fermez-le ou filtrez le port. "
            "Attendu : notez-le sous « Ce qui est convenu »."
        ),
        _CALL,
    ),
    "silence.silent": Mend(
        _(
            "Appelez : éteinte, partie, ou réseau coupé ? Si elle marche, relancez son agent et "
            "lisez son journal."
        ),
        _(
            "S’il est éteint ou parti, notez-le sur sa page, ou cessez de le suivre. S’il marche, "
            "appelez votre technicien : son agent est arrêté."
        ),
    ),
    "agent_silence.silent": Mend(
        _("Relancez cet agent et lisez son journal : la machine, elle, marche."),
    ),
    "agent_left.silent": Mend(
        _(
            "Depuis plus de deux mois la machine parle sans lui : s’il a été retiré, révoquez-le "
            "sous « Agents » ; sinon relancez-le."
        ),
    ),
    "backup_anomaly.yes": Mend(
        _(
            "Appelez maintenant : chiffrement en cours, ou grosse importation ? Dans le doute, "
            "débranchez le réseau du serveur et des postes, n’éteignez rien, ne touchez pas aux "
            "copies ; puis « Comme avant », depuis une copie d’avant."
        ),
    ),
    "backup_overdue.old": Mend(
        _(
            "Appelez aujourd’hui. Sur le serveur, Protection > Sauvegardes : lisez pourquoi la "
            "dernière copie a échoué, relancez-la, attendez sa preuve."
        ),
    ),
    "backup_fresh.old": Mend(
        _(
            "Sur le serveur, Protection > Sauvegardes : lisez pourquoi la dernière copie a "
            "échoué, puis relancez-la."
        ),
    ),
    "backup_proven.old": Mend(
        _(
            "Sur le serveur, Protection > Sauvegardes : lancez une preuve et lisez ce qui manque. "
            "Si elle échoue, faites d’abord une copie neuve ailleurs."
        ),
    ),
    "backup_offline.old": Mend(
        _("Faites brancher le disque de la semaine jusqu’à la fin de la copie, puis débrancher."),
    ),
    "medium_left.old": Mend(
        _(
            "Appelez : qu’on le débranche et qu’on le range ailleurs. Branché, un rançongiciel "
            "l’efface avec le reste."
        ),
    ),
    "backup_light.yes": Mend(
        _(
            "Lisez ce que le cabinet dit, sous « Sauvegardes », et ouvrez avec lui Protection > "
            "Sauvegardes."
        ),
    ),
    "backup_silence.silent": Mend(
        _(
            "Appelez : le serveur du cabinet est-il allumé, et relié à Internet ? Lisez le "
            "journal du service Quenotte."
        ),
    ),
    "backup_unknown.not_reported": Mend(
        _("Aucun serveur ne parle pour ce cabinet : inscrivez le sien avec un nouveau jeton."),
    ),
    "licence_ended.ended": Mend(
        _(
            "Renouvelez-la avec le cabinet et notez la nouvelle fin sous « Logiciels » ; si elle "
            "ne sert plus, retirez-la, et le programme avec elle."
        ),
    ),
    "licence_seats.over": Mend(
        _(
            "Comptez avec le cabinet : achetez les postes qui manquent, ou désinstallez le "
            "programme où il ne sert plus. Puis corrigez sous « Logiciels »."
        ),
    ),
    "licence_ending.soon": Mend(
        _(
            "Demandez au cabinet s’il la renouvelle, commandez-la, puis notez la nouvelle fin sous "
            "« Logiciels »."
        ),
    ),
    "unseen.long": Mend(
        _(
            "Regardez l’inventaire : il manque un agent, ou celui-ci n’a pas les droits de lire. "
            "Mettez-le à jour, ou ajoutez le compagnon."
        ),
    ),
}
#: Reasons that ask for the same as another one.
_ALIKE: Final[Mapping[str, str]] = {
    "updates_recent.none": "updates_recent.old",
    "screen_locks.none": "screen_locks.never",
    "backup_overdue.none": "backup_overdue.old",
    "backup_fresh.none": "backup_fresh.old",
    "backup_proven.none": "backup_proven.old",
    "backup_offline.none": "backup_offline.old",
}


def for_practice(code: str) -> str:
    """Return what a practice is asked to do about a code; "" when nothing."""
    mend = _mend(code)
    return str(mend.practice) if mend and mend.practice else ""


def for_technician(code: str) -> str:
    """Return what a technician does about a code; "" when nothing."""
    mend = _mend(code)
    return str(mend.technician) if mend else ""


def _mend(code: str) -> Mend | None:
    return MENDS.get(_ALIKE.get(code, code))
