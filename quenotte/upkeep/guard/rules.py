"""What the signs amount to, and what follows: no clock, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from quenotte.upkeep.guard.facts import Change, Declared, Mass, Picture, genuine
from quenotte.upkeep.guard.signals import Known, Sign, Signal, seen

__all__ = [
    "Change",
    "Declared",
    "Ending",
    "Known",
    "Mass",
    "Picture",
    "Point",
    "Sign",
    "Signal",
    "State",
    "Verdict",
    "can_close",
    "genuine",
    "judged",
    "last_good",
    "peaks_of",
    "state_of",
    "without_purged",
]

#: From these scores on.
AMBER_FROM: Final = 5
RED_FROM: Final = 8
#: Tables that empty themselves: what is announced, asked for, typed, logged in, prepared; and what
#: is noted of copies and machines, of which less comes than goes while a practice is closed.
BREATHING: Final = frozenset(
    {
        "base_draft",
        "base_event",
        "base_grant",
        "base_run",
        "base_sitting",
        "base_tabletlink",
        "care_drug",
        "care_message",
        "care_pin",
        "care_progress",
        "care_searchkey",
        "care_stagedrow",
        "django_session",
        "django_tasks_database_dbtaskresult",
        "upkeep_declaration",
        "upkeep_look",
        "upkeep_machinechange",
        "upkeep_machineday",
        "upkeep_machinefinding",
    }
)
#: Whoever closes an anomaly says why, in so many letters at least.
_REASON_LETTERS: Final = 10


class State(StrEnum):
    """How the practice stands. Values are stored."""

    CALM = "calm"
    AMBER = "amber"
    RED = "red"


class Ending(StrEnum):
    """How a person closes an anomaly. ``EXPECTED``: it was us, the copies are good."""

    EXPECTED = "expected"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a copy was found to be."""

    state: State
    score: int
    signals: tuple[Signal, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the copy may be the newest good one; otherwise it waits in quarantine."""
        return self.state is State.CALM


@dataclass(frozen=True, slots=True)
class Point:
    """A copy to which the practice can be brought back; ``at`` is aware."""

    snapshot_id: str
    at: datetime
    is_good: bool


def judged(before: Picture | None, now: Picture, change: Change, known: Known) -> Verdict:
    """Return what a copy is, beside the last good one; the first of all has nothing beside it."""
    signals = _first(now, change) if before is None else seen(before, now, change, known)
    score = sum(one.weight for one in signals)
    return Verdict(state_of(score), score, tuple(signals))


def _first(now: Picture, change: Change) -> list[Signal]:
    """Return what shows without comparing: canaries, an unreadable database, altered files."""
    return [
        one
        for one in seen(now, now, change, Known())
        if one.sign in {Sign.CANARY, Sign.UNREADABLE, Sign.BLOB_ALTERED, Sign.SIGNATURES}
    ]


def state_of(score: int) -> State:
    """Return the state that a score makes."""
    if score >= RED_FROM:
        return State.RED
    return State.AMBER if score >= AMBER_FROM else State.CALM


def worst(states: Iterable[State]) -> State:
    """Return the gravest of some states; calm when there is none."""
    order = [State.CALM, State.AMBER, State.RED]
    return max(states, key=order.index, default=State.CALM)


def last_good(points: Iterable[Point], *, before: datetime | None = None) -> Point | None:
    """Return the newest good copy, taken before a moment when one is given."""
    good = [one for one in points if one.is_good and (before is None or one.at < before)]
    return max(good, key=lambda one: one.at, default=None)


def peaks_of(rows: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return the most rows that each table had in some good copies: a slow loss adds up."""
    peaks: dict[str, int] = {}
    for counts in rows:
        for table, count in counts.items():
            peaks[table] = max(count, peaks.get(table, 0))
    return peaks


def without_purged(
    counts: Sequence[tuple[datetime, Mapping[str, int]]], declared: Iterable[Declared]
) -> list[dict[str, int]]:
    """Return the rows of some copies, without those of a table from before it was emptied."""
    purges = [one for one in declared if one.mass is Mass.PURGE]
    return [
        {
            table: count
            for table, count in rows.items()
            if not any(one.touches(table) and one.ended_at > at for one in purges)
        }
        for at, rows in counts
    ]


def can_close(reason: str) -> bool:
    """Tell whether a reason says something."""
    return sum(map(str.isalpha, reason)) >= _REASON_LETTERS
