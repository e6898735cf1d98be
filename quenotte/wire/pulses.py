"""What the server of a practice tells the provider of its copies; of the practice, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.kernel.posture.values import Fault, moment_fault, moment_of, text_of
from quenotte.wire.messages import Renewal
from quenotte.wire.reading import Trouble, Unreadable, a_choice, a_list, held, known_keys

#: The lights of the page of the backups.
LIGHTS: Final = ("green", "amber", "red")
#: Why the light is not green: codes of ours, for which each side has words of its own.
REASONS: Final = (
    "anomaly", "nowhere", "ahead", "never_copied", "silent", "offsite_silent", "behind",
    "never_proven", "place_unproven", "proof_stale", "proof_failed", "rotten", "copy_failed",
    "journal", "alone", "alone_offsite", "nothing_offsite", "never_offline", "all_plugged",
    "offline_stale", "disk_refused", "disk_left", "same_disk", "no_kit", "kit_seen", "kit",
)  # fmt: skip
#: The moments that cross, and what of them is a fact.
_MOMENTS: Final[Mapping[str, str]] = {
    "restorable_until": "backup.restorable_until",
    "proven_at": "backup.proven_at",
    "offline_copied_at": "backup.offline_copied_at",
}


class Medium(StrEnum):
    """What the practice knows of its disks for copies. Values are stored and sent."""

    #: One is within reach; the moment says since when, of several the longest.
    PLUGGED = "plugged"
    #: None is; the moment says when that was seen last.
    UNPLUGGED = "unplugged"
    #: It has some, and nobody was able to look.
    UNKNOWN = "unknown"
    #: It has none.
    NONE = "none"


#: Those of which a moment tells.
_SEEN: Final = frozenset({Medium.PLUGGED, Medium.UNPLUGGED})
#: Why the others are not known.
_NOT_SEEN: Final = {
    Medium.UNKNOWN: Unknown.NOT_REPORTED,
    Medium.NONE: Unknown.NO_SUCH_THING,
}


def _renewed(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a release before version 2 said: no disk plugged was all it had not seen."""
    known_keys(body, _KEYS - {"medium", "medium_at"} | {"medium_plugged_since"})
    since = body["medium_plugged_since"]
    medium = Medium.UNKNOWN if since is None else Medium.PLUGGED
    rest = {name: value for name, value in body.items() if name != "medium_plugged_since"}
    return {**rest, "medium": medium.value, "medium_at": since}


_KEYS: Final = frozenset({"sent_at", "light", "reasons", "has_anomaly", "medium", "medium_at"}) | (
    _MOMENTS.keys()
)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the copies are worth. Instants are aware, by the clock of the practice's server.

    None: never. ``medium_at``: what ``medium`` says it is, None where nothing was seen.
    """

    KIND: ClassVar = "pulse"
    VERSION: ClassVar = 2
    FORMER: ClassVar[Mapping[int, Renewal]] = {1: _renewed}

    sent_at: datetime
    light: str
    reasons: tuple[str, ...] = ()
    restorable_until: datetime | None = None
    proven_at: datetime | None = None
    offline_copied_at: datetime | None = None
    medium: Medium = Medium.UNKNOWN
    medium_at: datetime | None = None
    has_anomaly: bool = False

    def observed(self, received_at: datetime) -> tuple[Fact, ...]:
        """Return the facts by the clock of who received it.

        How long ago something was is believed, when it was by a clock that may be wrong is not.
        """
        late = received_at - self.sent_at
        anomaly = Fact("backup.has_anomaly", self.has_anomaly, Source.PRACTICE, received_at)
        red = Fact("backup.is_red", self.light == "red", Source.PRACTICE, received_at)
        told = ((key, getattr(self, name)) for name, key in _MOMENTS.items())
        medium = self._medium(late, received_at)
        moments = (_fact(key, at and at + late, received_at) for key, at in told)
        return (*moments, medium, anomaly, red)

    def _medium(self, late: timedelta, received_at: datetime) -> Fact:
        key = "backup.medium"
        if self.medium_at is None:
            return Fact(key, None, Source.PRACTICE, received_at, _NOT_SEEN[self.medium])
        is_plugged, at = self.medium is Medium.PLUGGED, text_of(self.medium_at + late)
        row = {"is_plugged": is_plugged, "since" if is_plugged else "seen_at": at}
        return Fact(key, [row], Source.PRACTICE, received_at)

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        moments = {name: getattr(self, name) for name in _MOMENTS}
        return {
            "sent_at": text_of(self.sent_at),
            "light": self.light,
            "reasons": list(self.reasons),
            "has_anomaly": self.has_anomaly,
            "medium": self.medium.value,
            "medium_at": self.medium_at and text_of(self.medium_at),
            **{name: at and text_of(at) for name, at in moments.items()},
        }

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, _KEYS)
        reasons = a_list(body["reasons"], "reasons", len(REASONS))
        if not isinstance(body["has_anomaly"], bool):
            raise Unreadable(Fault.WRONG_TYPE, "has_anomaly")
        found = cls(
            sent_at=_moment(body, "sent_at"),
            light=a_choice(body["light"], "light", LIGHTS),
            reasons=tuple(a_choice(one, "reasons", REASONS) for one in reasons),
            has_anomaly=body["has_anomaly"],
            medium=Medium(a_choice(body["medium"], "medium", tuple(Medium))),
            medium_at=None if body["medium_at"] is None else _moment(body, "medium_at"),
            **{name: _moment(body, name) for name in _MOMENTS if body[name] is not None},
        )
        if len(set(found.reasons)) < len(found.reasons):
            raise Unreadable(Trouble.TWICE, "reasons")
        if (found.medium in _SEEN) is (found.medium_at is None):
            raise Unreadable(Fault.WRONG_TYPE, "medium_at")
        return found


def _moment(body: Mapping[str, Any], name: str) -> datetime:
    held(moment_fault(name, body[name]), name)
    return moment_of(body[name])


def _fact(key: str, at: datetime | None, received_at: datetime) -> Fact:
    if at is None:
        return Fact(key, None, Source.PRACTICE, received_at, Unknown.NO_SUCH_THING)
    return Fact(key, text_of(at), Source.PRACTICE, received_at)
