"""Which copy to come back from: by what a vault received, never by what a clock claimed alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.devices.phoenix.errors import NoCopy, NoCopyThen, UnknownCopy
from quenotte.devices.repository.snapshots import Snapshot

#: A copy whose guard saw an anomaly; it is offered, never taken by itself.
QUARANTINE: Final = "quarantine"
#: Clocks of two machines differ; more than that is a date of the future.
_LENIENCE: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Wish:
    """What was asked for: a copy by its id, or the newest one, perhaps as of a moment (aware)."""

    snapshot: str = ""
    as_of: datetime | None = None

    @property
    def is_newest(self) -> bool:
        """Tell whether the newest state of all is asked for, the journal's end included."""
        return not self.snapshot and self.as_of is None


def in_order(
    snapshots: Sequence[Snapshot], received: Sequence[str], now: datetime
) -> list[Snapshot]:
    """Return the copies that may be taken, the newest first.

    ``received`` are all names in the order in which a vault received them: that counts, whatever
    their writers claimed. Other places know no such order (empty): the dates count there, and
    those of the future stand behind all others (unless all are: then the clock of this machine is
    wrong). Copies in quarantine come last.
    """
    by_time = sorted(snapshots, key=lambda one: (one.time, one.id), reverse=True)
    if received:
        place = {name: number for number, name in enumerate(received)}
        by_time = sorted(snapshots, key=lambda one: place.get(one.id, -1), reverse=True)
    else:
        by_time.sort(key=lambda one: one.time > now + _LENIENCE)
    return sorted(by_time, key=lambda one: QUARANTINE in one.tags)


def wanted(ordered: Sequence[Snapshot], wish: Wish) -> list[Snapshot]:
    """Return the copies to try, the best first; one alone when it was named.

    Raises: NoCopy, NoCopyThen, UnknownCopy.
    """
    if not ordered:
        raise NoCopy
    if wish.snapshot:
        named = [one for one in ordered if one.id.startswith(wish.snapshot.lower())]
        if len(named) != 1:
            raise UnknownCopy
        return named
    then = wish.as_of
    left = [one for one in ordered if then is None or one.time <= then]
    if not left:
        raise NoCopyThen
    return left
