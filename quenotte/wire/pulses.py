"""What the server of a practice tells the provider of its copies; of the practice, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Self

from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.kernel.posture.values import Fault, moment_fault, moment_of, text_of
from quenotte.wire.reading import Trouble, Unreadable, a_choice, a_list, held, known_keys

#: The lights of the page of the backups.
LIGHTS: Final = ("green", "amber", "red")
#: Why the light is not green: codes of ours, for which each side has words of its own.
REASONS: Final = (
    "anomaly", "nowhere", "ahead", "never_copied", "silent", "offsite_silent", "behind",
    "never_proven", "place_unproven", "proof_stale", "proof_failed", "rotten", "copy_failed",
    "journal", "alone", "alone_offsite", "nothing_offsite", "never_offline", "all_plugged",
    "offline_stale", "disk_refused", "disk_left", "same_disk", "no_kit", "kit",
)  # fmt: skip
#: The moments that cross, and what of them is a fact.
_MOMENTS: Final[Mapping[str, str]] = {
    "restorable_until": "backup.restorable_until",
    "proven_at": "backup.proven_at",
    "offline_copied_at": "backup.offline_copied_at",
    "medium_plugged_since": "backup.medium_plugged_since",
}


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the copies are worth. Instants are aware, by the clock of the practice's server.

    None: never; of the medium: none is plugged.
    """

    KIND: ClassVar = "pulse"
    VERSION: ClassVar = 1

    sent_at: datetime
    light: str
    reasons: tuple[str, ...] = ()
    restorable_until: datetime | None = None
    proven_at: datetime | None = None
    offline_copied_at: datetime | None = None
    medium_plugged_since: datetime | None = None
    has_anomaly: bool = False

    def observed(self, received_at: datetime) -> tuple[Fact, ...]:
        """Return the facts by the clock of who received it.

        How long ago something was is believed, when it was by a clock that may be wrong is not.
        """
        late = received_at - self.sent_at
        anomaly = Fact("backup.has_anomaly", self.has_anomaly, Source.PRACTICE, received_at)
        red = Fact("backup.is_red", self.light == "red", Source.PRACTICE, received_at)
        told = ((key, getattr(self, name)) for name, key in _MOMENTS.items())
        return (*(_fact(key, at and at + late, received_at) for key, at in told), anomaly, red)

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        moments = {name: getattr(self, name) for name in _MOMENTS}
        return {
            "sent_at": text_of(self.sent_at),
            "light": self.light,
            "reasons": list(self.reasons),
            "has_anomaly": self.has_anomaly,
            **{name: at and text_of(at) for name, at in moments.items()},
        }

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"sent_at", "light", "reasons", "has_anomaly", *_MOMENTS})
        reasons = a_list(body["reasons"], "reasons", len(REASONS))
        if not isinstance(body["has_anomaly"], bool):
            raise Unreadable(Fault.WRONG_TYPE, "has_anomaly")
        found = cls(
            sent_at=_moment(body, "sent_at"),
            light=a_choice(body["light"], "light", LIGHTS),
            reasons=tuple(a_choice(one, "reasons", REASONS) for one in reasons),
            has_anomaly=body["has_anomaly"],
            **{name: _moment(body, name) for name in _MOMENTS if body[name] is not None},
        )
        if len(set(found.reasons)) < len(found.reasons):
            raise Unreadable(Trouble.TWICE, "reasons")
        return found


def _moment(body: Mapping[str, Any], name: str) -> datetime:
    held(moment_fault(name, body[name]), name)
    return moment_of(body[name])


def _fact(key: str, at: datetime | None, received_at: datetime) -> Fact:
    if at is None:
        return Fact(key, None, Source.PRACTICE, received_at, Unknown.NO_SUCH_THING)
    return Fact(key, text_of(at), Source.PRACTICE, received_at)
