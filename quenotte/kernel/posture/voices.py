"""Several agents on one machine: which of them fell silent while the machine itself is heard."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.kernel.posture.hours import Hours, Period
from quenotte.kernel.posture.silence import CADENCES, Silence, Watch, silence

#: An agent died alone when another was heard so long after it; what stops together is the machine.
OUTLIVED: Final = timedelta(minutes=15)
#: Its silence is told after so long: agents of a machine that was just switched on come one by one.
CONFIRMED_AFTER: Final = timedelta(minutes=10)
#: Who speaks as often as this is missed soon.
_OFTEN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Voice:
    """An agent that is believed about a machine, and when it was heard last.

    Of who was never heard: since when it could have been.
    """

    agent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What counts for all the agents of one machine.

    ``at``: when it was heard last, by whichever. ``hours``: None where a silence counts at any
    time. ``counts_from``: no silence counts from before, as of a maintenance window. ``back_at``:
    when the machine was heard again after a silence of its own; it may have been off until then.
    ``gaps``: when our own door did not listen, in order; they change nothing for agents that are
    ``known_silent``.
    """

    at: datetime
    hours: Hours | None = None
    counts_from: datetime | None = None
    back_at: datetime | None = None
    gaps: Sequence[Period] = ()
    known_silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listened:
    """The silence of a machine, and its agents that are silent though it is heard.

    ``look_at``: when to look again if nothing comes.
    """

    machine: Silence
    silent: frozenset[str]
    look_at: datetime


def listen(voices: Sequence[Voice], around: Around, now: datetime) -> Listened:
    """Return what is silent of a machine: all of it, some of its agents, or nothing.

    The machine is expected as often as the one of its agents that speaks most often: one that is
    known to be silent is not waited for. While all of it is silent, nothing is said of its agents.
    ``voices``: one at least.
    """
    told = {one.agent: _of(one, around, now) for one in voices}
    silent = frozenset(
        one.agent for one in voices if told[one.agent].is_silent and around.at - one.at >= OUTLIVED
    )
    cadence, patience = min(CADENCES[agent] for agent in told.keys() - silent or told.keys())
    since = max(around.at, around.counts_from or around.at)
    machine = silence(since, Watch(cadence, patience, around.hours), now, around.gaps)
    if machine.is_silent:
        return Listened(machine, frozenset(), machine.alert_after)
    return Listened(machine, silent, _look_at(machine, told))


def blind_for(voices: Sequence[Voice], silent: Collection[str]) -> timedelta | None:
    """Return how long nobody would know that a server stopped; None: soon enough.

    Of its agents some are silent, and those that are left speak less than once an hour.
    """
    left = [CADENCES[one.agent] for one in voices if one.agent not in silent]
    if not silent or not left:
        return None
    cadence, patience = min(left)
    return cadence + patience if cadence > _OFTEN else None


def _of(one: Voice, around: Around, now: datetime) -> Silence:
    """Return the silence of one agent; of a machine that is back it has its patience anew."""
    cadence, patience = CADENCES[one.agent]
    moments = [one.at, around.counts_from]
    if around.back_at is not None:
        moments.append(around.back_at - cadence)
    since = max(at for at in moments if at is not None)
    gaps = () if one.agent in around.known_silent else around.gaps
    return silence(since, Watch(cadence, patience, around.hours), now, gaps)


def _look_at(machine: Silence, told: Mapping[str, Silence]) -> datetime:
    """Return when the next silence may become one; who is silent already is heard by itself."""
    waited_for = [one.alert_after for one in told.values() if not one.is_silent]
    return min([machine.alert_after, *waited_for])
