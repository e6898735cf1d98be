"""The signs by which an attack shows in a copy, each with its weight; no clock, no database."""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from quenotte.upkeep.guard.facts import Change, Declared, Mass, Picture

#: A sign that suffices, one that asks for a look, one that adds up, one that only leans.
ALONE: Final = 10
STRONG: Final = 5
MEDIUM: Final = 3
WEAK: Final = 1

#: A table that lost more than this part of its rows, and no fewer than so many. Small tables are
#: lists that people tidy up: for these, see the last pair.
_DROPPED: Final = ((0.01, 100),)
#: What says enough alone: a fifth of many rows, or nearly all of some.
_RUINED: Final = ((0.2, 200), (0.9, 20))
#: Part of the rows of a table that changed at once.
_MASS: Final = 0.3
_MASS_ROWS: Final = 100
#: A table that grew by so many rows, and by more than this part of what it had.
_GROWN: Final = 0.5
_GROWN_ROWS: Final = 2_000
#: Traces grow fast while a practice is young.
_TRACES: Final = frozenset({"base_line"})
#: The same for tables whose rows change only when two records are united.
_SETTLED: Final = 0.05
_SETTLED_ROWS: Final = 20
#: Part of the database's pages that are new, and how little such pages give way to compression.
_COLLAPSE: Final = 0.5
_NOISE: Final = 0.95
_NOISE_SHARE: Final = 0.02
#: A copy that adds so many times the median of the last nights, at least so many bytes.
_LARGE: Final = 5
_LARGE_BYTES: Final = 50_000_000
_NIGHTS: Final = 7
#: A copy that is smaller than this part of the one before.
_SMALL: Final = 0.5


class Sign(StrEnum):
    """What was seen. Values are stored."""

    CANARY = "canary"
    BLOB_ALTERED = "blob_altered"
    BLOB_VANISHED = "blob_vanished"
    UNREADABLE = "unreadable"
    JOURNAL = "journal"
    VAULT = "vault"
    SEALED = "sealed"
    MEMORY = "memory"
    REOPENED = "reopened"
    SIGNATURES = "signatures"
    NOISE = "noise"
    ROWS_RUINED = "rows_ruined"
    ROWS_DROPPED = "rows_dropped"
    ROWS_CHANGED = "rows_changed"
    ROWS_ADDED = "rows_added"
    SCHEMA = "schema"
    SMALL = "small"
    FILES_LOST = "files_lost"
    COLLAPSE = "collapse"
    LARGE = "large"
    MARKED = "marked"


WEIGHTS: Final[Mapping[Sign, int]] = {
    Sign.CANARY: ALONE,
    Sign.BLOB_ALTERED: ALONE,
    Sign.BLOB_VANISHED: ALONE,
    Sign.UNREADABLE: ALONE,
    Sign.JOURNAL: ALONE,
    Sign.VAULT: ALONE,
    Sign.SEALED: ALONE,
    Sign.ROWS_RUINED: ALONE,
    Sign.REOPENED: ALONE,
    Sign.MEMORY: STRONG,
    Sign.SIGNATURES: STRONG,
    Sign.NOISE: STRONG,
    Sign.ROWS_DROPPED: STRONG,
    Sign.ROWS_CHANGED: STRONG,
    Sign.ROWS_ADDED: STRONG,
    Sign.SCHEMA: STRONG,
    Sign.SMALL: STRONG,
    Sign.FILES_LOST: MEDIUM,
    Sign.COLLAPSE: MEDIUM,
    Sign.LARGE: MEDIUM,
    Sign.MARKED: WEAK,
}

