"""What a dentist reads of a verdict: what is wrong, why it matters, what to do now, who can."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quenotte.base import mending
from quenotte.base.facts import UNKNOWNS, filled
from quenotte.kernel.posture.rules import BY_KEY
from quenotte.kernel.posture.terms import UNHEARD, Severity, State


class Who(StrEnum):
    """Who can mend it."""

    YOU = "you"
    TECHNICIAN = "technician"


WHO: Final[Mapping[str, str | Promise]] = {
    Who.YOU: _("vous pouvez le faire"),
    Who.TECHNICIAN: _("pour votre technicien"),
}

#: How soon, as a badge says it.
SEVERITIES: Final[Mapping[str, Promise]] = {
    Severity.CRITICAL: _("aujourd’hui"),
    Severity.IMPORTANT: _("cette semaine"),
    Severity.NOTICE: _("à savoir"),
}


class Rule(NamedTuple):
    """A rule in the words of a practice: its name, and why it matters."""

    title: Promise
    why: Promise


RULES: Final[Mapping[str, Rule]] = {
    "updates_recent": Rule(
        _("Mises à jour"),
        _("Un système qui n’est plus mis à jour garde des failles connues de tous : les "
          "rançongiciels entrent par elles."),
    ),
    "updates_security": Rule(
        _("Correctifs de sécurité"),
        _("Chaque correctif qui manque est une porte dont le plan est publié."),
    ),
    "updates_reboot": Rule(
        _("Redémarrage"),
        _("Une mise à jour ne protège qu’une fois le poste redémarré."),
    ),
    "antivirus_active": Rule(
        _("Antivirus"),
        _("Sans antivirus, une pièce jointe ouverte à l’accueil peut chiffrer tout le cabinet."),
    ),
    "antivirus_fresh": Rule(
        _("Antivirus à jour"),
        _("Un antivirus qui n’apprend plus ne reconnaît pas ce qui circule cette semaine."),
    ),
    "firewall_on": Rule(
        _("Pare-feu"),
        _("Sans pare-feu, un autre appareil du réseau (un téléphone, une box piratée) atteint ce "
          "poste."),
    ),
    "disks_encrypted": Rule(
        _("Disque chiffré"),
        _("Si ce poste est volé, qui a le disque lit ce qui est dessus."),
    ),
    "os_supported": Rule(
        _("Système suivi"),
        _("Un système que son éditeur ne suit plus ne reçoit plus aucun correctif."),
    ),
    "screen_locks": Rule(
        _("Verrouillage de l’écran"),
        _("Un écran laissé seul se lit, et se tape, par qui passe devant."),
    ),
    "admin_daily": Rule(
        _("Session ordinaire"),
        _("Avec des droits d’administrateur, ce qu’une personne ouvre par erreur peut tout "
          "installer."),
    ),
    "left_on": Rule(
        _("Éteint le soir"),
        _("Un poste allumé la nuit s’attaque quand personne ne regarde."),
    ),
    "remote_tools": Rule(
        _("Prise en main à distance"),
        _("Par un tel programme, quelqu’un peut conduire ce poste de loin, dossiers compris."),
    ),
    "disk_space": Rule(
        _("Place sur le disque"),
        _("Un disque plein arrête les mises à jour, puis les logiciels."),
    ),
    "disk_health": Rule(
        _("Santé du disque"),
        _("Un disque qui se dit malade s’arrête souvent dans les semaines qui suivent."),
    ),
    "clock_right": Rule(
        _("Heure juste"),
        _("Une heure fausse fausse les traces, et fait refuser des connexions."),
    ),
    "power_safe": Rule(
        _("Onduleur"),
        _("Une coupure de courant pendant une écriture abîme la base du cabinet."),
    ),
    "messengers": Rule(
        _("Messageries grand public"),
        _("Ce qui y est écrit d’un patient sort du secret médical : MSSanté est faite pour cela."),
    ),
    "open_ports": Rule(
        _("Portes ouvertes au réseau"),
        _("Chaque programme qui écoute le réseau peut être attaqué par lui."),
    ),
    "silence": Rule(
        _("Nouvelles du poste"),
        _("Tant qu’il ne dit rien, personne ne sait s’il est protégé."),
    ),
}  # fmt: skip


class Fault(NamedTuple):
    """What is wrong, and who can mend it; what to do is in ``base.mending``."""

    what: Promise
    who: Who


FAULTS: Final[Mapping[str, Fault]] = {
    "updates_recent.old": Fault(_("Aucune mise à jour ne s’est installée depuis {days}."), Who.YOU),
    "updates_security.over": Fault(_("{number} correctifs de sécurité attendent."), Who.YOU),
    "updates_reboot.yes": Fault(_("Il attend d’être redémarré."), Who.YOU),
    "antivirus_active.inactive": Fault(_("L’antivirus est arrêté : {names}."), Who.YOU),
    "antivirus_active.none": Fault(_("Il n’y a pas d’antivirus."), Who.TECHNICIAN),
    "antivirus_fresh.stale": Fault(_("L’antivirus n’est plus à jour : {names}."), Who.YOU),
    "firewall_on.off": Fault(_("Le pare-feu est arrêté : {names}."), Who.TECHNICIAN),
    "disks_encrypted.plain": Fault(_("Un disque n’est pas chiffré ({names})."), Who.TECHNICIAN),
    "os_supported.ended": Fault(_("{name} n’est plus suivi depuis le {ends_on}."), Who.TECHNICIAN),
    "os_supported.probably_ended": Fault(
        _("{name} n’est sans doute plus suivi depuis le {ends_on} : son éditeur n’a rien annoncé."),
        Who.TECHNICIAN,
    ),
    "screen_locks.never": Fault(_("L’écran ne se verrouille jamais seul."), Who.YOU),
    "screen_locks.late": Fault(_("L’écran ne se verrouille qu’après {minutes} minutes."), Who.YOU),
    "admin_daily.yes": Fault(_("On y travaille avec des droits d’administrateur."), Who.TECHNICIAN),
    "left_on.night": Fault(_("Il est resté allumé cette nuit."), Who.YOU),
    "left_on.weekend": Fault(_("Il est resté allumé pendant la fermeture."), Who.YOU),
    "remote_tools.foreign": Fault(
        _("Un programme de prise en main est installé : {names}."), Who.YOU
    ),
    "disk_space.full": Fault(_("Le disque est presque plein : {names}."), Who.YOU),
    "disk_health.failing": Fault(_("Le disque se dit malade : {names}."), Who.TECHNICIAN),
    "clock_right.over": Fault(_("Son horloge {clock}."), Who.YOU),
    "power_safe.none": Fault(_("Aucun onduleur ne le protège."), Who.TECHNICIAN),
    "power_safe.on_battery": Fault(_("Il est sur batterie : le courant manque."), Who.YOU),
    "power_safe.low": Fault(_("L’onduleur n’est chargé qu’à {charge_pct} %."), Who.TECHNICIAN),
    "messengers.installed": Fault(
        _("Une messagerie grand public est installée : {names}."), Who.YOU
    ),
    "open_ports.open": Fault(
        _("Des portes inhabituelles sont ouvertes au réseau : {ports}."), Who.TECHNICIAN
    ),
    "silence.silent": Fault(_("Plus de nouvelles depuis le {last_seen_at}."), Who.YOU),
}

_WELL: Final[Mapping[str, Promise]] = {
    "os_supported.ends_soon": _("{name} : son suivi s’arrête le {ends_on}, prévoyez la suite."),
    "updates_recent.ok": _("dernière mise à jour il y a {days}"),
}
_OK: Final = _("en ordre")
#: Why something is unknown to the practice.
_WHY: Final[Mapping[str, Promise]] = {
    **UNKNOWNS,
    UNHEARD: _("le serveur du cabinet était arrêté à ces heures"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A finding in words; ``why``, ``do`` and ``who`` are "" where there is nothing to do."""

    title: str
    what: str
    why: str = ""
    do: str = ""
    who: str = ""
    soon: str = ""


