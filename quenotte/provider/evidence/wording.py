"""What a dossier says: themes, items, the sentences that a person answers, answers and reasons.

A sentence is put so that « oui » is well and « non » is to be mended.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.memento.answering import Given, Reason
from quenotte.kernel.memento.comparing import Turn
from quenotte.kernel.memento.items import CHARTER, Sheet
from quenotte.kernel.posture.terms import State, Theme

THEMES: Final[Mapping[str, Promise]] = {
    Theme.LEGAL: _("Obligations légales et contrats"),
    Theme.PEOPLE: _("Les personnes et leurs habitudes"),
    Theme.PREMISES: _("Les locaux"),
    Theme.EQUIPMENT: _("Le matériel et les logiciels"),
    Theme.ACCESS: _("L’accès aux informations"),
    Theme.INCIDENTS: _("Sauvegardes et incidents"),
}

ITEMS: Final[Mapping[str, Promise]] = {
    "register": _("Registre des traitements"),
    "notice": _("Information des patients"),
    "retention": _("Durées de conservation"),
    "staff_charter": _("Charte du personnel"),
    "contract": _("Contrat avec le prestataire"),
    "processors": _("Contrats avec les autres sous-traitants"),
    "technicians_charter": _("Charte des techniciens"),
    "hosting": _("Données hébergées ailleurs"),
    "referent": _("Personne responsable de la sécurité"),
    "training": _("Sensibilisation de l’équipe"),
    "clean_desk": _("Bureaux et papiers rangés"),
    "shared_accounts": _("Mots de passe non partagés"),
    "leavers": _("Départs"),
    "telephone": _("Téléphone et appareils personnels"),
    "server_room": _("Serveur et box à l’abri"),
    "screens": _("Écrans à l’abri des regards"),
    "trays": _("Imprimantes et scanners"),
    "keys": _("Clés et alarme"),
    "laptops": _("Ordinateurs portables attachés"),
    "switched_off": _("Postes éteints hors des horaires"),
    "power": _("Coupures de courant"),
    "medium": _("Disque de sauvegarde à l’abri"),
    "inventory": _("Inventaire complet, machines entendues"),
    "updates": _("Mises à jour des systèmes"),
    "software_updates": _("Mises à jour des logiciels"),
    "firmware": _("Mises à jour des autres appareils"),
    "supported": _("Systèmes suivis par leur éditeur"),
    "antivirus": _("Antivirus"),
    "firewall": _("Pare-feu et ports ouverts"),
    "encryption": _("Chiffrement des disques"),
    "disks": _("État des disques"),
    "remote": _("Prise en main à distance"),
    "mobile": _("Téléphones et tablettes"),
    "removable": _("Clés USB et disques apportés"),
    "disposal": _("Mise au rebut"),
    "maintenance": _("Fiches d’intervention"),
    "accounts": _("Comptes individuels"),
    "second_factor": _("Mots de passe et second facteur"),
    "roles": _("Droits selon le rôle"),
    "card": _("Cartes CPS"),
    "lock": _("Verrouillage de l’écran"),
    "administrators": _("Travail sans droits d’administrateur"),
    "traces": _("Relecture des traces"),
    "wifi": _("Wi-Fi des visiteurs"),
    "messaging": _("Messagerie sécurisée"),
    "backup_daily": _("Sauvegarde quotidienne"),
    "backup_offline": _("Copie déconnectée"),
    "backup_restored": _("Restauration essayée"),
    "backup_sealed": _("Sauvegardes chiffrées"),
    "anomalies": _("Anomalies dans les copies"),
    "clocks": _("Horloges à l’heure"),
    "rescue_sheet": _("Feuille de secours sur papier"),
    "callers": _("Qui appeler"),
    "without_computer": _("Travailler sans informatique"),
    "ransom": _("Conduite en cas de rançon"),
    "notification": _("Violation de données"),
    "reporting": _("Signalement et plainte"),
    "drill": _("Exercice"),
}

#: What a person answers, for each item that asks one.
QUESTIONS: Final[Mapping[str, Promise]] = {
    "register": _("Le registre des traitements existe et a été relu depuis un an."),
    "notice": _("Les patients sont informés de l’usage de leurs données : affiche ou document."),
    "retention": _("Les durées de conservation sont fixées, et les dossiers échus sont archivés."),
    "staff_charter": _("Chaque membre de l’équipe a signé l’engagement de confidentialité."),
    "contract": _(
        "Un contrat écrit lie le cabinet à son prestataire, avec les clauses de sous-traitance "
        "(RGPD, article 28)."
    ),
    "processors": _(
        "Les autres qui traitent des données du cabinet (laboratoire, agenda en ligne, "
        "télésecrétariat, hébergeur…) sont liés par un contrat qui a les mêmes clauses."
    ),
    "technicians_charter": _(
        "Chaque technicien qui intervient ici a signé la charte de confidentialité."
    ),
    "hosting": _(
        "Les données de santé qui quittent le cabinet sont chez un hébergeur certifié HDS, ou "
        "chiffrées avec une clé que seul le cabinet détient."
    ),
    "referent": _("Une personne du cabinet, nommée, répond de la sécurité informatique."),
    "training": _("L’équipe a été sensibilisée depuis un an : courriels piégés, mots de passe."),
    "clean_desk": _(
        "Aucun dossier ni mot de passe ne reste sur un bureau ou un écran en fin de journée."
    ),
    "shared_accounts": _("Personne ne travaille sous le compte ou la carte d’un autre."),
    "leavers": _("Les accès de qui part sont fermés le jour même."),
    "telephone": _(
        "Rien d’un patient n’est dit au téléphone sans vérifier qui appelle ; les appareils "
        "personnels ne servent pas aux dossiers."
    ),
    "server_room": _("Le serveur et la box sont dans un lieu fermé à clé."),
    "screens": _("Aucun écran ne se lit depuis la salle d’attente ou l’accueil."),
    "trays": _("Rien ne reste dans les bacs des imprimantes et des scanners."),
    "keys": _("On sait qui a les clés et les codes ; les locaux sont sous alarme."),
    "laptops": _("Les ordinateurs portables sont attachés ou rangés sous clé."),
    "medium": _("Le disque de sauvegarde débranché est gardé hors du cabinet, ou au coffre."),
    "inventory": _("Toutes les machines du cabinet figurent à l’inventaire."),
    "software_updates": _(
        "Le logiciel du cabinet, la suite bureautique et les navigateurs sont à jour sur "
        "chaque poste."
    ),
    "firmware": _(
        "La box, les imprimantes, les capteurs et les appareils de radiologie sont à jour."
    ),
    "remote": _("Chaque prise en main est acceptée par le cabinet, suivie des yeux et tracée."),
    "mobile": _("Téléphones et tablettes qui servent au cabinet ont un code et sont chiffrés."),
    "removable": _("Un support apporté de l’extérieur est examiné avant d’être ouvert."),
    "disposal": _("Les disques des machines jetées ou rendues sont effacés ; une trace le dit."),
    "maintenance": _("Chaque intervention laisse au cabinet une fiche datée et signée."),
    "accounts": _("Chacun a son compte, sur chaque poste et dans le logiciel du cabinet."),
    "second_factor": _(
        "Les accès sensibles demandent un mot de passe robuste et un second facteur, ou la carte."
    ),
    "roles": _("Les droits de chacun sont ceux de son rôle, et sont relus une fois par an."),
    "card": _("La carte CPS n’est jamais prêtée et ne reste pas seule dans un lecteur."),
    "traces": _("Le journal des accès aux dossiers est relu régulièrement."),
    "wifi": _("Le Wi-Fi des visiteurs est séparé du réseau du cabinet."),
    "messaging": _("Les données de santé passent par MSSanté, jamais par une autre messagerie."),
    "backup_restored": _("Une restauration a été faite devant un témoin depuis un an."),
    "backup_sealed": _("Toutes les copies sont chiffrées, et la clé est gardée hors du cabinet."),
    "rescue_sheet": _("Une feuille de secours est imprimée, et l’équipe sait où elle est."),
    "callers": _("Les numéros à appeler (prestataire, assurance, police) sont sur papier."),
    "without_computer": _(
        "L’équipe sait recevoir les patients sans informatique, au moins deux jours."
    ),
    "ransom": _(
        "L’équipe sait quoi faire devant une rançon : débrancher le réseau, ne pas payer, garder "
        "les preuves, appeler."
    ),
    "notification": _(
        "On sait qui prévient la CNIL dans les 72 heures, et qui prévient les patients."
    ),
    "reporting": _(
        "On sait qui signale l’incident (ARS, CERT Santé), et qui porte plainte dans les "
        "72 heures, délai de l’assurance."
    ),
    "drill": _("Un exercice de panne ou d’attaque a été fait depuis six mois."),
}

SHEETS: Final[Mapping[str, Promise]] = {
    Sheet.CONTRACT: _("Contrat et confidentialité"),
    Sheet.EQUIPMENT: _("Matériel et interventions"),
    Sheet.ACCESS: _("Comptes et réseau"),
    Sheet.RECOVERY: _("Sauvegardes et incidents"),
    Sheet.PRACTICE: _("Organisation du cabinet"),
}

STATES: Final[Mapping[str, Promise]] = {
    State.OK: _("bon"),
    State.BAD: _("à traiter"),
    State.UNKNOWN: _("inconnu"),
}

GIVEN: Final[Mapping[str, Promise]] = {
    Given.YES: _("Oui"),
    Given.NO: _("Non"),
    Given.NOT_CONCERNED: _("Sans objet"),
    Given.NOT_KNOWN: _("Ne sait pas"),
}

REASONS: Final[Mapping[str, Promise]] = {
    Reason.OK: _("conforme"),
    Reason.MEASURED_BAD: _("mesuré : à traiter"),
    Reason.ANSWERED_NO: _("répondu : non"),
    Reason.MEASURED_UNKNOWN: _("n’a pas pu être mesuré"),
    Reason.NOBODY_MEASURED: _("aucune machine concernée n’est connue"),
    Reason.NOT_ANSWERED: _("personne n’a répondu"),
    Reason.NOT_KNOWN: _("répondu : ne sait pas"),
    Reason.EXPIRED: _("la réponse n’est plus valable"),
}

TURNS: Final[Mapping[str, Promise]] = {
    Turn.WORSE: _("moins bien"),
    Turn.BETTER: _("mieux"),
    Turn.SAME: _("inchangé"),
    Turn.NEW: _("nouveau point"),
    Turn.GONE: _("point retiré"),
}

#: What is wrong with a dossier that is kept: ``verifying.Fault``, and what we keep beside.
FAULTS: Final[Mapping[str, Promise]] = {
    "unreadable": _("le fichier ne se lit plus"),
    "newer": _("le fichier est d’une version plus récente que ce logiciel"),
    "edited": _("le contenu a été modifié après coup"),
    "rewritten": _("le fichier a été réécrit : son contenu tient, ses octets non"),
    "broken": _("il ne suit pas le dossier précédent, tel qu’il est aujourd’hui"),
    "missing": _("des dossiers manquent avant lui"),
    "doubled": _("deux dossiers portent ce numéro"),
    "backwards": _("il est plus ancien que le précédent"),
    "unsigned": _("un questionnaire signé que le précédent connaissait n’y est plus"),
    "away": _("son fichier n’est pas là, ou ne dit pas de quel dossier il est"),
    "journal": _(
        "le journal du prestataire a retenu une autre empreinte, ou sa ligne a été modifiée"
    ),
    "paper": _("son PDF n’est pas là, ou n’est plus celui qui a été fait"),
}


#: What the rule of the charter is called, beside those of the fleet.
_RULES: Final[Mapping[str, Promise]] = {CHARTER: _("Charte signée avant d’entrer")}


def charter(people: int, unsigned: int) -> str:
    """Return what is known of the charter of those who opened a practice."""
    if not people:
        return gettext("personne du prestataire n’a encore ouvert ce cabinet")
    told = ngettext(
        "{count} personne du prestataire a ouvert ce cabinet",
        "{count} personnes du prestataire ont ouvert ce cabinet",
        people,
    ).format(count=people)
    if not unsigned:
        return told + gettext(", toutes ont signé la charte")
    words = ngettext(", {count} ne l’a pas signée", ", {count} ne l’ont pas signée", unsigned)
    return told + words.format(count=unsigned)


def names() -> dict[str, str]:
    """Return all of it by codes: « theme.legal », « item.register », « question.register », …"""
    lists: dict[str, Mapping[str, Promise]] = {
        "theme": THEMES,
        "item": ITEMS,
        "question": QUESTIONS,
        "sheet": SHEETS,
        "state": STATES,
        "given": GIVEN,
        "reason": REASONS,
        "rule": _RULES,
    }
    return {
        f"{kind}.{code}": str(words) for kind, told in lists.items() for code, words in told.items()
    }


#: What is said when a questionnaire was signed: the provider's own, and that of the practice.
SIGNED: Final[Mapping[bool, Promise]] = {
    False: _("Questionnaire signé par {name}. Il comptera dans le prochain dossier."),
    True: _("Réponses de {name} recueillies. Elles compteront dans le prochain dossier."),
}


#: Between what a rule says and what was agreed.
TOGETHER: Final = " ; "


def agreed(names: Sequence[str], at: datetime | None, by: str) -> str:
    """Return what a practice agreed to, since when and by whose hand; "" when it is nothing."""
    if not names:
        return ""
    if at is None:
        return gettext("convenu : {names}").format(names=", ".join(names))
    words = gettext("convenu : {names}, par {who}, le {day}")
    day = f"{timezone.localtime(at):%d/%m/%Y}"
    return words.format(names=", ".join(names), who=by, day=day)


def port(number: int) -> str:
    """Return a port that was agreed, in words."""
    return gettext("port {number}").format(number=number)
