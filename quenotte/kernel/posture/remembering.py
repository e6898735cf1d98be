"""What a finding remembers between two looks, as JSON and as the rules want it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.hysteresis import Memory
from quenotte.kernel.posture.judging import Dissent

_MOST_RUN = 20
#: No rule looks further back for changes of mind.
_FLIPS_KEPT = timedelta(days=2)
_MOMENTS = ("bad_since", "told_unstable_at", "last_at")


def written(memory: Memory, now: datetime) -> dict[str, Any]:
    """Return a memory as JSON; what is nothing, or too old to count, is left out."""
    memory = replace(memory, flips=tuple(at for at in memory.flips if now - at < _FLIPS_KEPT))
    told: dict[str, Any] = {
        "is_open": memory.is_open,
        # No rule counts further than a few; what is well only has to be known to have been.
        "bad_run": min(memory.bad_run, _MOST_RUN),
        "good_run": min(memory.good_run, _MOST_RUN if memory.is_open else 1),
        "flips": [at.isoformat() for at in memory.flips],
    }
    moments = {name: getattr(memory, name) for name in _MOMENTS}
    if not (memory.bad_since or memory.flips):
        # All is well for long: when it was last looked at is nothing to write down each hour.
        moments["last_at"] = None
    told |= {name: at.isoformat() for name, at in moments.items() if at}
    return {name: value for name, value in told.items() if value}


def read(told: Mapping[str, Any]) -> Memory:
    """Return a memory that was written."""
    moments = {name: datetime.fromisoformat(told[name]) for name in _MOMENTS if name in told}
    return Memory(
        is_open=told.get("is_open", False),
        bad_run=told.get("bad_run", 0),
        good_run=told.get("good_run", 0),
        flips=tuple(map(datetime.fromisoformat, told.get("flips", ()))),
        **moments,
    )


def evidence(fact: Fact) -> dict[str, Any]:
    """Return a fact as evidence: its key, its value or why there is none, its source and time."""
    return {
        "key": fact.key,
        "value": fact.value,
        "unknown": fact.unknown,
        "source": fact.source,
        "at": fact.observed_at.isoformat(),
    }


def dissent(other: Dissent) -> dict[str, Any]:
    """Return what another source would have led to."""
    return {
        "source": other.source,
        "state": other.state,
        "reason": other.reason,
        "at": other.observed_at.isoformat(),
    }
