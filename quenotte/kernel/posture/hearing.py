"""Whether our own door hears anybody: when all fall silent at once, the fault may be ours."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

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
