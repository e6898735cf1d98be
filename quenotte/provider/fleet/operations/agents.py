"""The agents of a machine that fell silent while it is heard: one finding that names them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from quenotte.kernel.posture.hysteresis import Event
from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.kernel.posture.terms import State as Judged
from quenotte.kernel.posture.voices import CONFIRMED_AFTER
from quenotte.provider.fleet.models import Finding, State
from quenotte.provider.fleet.operations.judging import AGENT_LEFT, AGENT_SILENCE
from quenotte.provider.fleet.operations.speakers import still_untold

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine


_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Noted:
    """What there is to tell of the agents of a machine, whether it is news of a finding that
    stands, and when to look again though nothing comes.
    """

    finding: Finding
    event: Event | None
    is_news: bool
    look_at: datetime | None


@dataclass(frozen=True, slots=True)
class Silent:
    """Which agents of a machine are silent, and when each was heard last; none if it never was.

    ``blind_for``: how long nobody would know that it stopped, of a server that is heard rarely now.
    """

    agents: Collection[str]
    heard_at: Mapping[str, datetime]
    blind_for: timedelta | None = None


def note_agents(
    finding: Finding | None, machine: "Machine", silent: Silent, now: datetime
) -> Noted | None:
    """Note which agents of a machine are silent; None: nothing was, and nothing is.

    A silence opens the finding after ``CONFIRMED_AFTER``: the others of a machine that just began
    come one by one.
    """
    if not silent.agents and (finding is None or finding.state == Judged.OK):
        return None
    finding = finding or Finding(
        machine=machine, customer_id=machine.customer_id, rule=AGENT_SILENCE, is_open=False
    )
    before = (finding.state, finding.is_open, finding.values)
    noticed = _noticed(finding, silent.agents, now)
    told = [agent for agent, at in noticed.items() if now - at >= CONFIRMED_AFTER]
    _fill(finding, noticed, told, silent, now)
    event = _open(finding, bool(told), now)
    if (finding.state, finding.is_open, finding.values) != before:
        finding.save()
    is_news = event is not None or (finding.is_open and finding.values != before[2])
    waiting = [at + CONFIRMED_AFTER for agent, at in noticed.items() if agent not in told]
    return Noted(finding, event, is_news, min(waiting, default=None))


def _noticed(finding: Finding, silent: Collection[str], now: datetime) -> dict[str, datetime]:
    """Return since when each silent agent is known to be, as was noted before or from now on."""
    before = finding.values.get("noticed_at", {}) if finding.state == Judged.BAD else {}
    return {
        agent: datetime.fromisoformat(before[agent]) if agent in before else now
        for agent in sorted(silent)
    }


def _fill(
    finding: Finding,
    noticed: Mapping[str, datetime],
    told: Collection[str],
    silent: Silent,
    now: datetime,
) -> None:
    state = Judged.BAD if noticed else Judged.OK
    finding.since = finding.since if finding.state == state else now
    finding.cause, finding.state = Cause.SILENCE, state
    finding.severity = Severity.CRITICAL if silent.blind_for else Severity.IMPORTANT
    finding.reason = "silent" if noticed else "ok"
    finding.values = {**_values(noticed, told, silent), **still_untold(finding)}


def _values(
    noticed: Mapping[str, datetime], told: Collection[str], silent: Silent
) -> dict[str, Any]:
    """Return what the sentence is made from: of whom it speaks, and when each was heard last.

    An exemption bears the agents that are named (``kernel.posture.exemptions.things_of``).
    """
    if not noticed:
        return {}
    last = {agent: at.isoformat() for agent, at in silent.heard_at.items() if agent in noticed}
    blind = {"blind_h": silent.blind_for // _HOUR} if silent.blind_for else {}
    return {
        **blind,
        "names": sorted(told or noticed),
        "heard_at": {agent: last.get(agent, "") for agent in noticed},
        "noticed_at": {agent: at.isoformat() for agent, at in noticed.items()},
    }


def _open(finding: Finding, is_open: bool, now: datetime) -> Event | None:
    if finding.is_open == is_open:
        return None
    finding.is_open, finding.opened_at = is_open, now if is_open else None
    return Event.OPENED if is_open else Event.CLOSED


def silent_before(finding: Finding | None, seen: Mapping[str, datetime]) -> frozenset[str]:
    """Return the agents that were known to be silent, and were not heard since.

    ``seen``: when each was heard last; none if it never was.
    """
    if finding is None or finding.state != Judged.BAD:
        return frozenset()
    told = finding.values.get("heard_at", {})
    return frozenset(one for one in told if not _is_back({"heard_at": {one: told[one]}}, seen))


def spoke_again(limit: int) -> set[UUID]:
    """Return machines of which an agent was silent and is heard; those that are silent are few."""
    rules = (AGENT_SILENCE, AGENT_LEFT)
    silent = {"machine__findings__rule__in": rules, "machine__findings__state": Judged.BAD}
    seen: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    rows = State.objects.filter(**silent).values_list("machine_id", "source", "seen_at")
    for machine_id, source, at in rows:
        seen[machine_id][source] = at
    found = Finding.objects.filter(rule__in=rules, state=Judged.BAD)
    back = (
        machine_id
        for machine_id, values in found.values_list("machine_id", "values")
        if machine_id is not None and _is_back(values, seen[machine_id])
    )
    return set(islice(back, limit))


def _is_back(values: Mapping[str, Any], seen: Mapping[str, datetime]) -> bool:
    """Tell whether an agent was heard later than what was noted of it when it was silent."""
    return any(
        (at := seen.get(agent)) is not None and (not told or at > datetime.fromisoformat(told))
        for agent, told in values.get("heard_at", {}).items()
    )
