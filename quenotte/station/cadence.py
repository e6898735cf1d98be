"""When to speak next. Pure: seconds in, seconds out, chance given."""

from random import Random
from typing import Final

#: The heartbeat, in seconds, and by what share it is moved so that a fleet does not beat as one.
BEAT_S: Final = 300.0
_JITTER: Final = 0.1
#: All that is known is told this often, even if nothing changed.
REPORT_S: Final = 3600.0
#: After a start or a sleep: the network comes first.
_FIRST_S: Final = (5.0, 60.0)
#: A server that was not reached is tried again after this, then twice that, up to a beat.
_AGAIN_S: Final = 15.0
#: A server that does not understand us will not in a minute.
REFUSED_S: Final = 3600.0
#: Who was revoked knocks this often, for somebody may take that back: before it is missed then.
KNOCK_S: Final = 900.0
_LONGEST_S: Final = 24 * 3600.0


def first_s(random: Random) -> float:
    """Return how long to wait after a start or a sleep."""
    return random.uniform(*_FIRST_S)


def beat_s(random: Random) -> float:
    """Return how long to wait between two heartbeats."""
    return BEAT_S * random.uniform(1 - _JITTER, 1 + _JITTER)


def again_s(failures: int, random: Random) -> float:
    """Return how long to wait after so many failures in a row: longer each time, up to a beat."""
    return min(BEAT_S, _AGAIN_S * 2.0 ** min(failures - 1, 10)) * random.uniform(0.5, 1.5)


def told_s(retry_after_s: float | None, failures: int, random: Random) -> float:
    """Return how long to wait when the server said when to come: never sooner, a little later."""
    if retry_after_s is None:
        return again_s(failures, random)
    return min(max(retry_after_s, 1.0), _LONGEST_S) * random.uniform(1.0, 1.2)


def knock_s(random: Random) -> float:
    """Return how long to wait before a machine that was revoked knocks again."""
    return KNOCK_S * random.uniform(1 - _JITTER, 1 + _JITTER)


def has_slept(before_s: float, after_s: float, waited_s: float) -> bool:
    """Tell whether a machine slept through a wait: more time went by than was waited."""
    return after_s - before_s > waited_s + BEAT_S / 2
