"""Whether a message still makes sense, and whether its patient may be written to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.care.reminders.rules.states import EXPECTED, Blocked, Kind
from quenotte.care.reminders.rules.timing import too_late_at

#: A reminder so soon after another message about the same time says nothing new.
_SAME_NEWS: Final = timedelta(hours=24)
#: Why a message was withdrawn that may yet make sense again.
REVIVABLE: Final = frozenset(
    {
        *(Blocked.NOT_EXPECTED, Blocked.MOVED_AGAIN, Blocked.SWITCHED_OFF),
        *(Blocked.REFUSES, Blocked.DO_NOT_CONTACT, Blocked.NO_ADDRESS),
    }
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """How one patient is reached by one channel. ``is_let_alone``: no contact at all, or dead."""

    address: str
    refuses: bool
    is_let_alone: bool

    @property
    def blocked(self) -> Blocked | None:
        """Why nothing is sent to her, if so."""
        if self.is_let_alone:
            return Blocked.DO_NOT_CONTACT
        if self.refuses:
            return Blocked.REFUSES
        return None if self.address else Blocked.NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Standing:
    """A message and its appointment as they stand now."""

    kind: str
    about: datetime
    starts_at: datetime
    status: str
    is_switched_on: bool


def blocked(standing: Standing, addressee: Addressee, *, now: datetime) -> Blocked | None:
    """Return why a message is not sent, None when it may leave."""
    if standing.kind == Kind.CANCELLED:
        if standing.status != "cancelled":
            return Blocked.NOT_EXPECTED
    elif standing.status not in EXPECTED:
        return Blocked.NOT_EXPECTED
    elif standing.about != standing.starts_at:
        return Blocked.MOVED_AGAIN
    if not standing.is_switched_on:
        return Blocked.SWITCHED_OFF
    if (reason := addressee.blocked) is not None:
        return reason
    return Blocked.TOO_LATE if now >= too_late_at(standing.kind, standing.about) else None


def is_redundant(told_at: datetime | None, due: datetime) -> bool:
    """Tell whether a reminder would follow the last news of the same time too closely."""
    return told_at is not None and due - told_at < _SAME_NEWS
