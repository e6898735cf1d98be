"""The storm guard: when so many fall silent at once that the fault lies in none of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

#: Beyond this share of the fleet within ``TOGETHER``, or of one network within twice that.
OF_FLEET_PCT: Final = 5
OF_NETWORK_PCT: Final = 50
TOGETHER: Final = timedelta(minutes=10)
#: Practices begin their day within so long of each other: who is cut off at night is missed then.
MORNING: Final = timedelta(hours=2)
#: Who is silent for so long begins no storm any more; one that lasts so long is told once more.
LONG: Final = timedelta(hours=4)
#: Fewer are no storm: a fuse of one practice, or a provider who begins.
LEAST_MACHINES: Final = 10
LEAST_PRACTICES: Final = 3
#: A storm is over once fewer than this share of its machines are silent, for ``TOGETHER``: agents
#: come back at a moment of their own, too. Who is silent then is told by itself.
OVER_PCT: Final = 20


@dataclass(frozen=True, slots=True)
class Quiet:
    """A machine that is silent while it is expected, and since when.

    ``network``: the Internet provider behind which it is, "" when nobody knows. ``is_sudden``: it
    stopped while it was expected; else it did not come back in the morning, which is told of a line
    only where ``is_line_heard`` is false: nobody of its practice was heard since either.
    """

    machine: str
    practice: str
    network: str
    last_seen_at: datetime
    is_sudden: bool = True
    is_line_heard: bool = False

    @property
    def may_be_a_line(self) -> bool:
        """Tell whether its line may be down: it stopped, or its practice as a whole is silent."""
        return self.is_sudden or not self.is_line_heard


@dataclass(frozen=True, slots=True)
class Storm:
    """Many silent machines as one thing. ``network`` is "" when it is not that of one provider.

    ``blown``: how many it ever took. ``over_at``: since when most of these are back; None: they
    are not.
    """

    network: str
    since: datetime
    machines: frozenset[str]
    blown: int
    over_at: datetime | None = None


def storms(
    quiet: Sequence[Quiet],
    fleet: Counter[str],
    standing: Iterable[Storm] = (),
    *,
    now: datetime,
) -> list[Storm]:
    """Return the storms of now. ``fleet``: how many machines are behind each network.

    ``standing``: the storms of the last call, which last until most of their machines are back,
    however long that takes, and take in who fell silent about when they began: each agent is missed
    at a moment of its own. Who falls silent later has a fault of its own.
    """
    found = [left for storm in standing if (left := _left_of(storm, quiet, now))]
    young = [one for one in quiet if now - one.last_seen_at < LONG and one.may_be_a_line]
    rest = _without(young, found)
    for place, storm in enumerate(found):
        found[place] = _grown(storm, rest, _practices(storm, quiet))
        rest = _without(rest, found)
    new = list(_of_most("", rest, fleet.total()))
    new += _of_networks(_without(rest, new), fleet)
    new += _of_fleet(_without(rest, new), fleet.total())
    return _joined(found, new)


def _joined(found: Iterable[Storm], new: Iterable[Storm]) -> list[Storm]:
    """Return all storms, one for each network: a second wave of one that stands is part of it.

    When that one has lasted for long, it begins with the wave: that is news.
    """
    by_network = {one.network: one for one in found}
    for one in new:
        before = by_network.get(one.network)
        by_network[one.network] = _with_wave(before, one) if before else one
    return list(by_network.values())


def _with_wave(before: Storm, wave: Storm) -> Storm:
    joined = replace(_and(before, wave.machines), over_at=None)
    return joined if wave.since - before.since < LONG else replace(joined, since=wave.since)


def _and(storm: Storm, machines: frozenset[str]) -> Storm:
    return replace(storm, machines=storm.machines | machines, blown=storm.blown + len(machines))


def _without(quiet: Sequence[Quiet], found: Iterable[Storm]) -> list[Quiet]:
    """Return those who are in no storm."""
    told = {name for storm in found for name in storm.machines}
    return [one for one in quiet if one.machine not in told]


def _left_of(storm: Storm, quiet: Iterable[Quiet], now: datetime) -> Storm | None:
    """Return what is left of a storm; None: it is over.

    A few that stay silent for long are those of their practices, however few the storm ever took.
    """
    left = [one for one in quiet if one.machine in storm.machines]
    is_over = 100 * len(left) < OVER_PCT * storm.blown
    over_at = (storm.over_at or now) if is_over else None
    if not left or (over_at and now - over_at >= TOGETHER):
        return None
    if now - storm.since >= LONG and not _is_wide(left):
        return None
    return replace(storm, machines=frozenset(one.machine for one in left), over_at=over_at)


def _practices(storm: Storm, quiet: Iterable[Quiet]) -> set[str]:
    return {one.practice for one in quiet if one.machine in storm.machines}


def _grown(storm: Storm, quiet: Sequence[Quiet], practices: Collection[str]) -> Storm:
    """Return a storm with those that fell silent about when it began, behind its network if any.

    And with who did not come back in the morning behind the same network, or at a practice of it.
    """
    first, last = storm.since - TOGETHER, storm.since + 2 * TOGETHER
    late = frozenset(
        one.machine
        for one in quiet
        if (first <= one.last_seen_at <= last and storm.network in {"", one.network})
        or (not one.is_sudden and (one.practice in practices or one.network == storm.network != ""))
    )
    return _and(storm, late)


def _of_networks(quiet: Sequence[Quiet], fleet: Counter[str]) -> Iterator[Storm]:
    for network in sorted({one.network for one in quiet} - {""}):
        behind = [one for one in quiet if one.network == network]
        yield from _of_most(network, behind, fleet[network])


def _of_most(network: str, quiet: Sequence[Quiet], total: int) -> Iterator[Storm]:
    """Yield the storm of those that stopped together, or did not come back in one morning.

    That is one where they are most of so many. On any morning some are not switched on.
    """
    mornings = [one for one in quiet if not one.is_sudden]
    for some in (_densest(quiet, 2 * TOGETHER), _densest(mornings, MORNING)):
        if 100 * len(some) > OF_NETWORK_PCT * total and _is_wide(some):
            yield _storm(network, some)
            return


def _of_fleet(quiet: Sequence[Quiet], total: int) -> list[Storm]:
    """Return the storm of the ten minutes in which most stopped, if that is one."""
    best = _densest([one for one in quiet if one.is_sudden], TOGETHER)
    is_storm = 100 * len(best) > OF_FLEET_PCT * total and _is_wide(best)
    return [_storm("", best)] if is_storm else []


def _densest(quiet: Sequence[Quiet], within: timedelta) -> Sequence[Quiet]:
    """Return those that fell silent within so long of each other, where these are most."""
    ordered = sorted(quiet, key=lambda one: one.last_seen_at)
    best: Sequence[Quiet] = ()
    first = 0
    for last, one in enumerate(ordered):
        while one.last_seen_at - ordered[first].last_seen_at > within:
            first += 1
        if last + 1 - first > len(best):
            best = ordered[first : last + 1]
    return best


def _is_wide(quiet: Sequence[Quiet]) -> bool:
    practices = {one.practice for one in quiet}
    return len(quiet) >= LEAST_MACHINES and len(practices) >= LEAST_PRACTICES


def _storm(network: str, quiet: Sequence[Quiet]) -> Storm:
    machines = frozenset(one.machine for one in quiet)
    return Storm(network, min(one.last_seen_at for one in quiet), machines, len(machines))
