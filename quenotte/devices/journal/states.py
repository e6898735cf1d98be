"""What is known of the chain: proven, broken, or replaced by copies; and what leads where.

Proven: what the carriers hold, replayed, is the database as it was at the last commit sent. Gap:
something may have been committed unseen; what is missing is being found. Snapshots: the log cannot
be followed, so a whole copy is compared and sent every quarter of an hour.
"""

import errno
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Chain(StrEnum):
    """How the journal stands."""

    PROVEN = "proven"
    GAP = "gap"
    SNAPSHOTS = "snapshots"


class Why(StrEnum):
    """What broke a chain, or why it begins anew; `sentences` has the words for people."""

    NEW = "new"
    AWAY = "away"
    SALTS = "salts"
    LOG_GONE = "log_gone"
    REWRITTEN = "rewritten"
    UPHEAVAL = "upheaval"
    REPLACED = "replaced"
    NOT_WAL = "not_wal"
    MISMATCH = "mismatch"
    DISK_FULL = "disk_full"
    DISK = "disk"
    WAITING = "waiting"
    NOT_RECEIVED = "not_received"
    NO_PROGRAM = "no_program"
    SETTINGS = "settings"
    NO_ROLE = "no_role"
    NO_DOOR = "no_door"
    STATE_LOST = "state_lost"
    CARRIER_AHEAD = "carrier_ahead"
    ENGINE = "engine"
    NO_BASE = "no_base"
    NO_ROOM = "no_room"
    AGE = "age"
    NOTHING = ""


#: What the system says of a full disk.
DISK_IS_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
#: Between two copies while the chain is not proven, in seconds.
SNAPSHOT_EVERY_S: Final = 900.0


@dataclass(frozen=True)
class State:
    """How the journal stands, and why."""

    chain: Chain
    why: Why
    #: Attempts to make the chain whole that failed in a row.
    failures: int = 0
    #: When the last copy was begun (seconds of a clock that only goes forward); None: never.
    copied_at: float | None = None


BEGUN: Final = State(Chain.GAP, Why.NEW)


def broken(state: State, why: Why) -> State:
    """Return the state after the chain broke; the first reason stays until it is whole."""
    if state.chain is not Chain.PROVEN:
        return state
    return State(Chain.GAP, why)


def mended(_state: State) -> State:
    """Return the state after the chain was found or made whole."""
    return State(Chain.PROVEN, Why.NOTHING)


def not_mended(state: State, why: Why) -> State:
    """Return the state after an attempt to make the chain whole failed: copies take over."""
    return replace(state, chain=Chain.SNAPSHOTS, why=why, failures=state.failures + 1)


def copied(state: State, now: float) -> State:
    """Return the state after a copy was begun, whether it could be kept or not."""
    return replace(state, copied_at=now)


def is_copy_due(state: State, now: float) -> bool:
    """Tell whether a copy is to be made now; ``now`` in seconds of a clock that goes forward."""
    if state.chain is not Chain.SNAPSHOTS:
        return False
    return state.copied_at is None or not 0 <= now - state.copied_at < SNAPSHOT_EVERY_S
