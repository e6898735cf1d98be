"""What a technician reads of a verdict: short, with its figures, one sentence for each code."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quenotte.base.facts import SOURCES, UNKNOWNS, filled
from quenotte.kernel.posture.terms import UNHEARD, Cause, Severity

#: What each rule is called on a page.
RULES: Final[Mapping[str, Promise]] = {
    "updates_recent": _("Mises à jour installées"),
    "updates_security": _("Correctifs de sécurité"),
    "updates_reboot": _("Redémarrage attendu"),
    "antivirus_active": _("Antivirus actif"),
    "antivirus_fresh": _("Antivirus à jour"),
    "firewall_on": _("Pare-feu"),
    "disks_encrypted": _("Disques chiffrés"),
    "os_supported": _("Système suivi par son éditeur"),
    "screen_locks": _("Verrouillage de l’écran"),
    "admin_daily": _("Session sans droits d’administrateur"),
    "left_on": _("Éteint hors des horaires"),
    "remote_tools": _("Prise en main à distance"),
    "disk_space": _("Place sur les disques"),
    "disk_health": _("Santé des disques"),
    "clock_right": _("Heure juste"),
    "power_safe": _("Onduleur"),
    "messengers": _("Messageries grand public"),
    "open_ports": _("Ports ouverts"),
    "backup_fresh": _("Sauvegarde du jour"),
    "backup_overdue": _("Sauvegarde de moins de 48 heures"),
    "backup_proven": _("Sauvegarde prouvée"),
    "backup_offline": _("Copie hors ligne"),
    "medium_left": _("Disque de sauvegarde débranché"),
    "backup_anomaly": _("Aucune anomalie dans les copies"),
    "backup_light": _("Voyant des sauvegardes au cabinet"),
    "licence_ended": _("Licences en cours"),
    "licence_seats": _("Licences pour chaque poste"),
    "licence_ending": _("Licences à renouveler"),
    "silence": _("Machine entendue"),
    "agent_silence": _("Agents entendus"),
    "agent_left": _("Agents encore là"),
    "backup_silence": _("Nouvelles des sauvegardes"),
    "backup_unknown": _("Sauvegardes du cabinet"),
    "unseen": _("Machine bien connue"),
}

#: The sentence of a code; ``{names}``, ``{days}`` … are filled from the verdict.
_SENTENCES: Final[Mapping[str, Promise]] = {
    "updates_recent.old": _("aucune mise à jour installée depuis {days}"),
    "updates_recent.none": _("aucune mise à jour n’a jamais été installée"),
    "updates_security.over": _("{number} correctifs de sécurité manquent"),
    "updates_reboot.yes": _("un redémarrage est attendu"),
    "antivirus_active.inactive": _("antivirus arrêté : {names}"),
    "antivirus_active.none": _("aucun antivirus"),
    "antivirus_fresh.stale": _("antivirus périmé : {names}"),
    "firewall_on.off": _("pare-feu arrêté : {names}"),
    "disks_encrypted.plain": _("disque non chiffré : {names}"),
    "os_supported.ends_soon": _("{name} : fin de suivi le {ends_on}"),
    "os_supported.ended": _("{name} n’est plus suivi depuis le {ends_on}"),
    "os_supported.probably_ended": _("{name} n’est sans doute plus suivi depuis le {ends_on}"),
    "screen_locks.never": _("l’écran ne se verrouille jamais"),
    "screen_locks.late": _("l’écran se verrouille après {minutes} min"),
    "screen_locks.none": _("aucun verrouillage d’écran n’est réglé"),
    "admin_daily.yes": _("on y travaille avec des droits d’administrateur"),
    "left_on.night": _("resté allumé cette nuit"),
    "left_on.weekend": _("resté allumé pendant la fermeture"),
    "left_on.unheard": _("notre serveur n’écoutait pas pendant la fermeture du cabinet"),
    "remote_tools.foreign": _("prise en main non convenue : {names}"),
    "disk_space.full": _("disque presque plein : {names}"),
    "disk_health.failing": _("disque qui lâche : {names}"),
    "clock_right.over": _("horloge fausse : elle {clock}"),
    "power_safe.none": _("pas d’onduleur"),
    "power_safe.on_battery": _("sur batterie : le courant manque"),
    "power_safe.low": _("onduleur chargé à {charge_pct} %"),
    "messengers.installed": _("messagerie grand public : {names}"),
    "open_ports.open": _("ports ouverts au réseau : {ports}"),
    "backup_fresh.old": _("dernière sauvegarde il y a {days}"),
    "backup_fresh.none": _("aucune sauvegarde"),
    "backup_overdue.old": _("aucune sauvegarde depuis {days}"),
    "backup_overdue.none": _("aucune sauvegarde"),
    "backup_proven.old": _("sauvegarde non prouvée depuis {days}"),
    "backup_proven.none": _("sauvegarde jamais prouvée"),
    "backup_offline.old": _("dernière copie hors ligne il y a {days}"),
    "backup_offline.none": _("aucune copie hors ligne"),
    "medium_left.old": _("disque resté branché depuis {days}"),
    "medium_left.no_such_thing": _("sans objet : aucun disque de sauvegarde n’est inscrit"),
    "backup_anomaly.yes": _("anomalie ouverte : des fichiers ont changé en masse"),
    "backup_light.yes": _("voyant rouge au cabinet : voyez ce qu’il dit de ses copies"),
    "licence_ended.ended": _("licence finie : {names}"),
    "licence_seats.over": _("plus de machines que de postes : {names}"),
    "licence_ending.soon": _("licence qui finit bientôt : {names}"),
    "silence.silent": _("muette depuis le {last_seen_at}"),
    "agent_silence.silent": _("agent muet sur une machine entendue : {names}"),
    "agent_left.silent": _("agent retiré ? {names}"),
    "backup_silence.silent": _("plus de nouvelles des sauvegardes depuis le {last_seen_at}"),
    "unseen.long": _("inconnu depuis plus de deux semaines : {names}"),
}
#: The same in fewer words, where it stands beside another one in a line.
_BESIDE: Final[Mapping[str, Promise]] = {
    "medium_left.old": _("disque resté branché"),
    "backup_light.yes": _("voyant rouge au cabinet"),
}
_OK: Final = _("rien à signaler")
_OF_AGENTS: Final = frozenset({"agent_silence", "agent_left"})
_AGENT_BLIND: Final = _(
    "agent muet sur un serveur : {names} ; s’il s’arrêtait, on ne le saurait pas avant {blind_h} h"
)
_AGENT_UNTOLD: Final = _("{sentence} ; plus de nouvelles des sauvegardes")
_AGENT_SINCE: Final = _("{name} (depuis le {last_seen_at})")
_AGENT_NEVER: Final = _("{name} (jamais entendu)")
#: A licence in a sentence, by the rule that speaks of it.
_LICENCES: Final[Mapping[str, Promise]] = {
    "licence_ended": _("{name} (le {ends_on})"),
    "licence_ending": _("{name} (le {ends_on})"),
    "licence_seats": _("{name} (machines : {used}, postes : {seats})"),
}

CAUSES: Final[Mapping[str, Promise]] = {
    Cause.UPDATES: _("Mises à jour"),
    Cause.ANTIVIRUS: _("Antivirus"),
    Cause.FIREWALL: _("Pare-feu"),
    Cause.ENCRYPTION: _("Chiffrement"),
    Cause.SUPPORT: _("Système périmé"),
    Cause.ACCESS: _("Accès"),
    Cause.LEFT_ON: _("Allumé la nuit"),
    Cause.REMOTE: _("Prise en main"),
    Cause.DISKS: _("Disques"),
    Cause.CLOCK: _("Horloge"),
    Cause.POWER: _("Onduleur"),
    Cause.BACKUP: _("Sauvegarde"),
    Cause.RANSOM: _("Anomalie"),
    Cause.MESSAGING: _("Messageries"),
    Cause.PORTS: _("Ports ouverts"),
    Cause.LICENCES: _("Licences"),
    Cause.SILENCE: _("Silence"),
    Cause.UNSEEN: _("Mal connu"),
    Cause.STORM: _("Panne générale"),
}

#: Why something is unknown to the provider.
WHY: Final[Mapping[str, Promise]] = {
    **UNKNOWNS,
    UNHEARD: _("notre serveur n’écoutait pas, et personne n’en a reparlé depuis"),
}

SEVERITIES: Final[Mapping[str, Promise]] = {
    Severity.CRITICAL: _("urgent"),
    Severity.IMPORTANT: _("à traiter"),
    Severity.NOTICE: _("à savoir"),
}


def sentence(
    rule: str, state: str, reason: str, values: Mapping[str, Any], *, is_beside: bool = False
) -> str:
    """Return what a verdict says; a code without words says itself, which a test forbids.

    ``is_beside``: another sentence stands before it in the same line.
    """
    code = f"{rule}.{reason}"
    if state == "unknown":
        return str(_SENTENCES.get(code, WHY.get(reason, reason)))
    found = (_BESIDE.get(code) if is_beside else None) or _SENTENCES.get(code)
    if found is None:
        return str(_OK) if state == "ok" else f"{rule}.{reason}"
    if "rules" in values:
        values = {**values, "names": [str(RULES.get(one, one)) for one in values["rules"]]}
    if rule in _LICENCES:
        values = {**values, "names": [_licence(rule, *one) for one in _bought(values)]}
    return _of_agents(found, values) if rule in _OF_AGENTS else filled(found, values)


def is_nothing(words: str) -> bool:
    """Tell whether a sentence says only that all is well."""
    return words == str(_OK)


def _bought(values: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the licences that are named, and what is said of each."""
    return [(one, values["licences"][one]) for one in values.get("names", ())]


def _licence(rule: str, name: str, told: Mapping[str, Any]) -> str:
    """Return a licence: until when, or for how many."""
    return filled(_LICENCES[rule], {**told, "name": name})


def _of_agents(found: Promise, values: Mapping[str, Any]) -> str:
    """Return which agents are silent, and whether nobody tells of the copies for that reason."""
    names = values.get("names", ())
    told = {**values, "names": [_agent(one, values) for one in names]}
    words = filled(_AGENT_BLIND if values.get("blind_h") else found, told)
    return filled(_AGENT_UNTOLD, {"sentence": words}) if values.get("untold") else words


def _agent(agent: str, values: Mapping[str, Any]) -> str:
    """Return an agent and since when it is silent."""
    at = values.get("heard_at", {}).get(agent)
    name = str(SOURCES.get(agent, agent))
    told = {"name": name, "last_seen_at": at} if at else {"name": name}
    return filled(_AGENT_SINCE if at else _AGENT_NEVER, told)
