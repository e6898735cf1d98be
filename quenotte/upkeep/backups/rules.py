"""What the copies are worth now: a light, its reasons, one sentence. Never « backup OK »."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from quenotte.base.copies import REASONS
from quenotte.kernel.dates import clock

#: Beyond these the copies are believed no more. Source: goals G9 and G10.
SILENT_AFTER: Final = timedelta(hours=26)
STALE_PROOF_AFTER: Final = timedelta(days=8)
STALE_OFFLINE_AFTER: Final = timedelta(days=8)
#: A moment that lies further ahead is no moment that anything happened at: a clock was wrong.
LENIENCE: Final = timedelta(minutes=5)

#: Places that nothing reaches once they are unplugged.
OFFLINE_KINDS: Final = frozenset({"disk", "optical", "tape"})
#: Places that outlive the practice's own walls.
OFFSITE_KINDS: Final = frozenset({"vault", "cloud"})

#: With fewer supports than these, one failure takes all.
_ENOUGH: Final = 2


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Tell whether a moment has not come yet: a clock was wrong when it was written down."""
    return moment > now + LENIENCE


class Light(StrEnum):
    """What the page shows."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Reason(StrEnum):
    """Why the light is not green."""

    ANOMALY = "anomaly"
    NOWHERE = "nowhere"
    AHEAD = "ahead"
    NEVER_COPIED = "never_copied"
    SILENT = "silent"
    OFFSITE_SILENT = "offsite_silent"
    BEHIND = "behind"
    NEVER_PROVEN = "never_proven"
    PLACE_UNPROVEN = "place_unproven"
    PROOF_STALE = "proof_stale"
    PROOF_FAILED = "proof_failed"
    ROTTEN = "rotten"
    COPY_FAILED = "copy_failed"
    JOURNAL = "journal"
    ALONE = "alone"
    ALONE_OFFSITE = "alone_offsite"
    NOTHING_OFFSITE = "nothing_offsite"
    NEVER_OFFLINE = "never_offline"
    ALL_PLUGGED = "all_plugged"
    OFFLINE_STALE = "offline_stale"
    DISK_REFUSED = "disk_refused"
    DISK_LEFT = "disk_left"
    SAME_DISK = "same_disk"
    NO_KIT = "no_kit"
    KIT_SEEN = "kit_seen"
    KIT = "kit"


_RED: Final = frozenset(
    {
        Reason.ANOMALY,
        Reason.NOWHERE,
        Reason.NEVER_COPIED,
        Reason.SILENT,
        Reason.OFFSITE_SILENT,
        Reason.PROOF_STALE,
        Reason.PROOF_FAILED,
        Reason.ROTTEN,
        Reason.ALL_PLUGGED,
        Reason.OFFLINE_STALE,
        Reason.DISK_REFUSED,
        Reason.NO_KIT,
        Reason.KIT_SEEN,
    }
)

REASON_WORDS: Final = {reason: REASONS[reason.value] for reason in Reason}


@dataclass(frozen=True, slots=True)
class Place:
    """A destination in use. Instants are aware; None: never.

    ``copied_to`` is the moment that its newest whole copy brings back, ``proven_at`` when one of
    its copies was last restored. ``is_failing`` and ``is_proof_failing`` tell of the last try.
    ``plugged_since``: a disk that is within reach now. ``is_ahead``: something of it claims to be
    of the future. ``is_rotten``: it holds a key, an index or a snapshot that nobody can read.
    ``is_doubted``: the last try brought nothing back, or not what was promised. ``since``: when it
    was prepared. ``disk``: a name of what it lies on, the same for places of one disk or server
    ("": on its own). ``is_ours``: that is the disk of the practice itself, lost with it.
    """

    kind: str
    copied_to: datetime | None = None
    proven_at: datetime | None = None
    is_failing: bool = False
    is_proof_failing: bool = False
    plugged_since: datetime | None = None
    is_ahead: bool = False
    is_rotten: bool = False
    is_doubted: bool = False
    since: datetime | None = None
    disk: str = ""
    is_ours: bool = False

    @property
    def is_offline(self) -> bool:
        """Tell whether nothing reaches it now."""
        return self.kind in OFFLINE_KINDS and self.plugged_since is None

    def is_behind(self, now: datetime) -> bool:
        """Tell whether it is always there and took nothing for too long; nothing ever, too."""
        last = self.copied_to or self.since
        is_there = self.kind not in OFFLINE_KINDS
        return is_there and last is not None and now - last > SILENT_AFTER

    def counts(self, now: datetime) -> bool:
        """Tell whether it is one of the media that the sentence counts.

        A place that is always there has a fresh copy, and a recent proof of its own; what is
        unplugged was read back when it was written, and counts as long as it is not stale.
        """
        if self.copied_to is None or self.is_proof_failing or self.is_rotten:
            return False
        if self.kind in OFFLINE_KINDS:
            return now - self.copied_to <= STALE_OFFLINE_AFTER
        return now - self.copied_to <= SILENT_AFTER and self.is_proven(now)

    def is_proven(self, now: datetime) -> bool:
        """Tell whether it has a recent proof of its own."""
        return self.proven_at is not None and now - self.proven_at <= STALE_PROOF_AFTER


@dataclass(frozen=True, slots=True)
class Media:
    """What is known of the media beside the places that the server writes to by itself."""

    places: tuple[Place, ...] = ()
    reasons: tuple[Reason, ...] = ()


def reasons(
    places: Sequence[Place],
    now: datetime,
    *,
    of_kit: Reason | None = None,
    of_media: Sequence[Reason] = (),
    is_journal_late: bool = False,
) -> list[Reason]:
    """Return why the light is not green, the gravest first; empty: it is.

    ``of_kit``: what the recovery kit lacks. A kit for no place at all is not asked for.
    ``of_media``: what is wrong with the disks. ``is_journal_late``: nobody follows the database to
    the minute, although somebody should.
    """
    places = [believed(place, now) for place in places]
    found = [
        *([Reason.AHEAD] if any(place.is_ahead for place in places) else []),
        *([Reason.ROTTEN] if any(place.is_rotten for place in places) else []),
        *_of_copies(places, now),
        *_of_proofs(places, now),
        *([Reason.JOURNAL] if is_journal_late and places else []),
        *_of_places(places, now),
        *of_media,
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
    copied = [place for place in (believed(one, now) for one in places) if place.copied_to]
    if not copied:
        return str(_("Rien n’est encore sauvegardé."))
    held = [place for place in copied if not place.is_doubted]
    restorable = newest(place.copied_to for place in held)
    if restorable is None:
        return str(_("Copié, mais rien n’est sûr de revenir : la dernière preuve a échoué."))
    proven = newest(place.proven_at for place in held)
    counted = [place for place in held if place.counts(now)] if proven else held
    parts = [
        str(_("Restaurable jusqu’à {moment}")).format(moment=moment(restorable, now)),
        str(_("prouvé à {moment}")).format(moment=moment(proven, now))
        if proven
        else str(_("pas encore prouvé")),
        _on(counted),
        _offline(held, now),
    ]
    return ", ".join(parts) + "."


def believed(place: Place, now: datetime) -> Place:
    """Return a place without what claims to be of the future, which it says instead."""
    copied, proven = (_past(one, now) for one in (place.copied_to, place.proven_at))
    is_ahead = (copied, proven) != (place.copied_to, place.proven_at)
    return replace(place, copied_to=copied, proven_at=proven, is_ahead=place.is_ahead or is_ahead)


def moment(at: datetime, now: datetime) -> str:
    """Return a moment as it is said: « 10 h 42 », « 3 h 10 hier », « 3 h 10 le 12/03/2026 »."""
    at = at.astimezone(now.tzinfo)
    hour = clock(at)
    days = (now.date() - at.date()).days
    if days == 0:
        return hour
    if days == 1:
        return str(_("{hour} hier")).format(hour=hour)
    return str(_("{hour} le {day}")).format(hour=hour, day=f"{at:%d/%m/%Y}")


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of some moments, None when there is none."""
    return max((one for one in moments if one), default=None)


