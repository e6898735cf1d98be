"""Which copy to come back from: by what a vault received, never by what a clock claimed alone.

Where the journal of the place knows copies, their order is that of its chain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.devices.journal.marks import Chain, Mark, Since
from quenotte.devices.phoenix.errors import NoCopy, NoCopyThen, UnknownCopy
from quenotte.devices.repository.snapshots import Snapshot

#: A copy whose guard saw an anomaly; it is offered, never taken by itself.
QUARANTINE: Final = "quarantine"
#: Clocks of two machines differ; more than that is a date of the future.
_LENIENCE: Final = timedelta(hours=24)
#: What a place received, or its chain, proves a date false by: clocks of one machine go together.
_SLACK: Final = timedelta(minutes=5)


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
    snapshots: Sequence[Snapshot],
    received: Sequence[str],
    now: datetime,
    chain: Chain | None = None,
) -> list[Snapshot]:
    """Return the copies that may be taken, the newest first; those in quarantine come last.

    Before these stand the strangers (see ``strangers``). ``received`` and ``chain``: see
    ``newest_first``.
    """
    listed = newest_first(snapshots, received, now, chain)
    unknown = {one.id for one in strangers(snapshots, chain)}
    return sorted(listed, key=lambda one: (QUARANTINE in one.tags, one.id in unknown))


def newest_first(
    snapshots: Sequence[Snapshot],
    received: Sequence[str],
    now: datetime,
    chain: Chain | None = None,
) -> list[Snapshot]:
    """Return all copies as a person reads them, the newest first, doubted or not.

    ``received`` are all names in the order in which a vault received them: that counts, whatever
    their writers claimed. Other places know no such order (empty): the dates count there, as far
    as no copy made after it proves one false, and those of the future stand behind all others
    (unless all are: then the clock of this machine is wrong). Copies that the ``chain`` of the
    journal knows stand among each other as it tells.
    """
    ages = _ages(snapshots)
    by_time = sorted(snapshots, key=lambda one: ages[one.id], reverse=True)
    if received:
        place = {name: number for number, name in enumerate(received)}
        by_time = sorted(snapshots, key=lambda one: place.get(one.id, -1), reverse=True)
    else:
        by_time.sort(key=lambda one: _is_ahead(one, now))
    return _along(chain, by_time) if chain is not None else by_time


def _along(chain: Chain, listed: list[Snapshot]) -> list[Snapshot]:
    """Put the copies that the chain knows in its order, in the places which they have together.

    Of two that stand at the same step, one whose date the chain proves false is the second.
    """
    marks = {one.id: mark for one in listed if (mark := chain.mark(one.tags)) is not None}

    def stands(one: Snapshot) -> tuple[int, bool]:
        return marks[one.id].sequence, not _is_belied(chain, one, marks[one.id])

    known = iter(sorted((one for one in listed if one.id in marks), key=stands, reverse=True))
    return [next(known) if one.id in marks else one for one in listed]


def _is_belied(chain: Chain, one: Snapshot, mark: Mark) -> bool:
    """Tell whether the chain went on after a copy, and ends before the date that this claims."""
    ends_at = chain.ends_at
    return chain.end > mark.last and ends_at is not None and one.time > ends_at + _SLACK


def strangers(snapshots: Sequence[Snapshot], chain: Chain | None) -> list[Snapshot]:
    """Return the copies that claim to be newer than the journal of the place, which knows of none.

    What Quenotte writes beside a journal bears its mark. As long as no copy does, or those alone
    that the guard doubts, nothing is held against the others.
    """
    if chain is None or not any(
        QUARANTINE not in one.tags and chain.mark(one.tags) for one in snapshots
    ):
        return []
    return [one for one in snapshots if chain.is_stranger(one.time, one.tags)]


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
    """The copies of a place; ``received``: in which order a vault received them, else empty.

    ``chain``: what the journal of the place says of them; None where nobody asked it.
    """

    snapshots: tuple[Snapshot, ...]
    received: tuple[str, ...]
    now: datetime
    chain: Chain | None = None

    def listed(self) -> list[Snapshot]:
        """Return them as a person reads them, the newest first."""
        return newest_first(self.snapshots, self.received, self.now, self.chain)

    def to_try(self) -> list[Snapshot]:
        """Return them as they may be taken, the best first."""
        return in_order(self.snapshots, self.received, self.now, self.chain)

    def since(self, one: Snapshot) -> Since:
        """Return from where on the journal leads further than a copy."""
        return Since(one.time, self._mark(one))

    def strangers(self) -> list[Snapshot]:
        """Return those that are left aside because the journal knows nothing of them."""
        return strangers(self.snapshots, self.chain)

    def ahead(self, chosen: Snapshot) -> list[Snapshot]:
        """Return the copies that claim a date which cannot be, the oldest claim first.

        It lies ahead of now, of their receipt or of the chain; and it is that of the copy that was
        chosen, or a later one.
        """
        by_receipt = _ahead_of_receipts(self.snapshots, self.received)
        later = [one for one in self.snapshots if one.id == chosen.id or one.time > chosen.time]
        return [
            one
            for one in sorted(later, key=lambda one: one.time)
            if _is_ahead(one, self.now) or one.id in by_receipt or self._is_ahead_of_chain(one)
        ]

    def _is_ahead_of_chain(self, one: Snapshot) -> bool:
        mark = self._mark(one)
        if self.chain is None or mark is None:
            return False
        followed_at = self.chain.followed_at(mark)
        return followed_at is not None and one.time > followed_at + _SLACK

    def doubted_since(self, chosen: Snapshot) -> list[Snapshot]:
        """Return the copies in quarantine from a copy on, itself included, the oldest first.

        Receipts tell where both have one; else the chain of the journal where it knows both; else
        the dates, those of the future too: a copy that is doubted never looks older than it claims.
        """
        place = {name: number for number, name in enumerate(self.received)}

        def is_since(one: Snapshot) -> bool:
            if one.id in place and chosen.id in place:
                return place[one.id] >= place[chosen.id]
            mark, other = self._mark(one), self._mark(chosen)
            if mark is not None and other is not None and mark.sequence != other.sequence:
                return mark.sequence > other.sequence
            return one.time >= chosen.time

        doubted = [one for one in self.snapshots if QUARANTINE in one.tags and is_since(one)]
        return sorted(doubted, key=lambda one: (place.get(one.id, len(place)), one.time))

    def _mark(self, one: Snapshot) -> Mark | None:
        return self.chain.mark(one.tags) if self.chain is not None else None


def ahead_of(snapshots: Sequence[Snapshot], now: datetime) -> list[Snapshot]:
    """Return the copies that claim to be of the future: a wrong clock, or somebody else."""
    return [one for one in snapshots if _is_ahead(one, now)]


def _ahead_of_receipts(snapshots: Sequence[Snapshot], received: Sequence[str]) -> set[str]:
    """Return the copies that a vault received before others which claim an earlier date."""
    place = {name: number for number, name in enumerate(received)}
    in_turn = sorted((one for one in snapshots if one.id in place), key=lambda one: -place[one.id])
    found, earliest = set(), None
    for one in in_turn:
        # One that claims a date of years ago is the false one, not all before it.
        if earliest is not None and _SLACK < one.time - earliest <= _LENIENCE:
            found.add(one.id)
        earliest = one.time if earliest is None else min(earliest, one.time)
    return found


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