def title(rule: str) -> str:
    """Return what a rule is called; one of another release says itself."""
    return str(RULES[rule].title) if rule in RULES else rule


def words_of(rule: str, state: str, reason: str, values: Mapping[str, Any]) -> Words:
    """Return a finding in words; a code without words says itself, which a test forbids."""
    if state == State.UNKNOWN:
        return Words(title(rule), str(_WHY.get(reason, reason)))
    fault = FAULTS.get(f"{rule}.{reason}")
    if state == State.OK or fault is None:
        well = _WELL.get(f"{rule}.{reason}", _OK if state == State.OK else f"{rule}.{reason}")
        return Words(title(rule), filled(well, values))
    severity = BY_KEY[rule].severity if rule in BY_KEY else Severity.IMPORTANT
    return Words(
        title(rule),
        filled(fault.what, values),
        str(RULES[rule].why),
        mending.for_practice(f"{rule}.{reason}"),
        str(WHO[fault.who]),
        str(SEVERITIES[severity]),
    )


def state_word(state: str) -> str:
    """Return what a state is called in a history."""
    return str(_STATES.get(state, state))


_STATES: Final[Mapping[str, Promise]] = {
    State.OK: _("en ordre"),
    State.BAD: _("à corriger"),
    State.UNKNOWN: _("inconnu"),
}
