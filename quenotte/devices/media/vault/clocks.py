"""The vault's own clock, and when it is not to be believed.

Retention and « as of » stand on the time of receipt. So a clock that was moved stops the writing
until somebody looked at it, rather than put false times into a log that is never rewritten.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from quenotte.devices.media.vault.rules import Reason, Refused

#: A jump up to this long is a correction, in microseconds.
TOLERANCE_US: Final = 10 * 60 * 1_000_000


def wall_us() -> int:
    """Return the time of day in microseconds since 1970."""
    return time.time_ns() // 1000


def steady_us() -> int:
    """Return microseconds since the machine started, its sleep included where it can be told."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)) // 1000


@dataclass
class Clock:
    """Says what time it is, as long as wall and machine agree."""

    wall: Callable[[], int] = wall_us
    steady: Callable[[], int] = steady_us
    _offset: int = field(init=False)

    def __post_init__(self) -> None:
        self._offset = self.wall() - self.steady()

    def now(self, last_us: int) -> int:
        """Return the time in microseconds since 1970; ``last_us`` is the latest known receipt.

        Raises: Refused when the clock went behind it, or was moved forward while we ran.
        """
        now = self.wall()
        if now < last_us - TOLERANCE_US:
            # Whatever brings it back from there is a correction.
            self._offset = now - self.steady()
            raise Refused(Reason.CLOCK)
        offset = now - self.steady()
        moved, was_behind = offset - self._offset, self._offset + self.steady() < last_us
        if moved > TOLERANCE_US and not was_behind:
            raise Refused(Reason.CLOCK)
        # Small corrections add up to nothing.
        self._offset = offset
        return max(now, last_us)
