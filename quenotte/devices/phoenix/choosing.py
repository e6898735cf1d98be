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
    """Return the copies that may be taken, the newest first; those in quarantine come last.

    ``received``: see ``newest_first``.
    """
    listed = newest_first(snapshots, received, now)
    return sorted(listed, key=lambda one: QUARANTINE in one.tags)


def newest_first(
    snapshots: Sequence[Snapshot], received: Sequence[str], now: datetime
) -> list[Snapshot]:
    """Return all copies as a person reads them, the newest first, doubted or not.

    ``received`` are all names in the order in which a vault received them: that counts, whatever
    their writers claimed. Other places know no such order (empty): the dates count there, as far
    as no copy made after it proves one false, and those of the future stand behind all others
    (unless all are: then the clock of this machine is wrong).
    """
    ages = _ages(snapshots)
    by_time = sorted(snapshots, key=lambda one: ages[one.id], reverse=True)
    if received:
        place = {name: number for number, name in enumerate(received)}
        by_time = sorted(snapshots, key=lambda one: place.get(one.id, -1), reverse=True)
    else:
        by_time.sort(key=lambda one: _is_ahead(one, now))
    return by_time


def _ages(snapshots: Sequence[Snapshot]) -> dict[str, tuple[datetime, int, str]]:
    """Return what sorts copies by age: a date that can be believed, and how many came before.

    A copy names the one that it was made after (``parent``), by a hash that nobody knew before
    that one was there. So whatever clocks said, it is the newer of the two, and the date of the
    other is no later than its own, where a day at most lies between: further off, a date of the
    future stands behind all others, and one of the past is the false one. Numbers of rows would
    not do: they go back with a return.
    """
    known = {one.id: one for one in snapshots}
    after: dict[str, int] = {}
    for one in snapshots:
        line = [one]
        while line[-1].id not in after and (before := known.get(line[-1].parent)) is not None:
            line.append(before)
            if len(line) > len(known):
                break
        for number, each in enumerate(reversed(line)):
            after.setdefault(each.id, after.get(each.parent, -1) + 1 if number else 0)
    dates = {one.id: one.time for one in snapshots}
    for one in sorted(snapshots, key=lambda one: after[one.id], reverse=True):
        if one.parent in dates and dates[one.parent] - dates[one.id] <= _LENIENCE:
            dates[one.parent] = min(dates[one.parent], dates[one.id])
    return {name: (date, after[name], name) for name, date in dates.items()}


@dataclass(frozen=True)
class Known:
    """The copies of a place; ``received``: in which order a vault received them, else empty."""

    snapshots: tuple[Snapshot, ...]
    received: tuple[str, ...]
    now: datetime

    def listed(self) -> list[Snapshot]:
        """Return them as a person reads them, the newest first."""
        return newest_first(self.snapshots, self.received, self.now)

    def to_try(self) -> list[Snapshot]:
        """Return them as they may be taken, the best first."""
        return in_order(self.snapshots, self.received, self.now)

    def doubted_since(self, chosen: Snapshot) -> list[Snapshot]:
        """Return the copies in quarantine from a copy on, itself included, the oldest first.

        Receipts tell where both have one; else the dates, those of the future too: a copy that is
        doubted never looks older than it claims.
        """
        place = {name: number for number, name in enumerate(self.received)}

        def is_since(one: Snapshot) -> bool:
            if one.id in place and chosen.id in place:
                return place[one.id] >= place[chosen.id]
            return one.time >= chosen.time

        doubted = [one for one in self.snapshots if QUARANTINE in one.tags and is_since(one)]
        return sorted(doubted, key=lambda one: (place.get(one.id, len(place)), one.time))


def ahead_of(snapshots: Sequence[Snapshot], now: datetime) -> list[Snapshot]:
    """Return the copies that claim to be of the future: a wrong clock, or somebody else."""
    return [one for one in snapshots if _is_ahead(one, now)]


def _is_ahead(snapshot: Snapshot, now: datetime) -> bool:
    return snapshot.time > now + _LENIENCE


def worth(snapshots: Sequence[Snapshot], wish: Wish) -> int:
    """Return how well one year of a place serves a wish.

    2: a copy that may be taken by itself; 1: one in quarantine alone; 0: none.
    """
    if wish.snapshot:
        return 2 * any(one.id.startswith(wish.snapshot.lower()) for one in snapshots)
    then = wish.as_of
    left = [one for one in snapshots if then is None or one.time <= then]
    if any(QUARANTINE not in one.tags for one in left):
        return 2
    return 1 if left else 0


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
