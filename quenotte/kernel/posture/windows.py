"""Maintenance windows: planned, bounded, and over by themselves.

Nothing is stored up for their end. Incidents are made from what is found now, so that what came
and went within a window is never told; what is still wrong afterwards has to be seen again
(``hysteresis.rested``), and a silence counts from the end of the window (``heard_at``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.kernel.posture.grouping import Finding
from quenotte.kernel.posture.terms import Cause

#: Longer is no maintenance but an exemption, which asks for a reason.
LONGEST: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open period in which somebody works on something, and need not be told of it.

    ``practice``, ``subject``: "" for all of them. ``causes``: empty for all.
    Raises: ValueError when it does not end, or lasts longer than a week.
    """

    starts_at: datetime
    ends_at: datetime
    practice: str = ""
    subject: str = ""
    causes: frozenset[Cause] = frozenset()

    def __post_init__(self) -> None:
        if not timedelta() < self.ends_at - self.starts_at <= LONGEST:
            raise ValueError("a window must end within a week")

    def covers(self, practice: str, subject: str, cause: Cause) -> bool:
        """Tell whether something of somebody is worked on."""
        is_there = self.practice in {"", practice} and self.subject in {"", subject}
        return is_there and (not self.causes or cause in self.causes)

    def is_open(self, at: datetime) -> bool:
        """Tell whether it counts at a moment."""
        return self.starts_at <= at < self.ends_at


def parted(
    findings: Iterable[Finding], windows: Iterable[Window], at: datetime
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings to tell, and those that are muted now, for the log of the windows."""
    now_open = [one for one in windows if one.is_open(at)]
    told: list[Finding] = []
    muted: list[Finding] = []
    for one in findings:
        is_muted = any(each.covers(one.practice, one.subject, one.cause) for each in now_open)
        (muted if is_muted else told).append(one)
    return told, muted


def heard_at(
    last_seen_at: datetime, practice: str, subject: str, windows: Iterable[Window], at: datetime
) -> datetime:
    """Return from when on a silence counts: the last sign, or the end of a window since."""
    over = (
        one.ends_at
        for one in windows
        if one.ends_at <= at and one.covers(practice, subject, Cause.SILENCE)
    )
    return max((last_seen_at, *over))