def supports(places: Iterable[Place]) -> list[Place]:
    """Return one place for each support that outlives the server.

    Places of one disk are one support; the practice's own disk is none.
    """
    apart = [place for place in places if not place.is_ours]
    named = {place.disk: place for place in reversed(apart) if place.disk}
    return [place for place in apart if not place.disk or named[place.disk] is place]


def _on(counted: Sequence[Place]) -> str:
    count, has_ours = len(supports(counted)), any(place.is_ours for place in counted)
    if not count:
        return str(
            _("sur le seul disque du cabinet") if has_ours else _("sur aucun support à jour")
        )
    words = str(ngettext_lazy("sur {count} support", "sur {count} supports", count))
    ours = " " + str(_("et sur le disque du cabinet")) if has_ours else ""
    return words.format(count=count) + ours


def _past(at: datetime | None, now: datetime) -> datetime | None:
    return None if at is None or at > now + LENIENCE else at


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
    failing = [Reason.COPY_FAILED] if any(place.is_failing for place in places) else []
    if now - last > SILENT_AFTER:
        return [Reason.SILENT, *failing]
    is_silent = _is_offsite_silent(places, now)
    told_by_it = OFFSITE_KINDS if is_silent else frozenset[str]()
    is_behind = any(one.is_behind(now) for one in places if one.kind not in told_by_it)
    return [
        *([Reason.OFFSITE_SILENT] if is_silent else []),
        *([Reason.BEHIND] if is_behind else []),
        *failing,
    ]


