"""Agents that were removed long ago and never revoked: somebody is asked, and nobody is alarmed.

Such an agent was silent long before anybody listened to each of a machine: before this release, or
before its machine was known to be the same as that of another agent. Nothing happened now.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.kernel.posture.terms import State as Judged
from quenotte.kernel.posture.voices import Voice
from quenotte.provider.fleet.models import Finding, PastDay
from quenotte.provider.fleet.operations.judging import AGENT_LEFT

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine

#: Its machine was heard without it so long ago already.
_LONG: Final = timedelta(days=60)


def removed_among(
    machine_id: UUID,
    voices: Sequence[Voice],
    silent: Collection[str],
    *,
    told: Finding | None,
    known: Finding | None,
    now: datetime,
    is_missed: bool,
) -> frozenset[str]:
    """Return which silent agents of a machine were removed long ago, as far as can be told.

    ``told``: the silence of its agents, and ``known``: those that were removed, as they stand. What
    was told as a silence stays one; a machine that was off for months is none, nor are its agents.
    ``is_missed``: it would be known soon that the machine stopped. Of a server of which it would
    not, none of the silent counts as removed, unless another one is told: that is true now,
    whenever they fell silent.
    """
    noticed = told.values.get("noticed_at", {}) if told and told.state == Judged.BAD else {}
    before = known.values.get("heard_at", {}) if known else {}
    old = {one.agent: one.at for one in voices if one.agent in silent and now - one.at >= _LONG}
    found = frozenset(
        agent
        for agent, at in old.items()
        if agent not in noticed and (agent in before or _outlived(machine_id, at, now))
    )
    return found if is_missed or found != silent else frozenset()


def _outlived(machine_id: UUID, at: datetime, now: datetime) -> bool:
    """Tell whether a machine was heard after an instant, and so long ago that it is a past."""
    first, last = at.astimezone(UTC).date(), (now - _LONG).astimezone(UTC).date()
    days = PastDay.objects.filter(machine_id=machine_id, day__gt=first, day__lte=last)
    return days.exists()


def note_removed(
    known: Finding | None,
    machine: "Machine",
    removed: Collection[str],
    heard_at: Mapping[str, datetime],
    now: datetime,
) -> None:
    """Write down which agents of a machine seem to be removed; nothing, when none is any more.

    ``heard_at``: when each was heard last; none if it never was.
    """
    if not removed:
        if known is not None:
            known.delete()
        return
    values = {
        "names": sorted(removed),
        "heard_at": {
            one: heard_at[one].isoformat() if one in heard_at else "" for one in sorted(removed)
        },
    }
    if known is not None and known.values == values:
        return
    one = known or Finding(machine=machine, rule=AGENT_LEFT, since=now, is_open=False)
    one.customer_id = machine.customer_id
    one.cause, one.severity = Cause.SILENCE, Severity.NOTICE
    one.state, one.reason, one.values = Judged.BAD, "silent", values
    one.save()
