"""What is kept of a rule and somebody between two looks, and what a new verdict changes of it."""

from datetime import datetime
from typing import Any, Protocol

from quenotte.kernel.posture import remembering
from quenotte.kernel.posture.hysteresis import Event, observe
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.rules import ALL


class Found(Protocol):
    """A row of whoever keeps findings, by the names of its columns."""

    cause: Any
    severity: Any
    state: Any
    reason: Any
    values: Any
    #: The facts it rests on, and the sources that say otherwise: with their times.
    evidence: Any
    dissent: Any
    #: Since when it has been in this state.
    since: Any
    #: Between two looks: ``remembering``.
    memory: Any
    #: It crossed the threshold of its rule, and somebody should know.
    is_open: Any
    opened_at: Any


def note(found: Found, verdict: Verdict, now: datetime) -> tuple[Event | None, bool]:
    """Take a verdict in; return what there is to tell of it, and whether anything is new."""
    rule, before = ALL[verdict.rule], _said(found)
    memory, event = observe(remembering.read(found.memory), verdict.state, now, rule.damping)
    if found.state != verdict.state:
        found.since = now
    if memory.is_open != found.is_open:
        found.opened_at = now if memory.is_open else None
    found.cause, found.severity = rule.cause, rule.severity
    found.state, found.reason = verdict.state, verdict.reason
    found.values = dict(verdict.values)
    found.memory, found.is_open = remembering.written(memory, now), memory.is_open
    is_new = _said(found) != before
    if is_new:
        found.evidence = [remembering.evidence(one) for one in verdict.evidence]
        found.dissent = [remembering.dissent(one) for one in verdict.dissent]
    return event, is_new


def look_at(found: Found, rule: str) -> datetime | None:
    """Return when time alone may change what is told of a rule that was noted; None: it cannot."""
    return remembering.read(found.memory).look_at(ALL[rule].damping)


def _said(found: Found) -> tuple[object, ...]:
    """Return what a finding comes to; ages grow by themselves and are no news of it."""
    values = {name: one for name, one in found.values.items() if name != "hours"}
    memory = {name: one for name, one in found.memory.items() if name != "last_at"}
    return (found.state, found.reason, values, memory, found.is_open)
