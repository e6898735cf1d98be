"""What the copies are worth now: a light, its reasons, one sentence. Never « backup OK »."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

#: Beyond these the copies are believed no more. Source: goals G9 and G10.
SILENT_AFTER: Final = timedelta(hours=26)
STALE_PROOF_AFTER: Final = timedelta(days=8)
STALE_OFFLINE_AFTER: Final = timedelta(days=8)

#: Places that nothing reaches once they are unplugged.
OFFLINE_KINDS: Final = frozenset({"disk", "optical", "tape"})


class Light(StrEnum):
    """What the page shows."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Reason(StrEnum):
    """Why the light is not green."""

    ANOMALY = "anomaly"
    NOWHERE = "nowhere"
    NEVER_COPIED = "never_copied"
    SILENT = "silent"
    NEVER_PROVEN = "never_proven"
    PROOF_STALE = "proof_stale"
    PROOF_FAILED = "proof_failed"
    COPY_FAILED = "copy_failed"
    ALONE = "alone"
    NEVER_OFFLINE = "never_offline"
    OFFLINE_STALE = "offline_stale"
    NO_KIT = "no_kit"
    KIT = "kit"


_RED: Final = frozenset(
    {
        Reason.ANOMALY,
        Reason.NOWHERE,
        Reason.NEVER_COPIED,
        Reason.SILENT,
        Reason.PROOF_STALE,
        Reason.PROOF_FAILED,
        Reason.OFFLINE_STALE,
        Reason.NO_KIT,
    }
)

