"""The facts in plain French, for whoever wants to see what leaves this machine."""

from collections.abc import Mapping
from typing import Final

from quenotte.kernel.posture.facts import Unknown
from quenotte.station.words import _

LABELS: Final[Mapping[str, str]] = {
    "machine.name": _("Nom du poste sur le réseau"),
    "machine.uuid": _("Identifiant de la carte mère"),
    "machine.serial": _("Numéro de série"),
    "machine.model": _("Marque et modèle"),
    "machine.memory_mib": _("Mémoire (Mio)"),
    "machine.is_server": _("C’est un serveur"),
    "os.family": _("Famille du système"),
    "os.name": _("Système"),
    "os.version": _("Version du système"),
    "os.build": _("Numéro de fabrication du système"),
    "updates.last_installed_at": _("Dernière mise à jour installée"),
    "updates.missing": _("Mises à jour manquantes"),
    "updates.missing_security": _("Mises à jour de sécurité manquantes"),
    "updates.reboot_pending": _("Un redémarrage est attendu"),
    "updates.is_automatic": _("Mises à jour automatiques"),
    "antivirus.products": _("Antivirus"),
    "firewall.profiles": _("Pare-feu"),
    "disks": _("Disques : place et chiffrement"),
    "disks.health": _("Santé des disques"),
    "lock.after_s": _("L’écran se verrouille après (secondes, 0 : jamais)"),
    "use.is_admin_daily": _("Quelqu’un travaille avec tous les droits"),
    "use.booted_at": _("Allumé depuis"),
    "use.idle_s": _("Personne n’y touche depuis (secondes, par paliers)"),
    "use.is_locked": _("L’écran est verrouillé"),
    "remote.tools": _("Outils de prise en main à distance"),
    "software": _("Programmes installés"),
    "ports.open": _("Ports ouverts au réseau"),
    "ups": _("Onduleur"),
    "media.plugged": _("Disques et clés branchés"),
}

WHY: Final[Mapping[Unknown, str]] = {
    Unknown.NO_SUCH_THING: _("inconnu : rien de tel à interroger sur ce poste"),
    Unknown.NOT_READABLE: _("inconnu : le système ne l’a pas dit"),
    Unknown.NOT_CREDIBLE: _("inconnu : la réponse du système n’est pas crédible"),
}

FIELDS: Final[Mapping[str, str]] = {
    "name": "",
    "is_active": _("actif"),
    "is_fresh": _("à jour"),
    "version": _("version"),
    "signed_at": _("signatures du"),
    "is_on": _("en service"),
    "mount": _("emplacement"),
    "total_mib": _("taille (Mio)"),
    "free_mib": _("libre (Mio)"),
    "is_encrypted": _("chiffré"),
    "is_system": _("système"),
    "is_healthy": _("en bonne santé"),
    "id": _("numéro"),
    "publisher": _("éditeur"),
    "port": _("port"),
    "address": _("adresse"),
    "program": _("programme"),
    "is_on_battery": _("sur batterie"),
    "charge_pct": _("charge (%)"),
    "kind": _("sorte"),
    "since": _("depuis"),
}
