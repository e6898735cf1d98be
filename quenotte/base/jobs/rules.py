"""When a failed piece of work is tried again. Values only."""

from typing import Final

#: No wait is longer than this, in seconds.
LONGEST_DELAY_S: Final = 3_600.0
#: The share of the wait that chance adds, so that what failed together does not come back so.
JITTER: Final = 0.25


def delay_before_next(
    attempts: int, *, backoff_s: float, chance: float, longest_s: float = LONGEST_DELAY_S
) -> float:
    """Return the wait after ``attempts`` failed attempts, in seconds.

    ``backoff_s`` after the first, twice as long after each next, up to ``longest_s``; ``chance`` is
    in [0, 1).
    """
    wait = backoff_s * 2.0 ** min(attempts - 1, 20)
    return min(wait, longest_s) * (1 + JITTER * chance)


def period_key(name: str, *, at_s: float, every_s: float) -> str:
    """Name the period of a periodic job in which the moment ``at_s`` (Unix seconds) lies."""
    return f"{name}@{int(at_s // every_s)}"
