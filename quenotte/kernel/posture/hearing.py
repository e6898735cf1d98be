"""Whether our own door hears anybody: when all fall silent at once, the fault may be ours.

And when it did not listen at all, by what it wrote down itself: that time is nobody's silence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.kernel.posture.hours import Period
from quenotte.kernel.posture.storms import LEAST_MACHINES, LEAST_PRACTICES

#: Nobody is heard for so long: two reports of each agent that speaks every five minutes.
AFTER: Final = timedelta(minutes=10)
#: Where few are expected, as long as one machine is given: who is off may be no more than that.
AFTER_OF_FEW: Final = timedelta(minutes=45)
#: Servers are switched off by nobody: so many of several practices are enough.
LEAST_SERVERS: Final = 3


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of those that were heard last are expected now, and of how many practices.

    ``servers`` are among the ``machines``.
    """

    machines: int
    servers: int
    practices: int


def is_deaf(crowd: Crowd, unheard_for: timedelta) -> bool:
    """Tell whether a silence of everybody is one that somebody has to look at."""
    is_many = crowd.machines >= LEAST_MACHINES or crowd.servers >= LEAST_SERVERS
    is_sure = is_many and crowd.practices >= LEAST_PRACTICES
    return crowd.machines > 0 and unheard_for >= (AFTER if is_sure else AFTER_OF_FEW)


def gaps_between(stretches: Iterable[Period], now: datetime) -> tuple[Period, ...]:
    """Return when our door did not listen, in order; what still lasts ends now.

    ``stretches``: when it did, as it wrote down itself. Where it never wrote anything, nobody knows
    of a gap; nor of what it wrote by a clock that was ahead. Shorter ones than ``AFTER`` are none:
    whoever speaks often is borne for longer, whoever speaks seldom tries again.
    """
    known = sorted(one for one in stretches if one.starts_at <= now)
    if not known:
        return ()
    found, until = [], known[0].ends_at
    for at, ends_at in [*known[1:], Period(now, now)]:
        if at - until >= AFTER:
            found.append(Period(until, at))
        until = max(until, ends_at)
    return tuple(found)
