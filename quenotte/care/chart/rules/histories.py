"""The trail of a chart: what was entered, taken back, undone and redone; what counts in the end.

Nothing is ever taken out of the trail. A step is undone by an event that names it, and so on:
``history`` reads all of it in the order in which it was recorded, and returns what stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from quenotte.care.chart.rules.findings import Finding
from quenotte.care.chart.rules.marks import is_made_elsewhere


class What(StrEnum):
    """What an event of the trail does. Values are stored: never rename one."""

    FIND = "find"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the trail; ``number`` grows with each one recorded.

    ``on`` is the clinical day. ``target``: the step undone or redone, or the key of the finding
    that is withdrawn; a withdrawal without one concerns all that has its ``source``.
    """

    number: int
    key: str
    step: str
    what: What
    on: date
    finding: Finding | None = None
    source: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A finding that counts; ``ends`` is when an intention was given up, and by which event."""

    entry: Entry
    ends: tuple[date, int] | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What counts, in the order recorded, and which step undo and redo would take next.

    They take those of the chart alone: what a plan or a visit made is taken back there, and they
    walk over it; ``undo_passes`` and ``redo_passes`` say so. ``top`` is the last step that
    stands, whoever made it.
    """

    acts: tuple[Act, ...]
    undo: str
    redo: str
    undo_passes: bool
    redo_passes: bool
    top: str


def history(entries: Iterable[Entry]) -> History:
    """Return what counts of the entries of one patient, given in the order recorded.

    A new step makes those that were undone before it final, unless a plan or a visit made it. An
    undo or redo of a step that is not in that state any more does nothing: two records united
    may bring such.
    """
    entries = tuple(entries)
    steps = _steps(entries)
    done = list(steps.done)
    counting = [entry for entry in entries if entry.finding and entry.step in steps.done]
    withdrawals = [entry for entry in entries if _withdraws(entry) and entry.step in steps.done]
    ended = _withdrawn(counting, withdrawals)
    acts = tuple(
        Act(entry, ended.get(entry.number))
        for entry in counting
        if entry.number not in ended or _is_given_up(entry)
    )
    undo, redo = steps.last_own(done), steps.last_own(steps.undone)
    top = done[-1] if done else ""
    return History(acts, undo, redo, undo != top, redo in steps.passed, top)


@dataclass(slots=True)
class _Steps:
    """Steps that stand, and those that redo would bring back, last one last.

    ``elsewhere``: those that a plan or a visit made; ``passed``: those that were undone before
    one of them.
    """

    done: dict[str, None] = field(default_factory=dict)
    undone: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)

    def last_own(self, steps: list[str]) -> str:
        """Return the last of the steps that was made on the chart; "" for none."""
        return next((step for step in reversed(steps) if step not in self.elsewhere), "")

    def add(self, entry: Entry) -> None:
        """Let a new step stand."""
        self.done[entry.step] = None
        if is_made_elsewhere(entry.source):
            self.elsewhere.add(entry.step)
            self.passed.update(self.undone)
        else:
            self.undone.clear()

    def undo(self, step: str) -> None:
        """Take back a step that stands."""
        if step in self.done:
            del self.done[step]
            self.undone.append(step)
            self.passed.discard(step)

    def redo(self, step: str) -> None:
        """Bring back a step that was undone."""
        if step in self.undone:
            self.undone.remove(step)
            self.done[step] = None


def _steps(entries: Iterable[Entry]) -> _Steps:
    """Return which steps stand, and which were undone."""
    steps = _Steps()
    for entry in entries:
        if entry.what is What.UNDO:
            steps.undo(entry.target)
        elif entry.what is What.REDO:
            steps.redo(entry.target)
        elif entry.step not in steps.done:
            steps.add(entry)
    return steps


def _withdraws(entry: Entry) -> bool:
    return entry.what is What.WITHDRAW


def _withdrawn(found: list[Entry], withdrawals: list[Entry]) -> dict[int, tuple[date, int]]:
    """Return number of each withdrawn finding -> when, and by which event."""
    by_name: dict[str, list[Entry]] = {}
    for entry in found if withdrawals else ():
        by_name.setdefault(entry.key, []).append(entry)
        if entry.source:
            by_name.setdefault(entry.source, []).append(entry)
    ended: dict[int, tuple[date, int]] = {}
    for withdrawal in withdrawals:
        for entry in by_name.get(withdrawal.target or withdrawal.source, ()):
            if entry.number < withdrawal.number:
                ended.setdefault(entry.number, (withdrawal.on, withdrawal.number))
    return ended


def _is_given_up(entry: Entry) -> bool:
    """Tell whether it stays in the past when withdrawn: an intention, but no mistaken finding."""
    return entry.finding is not None and entry.finding.is_intended
