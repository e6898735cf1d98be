"""The trail of a chart: what was entered, taken back, undone and redone; what counts in the end.

Nothing is ever taken out of the trail. A step is undone by an event that names it, and so on:
``history`` reads all of it in the order in which it was recorded, and returns what stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quenotte.care.chart.rules.findings import Finding


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
    """What counts, in the order recorded, and which step undo and redo would take next."""

    acts: tuple[Act, ...]
    undo: str
    redo: str


def history(entries: Iterable[Entry]) -> History:
    """Return what counts of the entries of one patient, given in the order recorded.

    A new step makes those that were undone before it final. An undo or redo of a step that is
    not in that state any more does nothing: two records united may bring such.
    """
    entries = tuple(entries)
    done, undone = _steps(entries)
    standing = set(done)
    counting = [entry for entry in entries if entry.finding and entry.step in standing]
    ended = _withdrawn(counting, [e for e in entries if _withdraws(e) and e.step in standing])
    acts = tuple(
        Act(entry, ended.get(entry.number))
        for entry in counting
        if entry.number not in ended or _is_given_up(entry)
    )
    return History(acts, done[-1] if done else "", undone[-1] if undone else "")


def _steps(entries: Iterable[Entry]) -> tuple[list[str], list[str]]:
    """Return the steps that stand, and those that redo would bring back, last one last."""
    done: dict[str, None] = {}
    undone: list[str] = []
    for entry in entries:
        if entry.what is What.UNDO:
            if entry.target in done:
                del done[entry.target]
                undone.append(entry.target)
        elif entry.what is What.REDO:
            if entry.target in undone:
                undone.remove(entry.target)
                done[entry.target] = None
        elif entry.step not in done:
            done[entry.step] = None
            undone.clear()
    return list(done), undone


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