#: What each declared event explains. Nothing explains an altered radiograph or a canary.
EXPLAINS: Final[Mapping[Mass, frozenset[Sign]]] = {
    Mass.IMPORT: frozenset({Sign.LARGE, Sign.COLLAPSE, Sign.ROWS_CHANGED, Sign.ROWS_ADDED}),
    Mass.MIGRATION: frozenset(
        {
            Sign.LARGE,
            Sign.COLLAPSE,
            Sign.ROWS_CHANGED,
            Sign.ROWS_ADDED,
            Sign.ROWS_DROPPED,
        }
    ),
    Mass.UNION: frozenset({Sign.ROWS_CHANGED}),
    Mass.REWRITING: frozenset({Sign.LARGE, Sign.COLLAPSE}),
    Mass.PURGE: frozenset(
        {Sign.ROWS_DROPPED, Sign.ROWS_RUINED, Sign.ROWS_CHANGED, Sign.COLLAPSE, Sign.SMALL}
    ),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign: how many of how many, and the first names (files, tables)."""

    sign: Sign
    count: int = 0
    total: int = 0
    names: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """What it adds to the score."""
        return WEIGHTS[self.sign]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the two copies.

    ``peaks``: the most rows that each table had in the copies of the last month. ``breathing``:
    tables that empty themselves (logins, tasks). ``nights``: bytes that each of the last thirty
    nights added. ``declared``: genuine mass events. ``is_memory_lost``: the database remembers no
    copy any more, although it did when the last good one was made.
    """

    peaks: Mapping[str, int] = field(default_factory=dict)
    breathing: frozenset[str] = frozenset()
    nights: Sequence[int] = ()
    declared: Sequence[Declared] = ()
    is_memory_lost: bool = False


def seen(before: Picture, now: Picture, change: Change, known: Known) -> list[Signal]:
    """Return the signs that a copy shows beside the last good one, the heaviest first."""
    current = [one for one in known.declared if one.falls_between(before.at, now.at)]
    found = [
        *([Signal(Sign.MEMORY)] if known.is_memory_lost else []),
        *_of_files(change),
        *_of_database(before, now, change, current),
        *_of_rows(before, now, change, known, current),
        *_of_sizes(before, now, change, known, current),
    ]
    return sorted(found, key=lambda one: -one.weight)


def _of_files(change: Change) -> Iterator[Signal]:
    if change.canaries:
        yield Signal(Sign.CANARY, len(change.canaries), names=change.canaries[:5])
    if change.altered:
        yield Signal(Sign.BLOB_ALTERED, change.altered, names=change.names[:5])
    if change.vanished:
        yield Signal(Sign.BLOB_VANISHED, change.vanished, names=change.names[:5])
    if change.unlike >= 4 and 2 * change.unlike >= change.looked_at:
        yield Signal(Sign.SIGNATURES, change.unlike, change.looked_at)
    if change.others_lost >= 5 and 2 * change.others_lost >= change.other_files:
        yield Signal(Sign.FILES_LOST, change.others_lost, change.other_files)
    if change.marked:
        yield Signal(Sign.MARKED, change.marked)


def _of_database(
    before: Picture, now: Picture, change: Change, declared: Sequence[Declared]
) -> Iterator[Signal]:
    if not now.is_readable:
        yield Signal(Sign.UNREADABLE)
        return
    if not change.is_journal_kept or now.journal[0] < before.journal[0]:
        yield Signal(Sign.JOURNAL, now.journal[0], before.journal[0])
    # A migration leaves its name: tables and triggers that change without one were changed by
    # somebody else, be it in the minutes after an upgrade was declared.
    if now.schema != before.schema and now.migrations == before.migrations:
        yield Signal(Sign.SCHEMA)
    is_noise = change.new_ratio is not None and change.new_ratio >= _NOISE
    if is_noise and change.new_share >= _NOISE_SHARE:
        yield Signal(Sign.NOISE, round(100 * change.new_share), 100)
    if change.new_share >= _COLLAPSE and not _explained(Sign.COLLAPSE, declared):
        yield Signal(Sign.COLLAPSE, round(100 * change.new_share), 100)


def _of_rows(
    before: Picture, now: Picture, change: Change, known: Known, declared: Sequence[Declared]
) -> Iterator[Signal]:
    if not now.is_readable:
        return
    ruined = _dropped(now, known, _RUINED)
    for sign, tables in (
        (Sign.SEALED, {name: change.rows_changed.get(name, 0) for name in before.sealed}),
        (Sign.ROWS_RUINED, ruined),
        (Sign.ROWS_DROPPED, _without(_dropped(now, known, _DROPPED), ruined)),
        (Sign.ROWS_CHANGED, _changed(before, now, change, known)),
        (Sign.ROWS_ADDED, _added(before, now, known)),
    ):
        left = {
            table: count
            for table, count in tables.items()
            if count and not _explained(sign, declared, table, count)
        }
        if left:
            names = sorted(left, key=lambda table: (-left[table], table))
            yield Signal(sign, sum(left.values()), names=tuple(names[:5]))


def _without(counts: dict[str, int], others: dict[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if table not in others}


def _dropped(now: Picture, known: Known, limits: Sequence[tuple[float, int]]) -> dict[str, int]:
    """Return how many rows are missing, beside the most there were, in each table over a limit."""
    lost = {
        table: peak - now.rows.get(table, 0)
        for table, peak in known.peaks.items()
        if table not in known.breathing
    }
    return {
        table: count
        for table, count in lost.items()
        if any(count >= least and count > part * known.peaks[table] for part, least in limits)
    }


def _changed(before: Picture, now: Picture, change: Change, known: Known) -> dict[str, int]:
    found = {}
    for table, count in change.rows_changed.items():
        is_settled = table in before.settled
        part, least = (_SETTLED, _SETTLED_ROWS) if is_settled else (_MASS, _MASS_ROWS)
        is_much = count >= least and count > part * now.rows.get(table, 0)
        if is_much and table not in known.breathing:
            found[table] = count
    return found


def _added(before: Picture, now: Picture, known: Known) -> dict[str, int]:
    """Return how many rows came to tables that grew by more than half at once."""
    quiet = known.breathing | before.sealed | _TRACES
    grown = {
        table: count - before.rows.get(table, 0)
        for table, count in now.rows.items()
        if table not in quiet
    }
    return {
        table: count
        for table, count in grown.items()
        if count >= _GROWN_ROWS and count > _GROWN * before.rows.get(table, 0)
    }


def _of_sizes(
    before: Picture, now: Picture, change: Change, known: Known, declared: Sequence[Declared]
) -> Iterator[Signal]:
    is_small = now.size_bytes < _SMALL * before.size_bytes
    if is_small and not _explained(Sign.SMALL, declared):
        yield Signal(Sign.SMALL, now.size_bytes, before.size_bytes)
    if len(known.nights) < _NIGHTS or _explained(Sign.LARGE, declared):
        return
    usual = round(statistics.median(known.nights))
    if change.added_bytes > max(_LARGE * usual, _LARGE_BYTES):
        yield Signal(Sign.LARGE, change.added_bytes, usual)


def _explained(sign: Sign, declared: Iterable[Declared], table: str = "", count: int = 0) -> bool:
    """Tell whether declared events explain a sign; those that counted explain no more than that."""
    fitting = [
        one for one in declared if sign in EXPLAINS[one.mass] and (not table or one.touches(table))
    ]
    if any(not one.rows for one in fitting):
        return True
    return bool(fitting) and sum(one.rows for one in fitting) >= count
