"""Facts of machines as people read them: a label, a few words, a line for each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from quenotte.kernel.dates import day_and_clock
from quenotte.kernel.posture.facts import KEYS, Fact, Kind, Unknown

LABELS: Final[Mapping[str, Promise]] = {
    "machine.name": _("Nom"),
    "machine.uuid": _("Identifiant du matériel"),
    "machine.serial": _("Numéro de série"),
    "machine.model": _("Modèle"),
    "machine.memory_mib": _("Mémoire (Mio)"),
    "machine.is_server": _("Serveur"),
    "os.family": _("Famille"),
    "os.name": _("Système"),
    "os.version": _("Version"),
    "os.build": _("Compilation"),
    "updates.last_installed_at": _("Dernière mise à jour"),
    "updates.missing": _("Mises à jour manquantes"),
    "updates.missing_security": _("Correctifs de sécurité manquants"),
    "updates.reboot_pending": _("Redémarrage attendu"),
    "updates.is_automatic": _("Mises à jour automatiques"),
    "antivirus.products": _("Antivirus"),
    "firewall.profiles": _("Pare-feu"),
    "disks": _("Disques"),
    "disks.health": _("Santé des disques"),
    "lock.after_s": _("Verrouillage après (s)"),
    "use.is_admin_daily": _("Droits d’administrateur"),
    "use.booted_at": _("Démarrée"),
    "use.idle_s": _("Sans activité depuis (s)"),
    "use.is_locked": _("Verrouillée"),
    "remote.tools": _("Prise en main à distance"),
    "software": _("Logiciels"),
    "licences": _("Licences"),
    "ports.open": _("Ports ouverts"),
    "clock.offset_s": _("Écart de l’horloge (s)"),
    "ups": _("Onduleur"),
    "media.plugged": _("Supports branchés"),
    "backup.restorable_until": _("Restaurable jusqu’à"),
    "backup.proven_at": _("Dernière preuve"),
    "backup.offline_copied_at": _("Dernière copie hors ligne"),
    "backup.medium": _("Disque de sauvegarde"),
    "backup.has_anomaly": _("Anomalie ouverte"),
    "backup.is_red": _("Voyant rouge au cabinet"),
}

SOURCES: Final[Mapping[str, Promise | str]] = {
    "glpi": "GLPI",
    "osquery": "osquery",
    "station": _("compagnon Quenotte"),
    "practice": _("serveur du cabinet"),
    "papers": _("papiers du cabinet"),
}
_YES, _NO, _NOT_KNOWN = _("oui"), _("non"), _("inconnu")


#: Why something is unknown.
UNKNOWNS: Final[Mapping[str, Promise]] = {
    "not_reported": _("aucun agent ne l’a dit"),
    "no_such_thing": _("ce système ne le dit pas"),
    "not_readable": _("l’agent n’a pas pu le lire"),
    "not_credible": _("ce qui est dit n’est pas croyable"),
    "too_old": _("l’information est trop ancienne"),
    "not_listed": _("ce système n’est pas dans nos tables"),
}
_NEVER: Final = _("jamais")
#: What it means of some facts that there is no such thing: that is known.
_NO_SUCH_THING: Final[Mapping[str, Promise]] = {
    "backup.restorable_until": _NEVER,
    "backup.proven_at": _NEVER,
    "backup.offline_copied_at": _NEVER,
    "backup.medium": _("sans objet : aucun disque de sauvegarde n’est inscrit"),
}
#: What former releases told; sealed files and the evidence of old findings still hold it.
_FORMER: Final[Mapping[str, tuple[Promise, Kind]]] = {
    "backup.medium_plugged_since": (_("Disque branché depuis"), Kind.MOMENT),
}


@dataclass(frozen=True)
class Told:
    """A fact with its words, its source and its time."""

    label: str
    words: str
    rows: tuple[str, ...]
    source: str
    at: datetime


def of_fact(fact: Fact) -> Told:
    """Return a fact as it is shown."""
    return _told(fact.key, fact.value, fact.unknown, fact.source, fact.observed_at)


def of_evidence(told: Mapping[str, Any]) -> Told:
    """Return a fact that a finding keeps as its evidence, as it is shown."""
    at = datetime.fromisoformat(told["at"])
    return _told(told["key"], told["value"], told["unknown"], told["source"], at)


def label(key: str) -> str:
    """Return what a key is called."""
    return str(LABELS.get(key) or _FORMER.get(key, (key,))[0])


def source(name: str) -> str:
    """Return what a source is called."""
    return str(SOURCES.get(name, name))


def value(key: str, told: Any) -> str:
    """Return a value of a history in a few words."""
    if told is None:
        return str(_NOT_KNOWN)
    if KEYS.get(key) is Kind.ROWS and isinstance(told, list):
        return ", ".join(_row(one) for one in told[:3]) or "—"
    return _words(key, told)


def _told(key: str, given: Any, unknown: str | None, from_: str, at: datetime) -> Told:
    rows: tuple[str, ...] = ()
    if unknown is not None:
        words = _why(key, unknown)
    elif KEYS.get(key) is Kind.ROWS:
        rows = tuple(_row(one) for one in given)
        words = _count(len(rows))
    else:
        words = _words(key, given)
    return Told(label(key), words, rows, source(from_), at)


def _why(key: str, unknown: str) -> str:
    if unknown == Unknown.NO_SUCH_THING and key in _NO_SUCH_THING:
        return str(_NO_SUCH_THING[key])
    return f"{_NOT_KNOWN} : {UNKNOWNS.get(unknown, unknown)}"


def _words(key: str, given: Any) -> str:
    if isinstance(given, bool):
        return str(_YES if given else _NO)
    if (KEYS.get(key) or _FORMER.get(key, ("", None))[1]) is Kind.MOMENT:
        return _moment(given)
    return str(given)


def _moment(given: str) -> str:
    at = timezone.localtime(datetime.fromisoformat(given))
    return day_and_clock(at)


def _row(row: Mapping[str, Any]) -> str:
    told = (_cell(name, given) for name, given in row.items() if given is not None)
    return ", ".join(one for one in told if one)


_FLAGS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "is_active": (_("actif"), _("arrêté")),
    "is_fresh": (_("à jour"), _("périmé")),
    "is_on": (_("en marche"), _("arrêté")),
    "is_encrypted": (_("chiffré"), _("non chiffré")),
    "is_healthy": (_("sain"), _("en panne")),
    "is_on_battery": (_("sur batterie"), _("sur secteur")),
    "is_system": (_("système"), _("données")),
    "is_plugged": (_("branché"), _("débranché")),
}
_MOMENTS: Final = {
    "since": _("depuis le {at}"),
    "seen_at": _("vu le {at}"),
    "signed_at": _("signatures du {at}"),
}
_END: Final = _("fin le {ends_on}")
_UNITS: Final = {
    "total_mib": _("{count} Go"),
    "free_mib": _("{count} Go libres"),
    "charge_pct": _("chargé à {count} %"),
    "count": _("postes : {count}"),
}


def _cell(name: str, given: Any) -> str:
    if isinstance(given, bool):
        yes, no = _FLAGS.get(name, (_YES, _NO))
        return str(yes if given else no)
    if name in _MOMENTS:
        return str(_MOMENTS[name]).format(at=_moment(given))
    if name == "ends_on":
        return str(_END).format(ends_on=_shown(name, given))
    if name in _UNITS:
        return str(_UNITS[name]).format(count=_size(name, given))
    return str(given)


def _size(name: str, given: Any) -> str:
    """Return a number as people read it; sizes as makers write them on the box."""
    if not name.endswith("_mib"):
        return str(given)
    gigabytes = given * 2**20 / 1e9
    return f"{gigabytes:.0f}" if gigabytes >= 10 else f"{gigabytes:.1f}".replace(".", ",")


def _count(count: int) -> str:
    if not count:
        return str(_("aucun"))
    return str(ngettext_lazy("{count} ligne", "{count} lignes", count)).format(count=count)


def filled(sentence: str | Promise, values: Mapping[str, Any]) -> str:
    """Return a sentence about a verdict with its figures: ``{names}``, ``{days}`` …

    ``{clock}`` says of ``number``, seconds, by how much a clock is late or ahead.
    """
    return str(sentence).format_map(_Filled(values))


class _Filled(dict[str, str]):
    """The figures of a verdict as people write them; one that is missing is a dash."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({name: _shown(name, value) for name, value in values.items()})
        if isinstance(values.get("after_s"), int):
            self["minutes"] = str(values["after_s"] // 60)
        if isinstance(values.get("number"), int | float):
            self["clock"] = _clock(int(values["number"]))
        if values.get("days") == 0 and "hours" in values:
            self["days"] = _hours(int(values["hours"]))

    def __missing__(self, _key: str) -> str:
        return "—"


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if one != "") or "—"
    if name == "days":
        return _days(int(value))
    if name in {"ends_on", "last_seen_at"}:
        return _day(str(value))
    return str(value)


def _days(count: int) -> str:
    return str(ngettext_lazy("{count} jour", "{count} jours", count)).format(count=count)


def _hours(count: int) -> str:
    return str(ngettext_lazy("{count} heure", "{count} heures", count)).format(count=count)


def _clock(seconds: int) -> str:
    """Return by how much a clock is late or ahead, in the unit in which people say that."""
    words = _("retarde de {lapse}") if seconds < 0 else _("avance de {lapse}")
    return str(words).format(lapse=_lapse(abs(seconds)))


def _lapse(seconds: int) -> str:
    if seconds < 120:
        words = ngettext_lazy("{count} seconde", "{count} secondes", seconds)
        return str(words).format(count=seconds)
    if seconds < 7_200:
        minutes = seconds // 60
        return str(ngettext_lazy("{count} minute", "{count} minutes", minutes)).format(
            count=minutes
        )
    return _hours(seconds // 3600) if seconds < 172_800 else _days(seconds // 86_400)


def _day(text: str) -> str:
    if "T" in text:
        at = timezone.localtime(datetime.fromisoformat(text))
        return day_and_clock(at)
    return f"{date.fromisoformat(text):%d/%m/%Y}"
