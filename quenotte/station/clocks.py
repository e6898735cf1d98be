"""The two clocks of the companion: one that only goes on, and the one on the wall.

Waits and ages are measured by the first, which counts sleep as well; a wall clock that jumps moves
nothing. The second is used for what must outlive a restart.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Final, Protocol

#: A wait is looked at this often, in seconds: a machine that slept finds out on waking.
LOOK_S: Final = 30.0


class Clock(Protocol):
    """What tells the time and waits."""

    def since_boot_s(self) -> float:
        """Return seconds since the start of the machine, its sleep included."""
        ...

    def now(self) -> datetime:
        """Return the aware instant on the wall."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait; return whether somebody asked to stop meanwhile."""
        ...


class RealClock:
    """The clocks of this machine."""

    def __init__(self) -> None:
        self._stop = Event()

    def since_boot_s(self) -> float:
        """Return seconds since the start of the machine, its sleep included."""
        return _since_boot_s()

    def now(self) -> datetime:
        """Return the aware instant on the wall."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> bool:
        """Wait; return whether somebody asked to stop meanwhile."""
        return self._stop.wait(max(seconds, 0))

    def stop(self) -> None:
        """Ask to stop, from another thread: the waiting one may hold the lock that this takes."""
        self._stop.set()


def _of_linux() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


#: Linux's monotonic clock stands still during sleep, another does not; that of Windows goes on.
_since_boot_s: Callable[[], float] = (
    _of_linux if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic
)
