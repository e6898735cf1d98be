"""When something bad becomes a finding, and when it stops being one: a pure state machine.

What is seen once may be a reboot; what comes and goes all day is said to be unstable, once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from quenotte.kernel.posture.terms import State

#: One good look does not close what takes two: the second follows after that long.
CONFIRMED_AFTER: Final = timedelta(minutes=10)


class Event(StrEnum):
    """What there is to tell."""

    OPENED = "opened"
    CLOSED = "closed"
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Damping:
    """How slow to believe.

    Opens after so many bad observations in a row, or once it was bad for ``opens_within`` (None:
    the other alone), closes after so many good ones. Unstable: so many changes of mind within
    ``flap_window``; that opens it, is told once a window, and nothing closes meanwhile.
    """

    opens_after: int | None = 3
    opens_within: timedelta | None = timedelta(minutes=30)
    closes_after: int = 2
    flaps: int = 6
    flap_window: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one rule of one machine; instants are aware.

    ``bad_run``, ``good_run``: observations in a row, of which one is 0. ``bad_since``: when the bad
    ones began. ``flips``: the newest changes of mind, bounded by ``Damping.flaps``.
    """

    is_open: bool = False
    bad_run: int = 0
    good_run: int = 0
    bad_since: datetime | None = None
    flips: tuple[datetime, ...] = ()
    told_unstable_at: datetime | None = None
    last_at: datetime | None = None

    def opens_at(self, damping: Damping) -> datetime | None:
        """Return when time alone opens it, None when it does not: the moment to look again."""
        if self.is_open or self.bad_since is None or damping.opens_within is None:
            return None
        return self.bad_since + damping.opens_within

    def look_at(self, damping: Damping) -> datetime | None:
        """Return when to look again though nothing new is told, None when there is no need.

        A machine tells a change once: that it lasts, time alone can say.
        """
        if not self.is_open:
            return self.opens_at(damping)
        is_closing = 0 < self.good_run < damping.closes_after
        return self.last_at + CONFIRMED_AFTER if is_closing and self.last_at else None


def observe(
    memory: Memory, seen: State, at: datetime, damping: Damping
) -> tuple[Memory, Event | None]:
    """Take in an observation and return what is remembered now, and what there is to tell.

    What is unknown proves nothing, neither the fault nor its repair.
    """
    at = max(at, memory.last_at or at)
    if seen is State.UNKNOWN:
        return look(memory, at, damping)
    memory = _noted(memory, is_bad=seen is State.BAD, at=at, damping=damping)
    is_unstable = _is_unstable(memory, at, damping)
    if is_unstable and not _is_told(memory, at, damping):
        return replace(memory, is_open=True, told_unstable_at=at), Event.UNSTABLE
    if memory.is_open and not is_unstable and memory.good_run >= damping.closes_after:
        return replace(memory, is_open=False), Event.CLOSED
    return look(memory, at, damping)


def look(memory: Memory, at: datetime, damping: Damping) -> tuple[Memory, Event | None]:
    """Return the same without an observation: time alone may open a finding, nothing closes one."""
    is_counted = damping.opens_after is not None and memory.bad_run >= damping.opens_after
    opens_at = memory.opens_at(damping)
    is_ripe = is_counted or (opens_at is not None and at >= opens_at)
    if memory.is_open or not is_ripe:
        return memory, None
    return replace(memory, is_open=True), Event.OPENED


def rested(memory: Memory) -> Memory:
    """Forget what was counted and not yet told, as at the end of a maintenance window."""
    return replace(memory, bad_run=0, good_run=0, bad_since=None, flips=())


def _noted(memory: Memory, *, is_bad: bool, at: datetime, damping: Damping) -> Memory:
    is_flip = bool(memory.good_run if is_bad else memory.bad_run)
    return replace(
        memory,
        bad_run=memory.bad_run + 1 if is_bad else 0,
        good_run=0 if is_bad else memory.good_run + 1,
        bad_since=(memory.bad_since or at) if is_bad else None,
        flips=(*memory.flips, at)[-damping.flaps :] if is_flip else memory.flips,
        last_at=at,
    )


def _is_unstable(memory: Memory, at: datetime, damping: Damping) -> bool:
    is_full = len(memory.flips) >= damping.flaps
    return is_full and at - memory.flips[0] < damping.flap_window


def _is_told(memory: Memory, at: datetime, damping: Damping) -> bool:
    told = memory.told_unstable_at
    return told is not None and at - told < damping.flap_window