def _is_offsite_silent(places: Sequence[Place], now: datetime) -> bool:
    """Tell whether the newest copy outside the practice is too old; one that never came, too."""
    outside = [place for place in places if place.kind in OFFSITE_KINDS]
    last = newest(place.copied_to or place.since for place in outside)
    return bool(outside) and last is not None and now - last > SILENT_AFTER


def _of_proofs(places: Sequence[Place], now: datetime) -> list[Reason]:
    if not any(place.copied_to for place in places):
        return []
    failed = [Reason.PROOF_FAILED] if any(place.is_proof_failing for place in places) else []
    last = newest(place.proven_at for place in places)
    if last is None:
        return [*failed, Reason.NEVER_PROVEN]
    if now - last > STALE_PROOF_AFTER:
        return [*failed, Reason.PROOF_STALE]
    always = [place for place in places if place.kind not in OFFLINE_KINDS and place.copied_to]
    lacking = [place for place in always if not place.is_proven(now)]
    return [*failed, *([Reason.PLACE_UNPROVEN] if lacking else [])]


def _of_places(places: Sequence[Place], now: datetime) -> list[Reason]:
    held = [place for place in places if place.copied_to]
    if not held:
        return []
    return [*_of_walls(places, held), *_of_reach(held, now)]


def _of_walls(places: Sequence[Place], held: Sequence[Place]) -> list[Reason]:
    """Return what a fire or a thief would take; one sentence where one says all."""
    apart = supports(held)
    if len(apart) < _ENOUGH:
        is_offsite = any(place.kind in OFFSITE_KINDS for place in apart)
        return [Reason.ALONE_OFFSITE if is_offsite else Reason.ALONE]
    # One that waits for its first copy is told by itself once that is late.
    is_any_offsite = any(place.kind in OFFSITE_KINDS for place in places)
    return [] if is_any_offsite else [Reason.NOTHING_OFFSITE]


def _of_reach(held: Sequence[Place], now: datetime) -> list[Reason]:
    """Return what an attacker would reach: what is unplugged now, he does not."""
    last = newest(place.copied_to for place in held if place.is_offline)
    if last is not None:
        return [Reason.OFFLINE_STALE] if now - last > STALE_OFFLINE_AFTER else []
    has_media = any(place.kind in OFFLINE_KINDS for place in held)
    return [Reason.ALL_PLUGGED if has_media else Reason.NEVER_OFFLINE]


def size(count: int) -> str:
    """Return a number of bytes as people read it: « 3,2 Go »."""
    value = float(count)
    for unit in (_("octets"), _("ko"), _("Mo")):
        if value < 1000:
            shown = f"{value:.0f}" if unit == _("octets") else f"{value:.1f}"
            return f"{shown} {unit}".replace(".", ",")
        value /= 1000
    return f"{value:.1f} {_('Go')}".replace(".", ",")