REASON_WORDS: Final = {
    Reason.ANOMALY: _("Une anomalie est ouverte : ne branchez pas le disque de sauvegarde."),
    Reason.NOWHERE: _("Aucune sauvegarde n’est réglée : préparez un premier emplacement."),
    Reason.NEVER_COPIED: _("Aucune copie n’a encore été faite."),
    Reason.SILENT: _("Aucune copie n’a abouti depuis plus de 26 heures."),
    Reason.NEVER_PROVEN: _("Aucune copie n’a encore été restaurée pour preuve."),
    Reason.PROOF_STALE: _("La dernière preuve a plus de huit jours."),
    Reason.PROOF_FAILED: _("La dernière preuve a échoué : regardez pourquoi."),
    Reason.COPY_FAILED: _("La dernière copie d’un emplacement a échoué."),
    Reason.ALONE: _("Il n’y a qu’un seul emplacement : un second, ailleurs, est nécessaire."),
    Reason.NEVER_OFFLINE: _("Aucune copie n’est débranchée, hors d’atteinte."),
    Reason.OFFLINE_STALE: _("La copie débranchée a plus de huit jours."),
    Reason.NO_KIT: _("Aucune feuille de secours n’ouvre ces copies sans ce serveur."),
    Reason.KIT: _("La feuille de secours n’est pas prouvée."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A destination in use. Instants are aware; None: never.

    ``copied_to`` is the moment that its newest whole copy brings back, ``proven_at`` when one of
    its copies was last restored. ``is_failing`` and ``is_proof_failing`` tell of the last try.
    """

    kind: str
    copied_to: datetime | None = None
    proven_at: datetime | None = None
    is_failing: bool = False
    is_proof_failing: bool = False

    @property
    def is_offline(self) -> bool:
        """Tell whether it is unplugged between two copies."""
        return self.kind in OFFLINE_KINDS


def reasons(
    places: Sequence[Place], now: datetime, *, of_kit: Reason | None = None
) -> list[Reason]:
    """Return why the light is not green, the gravest first; empty: it is.

    ``of_kit``: what the recovery kit lacks. A kit for no place at all is not asked for.
    """
    found = [
        *_of_copies(places, now),
        *_of_proofs(places, now),
        *_of_places(places, now),
        *([of_kit] if of_kit and places else []),
    ]
    return sorted(found, key=lambda reason: reason not in _RED)


def light(found: Sequence[Reason]) -> Light:
    """Return the light for some reasons."""
    if not found:
        return Light.GREEN
    return Light.RED if any(reason in _RED for reason in found) else Light.AMBER


def sentence(places: Sequence[Place], now: datetime) -> str:
    """Return what the copies are worth, in one sentence. ``now`` is in the practice's time zone."""
    held = [place for place in places if place.copied_to]
    restorable = newest(place.copied_to for place in held)
    if restorable is None:
        return str(_("Rien n’est encore sauvegardé."))
    proven = newest(place.proven_at for place in held)
    parts = [
        str(_("Restaurable jusqu’à {moment}")).format(moment=moment(restorable, now)),
        str(_("prouvé à {moment}")).format(moment=moment(proven, now))
        if proven
        else str(_("pas encore prouvé")),
        str(ngettext_lazy("sur {count} support", "sur {count} supports", len(held))).format(
            count=len(held)
        ),
        _offline(held, now),
    ]
    return ", ".join(parts) + "."


def moment(at: datetime, now: datetime) -> str:
    """Return a moment as it is said: « 10 h 42 », « 3 h 10 hier », « 3 h 10 le 12/03/2026 »."""
    at = at.astimezone(now.tzinfo)
    hour = f"{at.hour} h {at.minute:02}"
    days = (now.date() - at.date()).days
    if days == 0:
        return hour
    if days == 1:
        return str(_("{hour} hier")).format(hour=hour)
    return str(_("{hour} le {day}")).format(hour=hour, day=f"{at:%d/%m/%Y}")


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of some moments, None when there is none."""
    return max((one for one in moments if one), default=None)


def _offline(held: Sequence[Place], now: datetime) -> str:
    offline = [place for place in held if place.is_offline]
    if not offline:
        return str(_("aucun hors ligne"))
    last = newest(place.copied_to for place in offline)
    assert last is not None
    days = (now - last).days
    since = (
        str(ngettext_lazy("depuis {days} jour", "depuis {days} jours", days)).format(days=days)
        if days
        else str(_("depuis aujourd’hui"))
    )
    return str(_("{count} hors ligne {since}")).format(count=len(offline), since=since)


def _of_copies(places: Sequence[Place], now: datetime) -> list[Reason]:
    if not places:
        return [Reason.NOWHERE]
    last = newest(place.copied_to for place in places)
    if last is None:
        return [Reason.NEVER_COPIED]
    silent = [Reason.SILENT] if now - last > SILENT_AFTER else []
    return silent + ([Reason.COPY_FAILED] if any(place.is_failing for place in places) else [])


def _of_proofs(places: Sequence[Place], now: datetime) -> list[Reason]:
    if not any(place.copied_to for place in places):
        return []
    failed = [Reason.PROOF_FAILED] if any(place.is_proof_failing for place in places) else []
    last = newest(place.proven_at for place in places)
    if last is None:
        return [*failed, Reason.NEVER_PROVEN]
    return failed + ([Reason.PROOF_STALE] if now - last > STALE_PROOF_AFTER else [])


def _of_places(places: Sequence[Place], now: datetime) -> list[Reason]:
    held = [place for place in places if place.copied_to]
    if not held:
        return []
    alone = [Reason.ALONE] if len(held) == 1 else []
    last = newest(place.copied_to for place in held if place.is_offline)
    if last is None:
        return [*alone, Reason.NEVER_OFFLINE]
    return alone + ([Reason.OFFLINE_STALE] if now - last > STALE_OFFLINE_AFTER else [])


def size(count: int) -> str:
    """Return a number of bytes as people read it: « 3,2 Go »."""
    value = float(count)
    for unit in (_("octets"), _("ko"), _("Mo")):
        if value < 1000:
            shown = f"{value:.0f}" if unit == _("octets") else f"{value:.1f}"
            return f"{shown} {unit}".replace(".", ",")
        value /= 1000
    return f"{value:.1f} {_('Go')}".replace(".", ",")
