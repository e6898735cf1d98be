"""Drawing incidents from what is found now: opened, worsened, quiet, closed; told with it.

Practices at which something changed are taken a batch at a time, in one transaction with the
messages about them: whoever is killed leaves nothing half done, two who work at once share.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quenotte.kernel.posture import grouping
from quenotte.kernel.posture.hysteresis import Event
from quenotte.kernel.posture.terms import Severity
from quenotte.provider.customers import queries as customers
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as found_now
from quenotte.provider.fleet.operations import AGENT_SILENCE, Part
from quenotte.provider.incidents import rules
from quenotte.provider.incidents.models import Incident, Muted, Step
from quenotte.provider.incidents.operations import parting, telling
from quenotte.provider.incidents.rules import Kind, Standing

if TYPE_CHECKING:
    from quenotte.provider.fleet.models import Finding

#: Practices of one transaction.
_BATCH: Final = 200
_CHANGED: Final = [
    "severity", "rank", "standing", "since", "closed_at", "opened_at", "told_at", "told_severity",
    "told_of", "round", "rule", "state", "reason", "values", "also", "machines", "findings",
    "flips", "told_unstable_at", "taken_by", "taken_at", "ripens_at",
]  # fmt: skip
#: Of equally grave ones they come last: what else is found says more.
_SAYS_LITTLE: Final = frozenset({AGENT_SILENCE, rules.LIGHT})
#: What a person is told of an incident that stops asking for somebody, or asks again.
_QUIET: Final = {
    Standing.HELD: Kind.HELD,
    Standing.MUTED: Kind.MUTED,
    Standing.BORNE: Kind.BORNE,
}


@dataclass(slots=True)
class _Drawn:
    """What a batch comes to, to be written at once."""

    new: list[Incident] = field(default_factory=list)
    moved: list[Incident] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    muted: list[Muted] = field(default_factory=list)
    told: list[tuple[Incident, Kind]] = field(default_factory=list)


def draw(*, now: datetime, rounds: int = 50) -> int:
    """Draw the incidents of the practices at which something changed; return how many these were.

    ``rounds``: how many batches at most; it ends sooner when nobody is left. A practice at which
    it fails is noted, and tried again later: the others go on.
    """
    count = 0
    for _round in range(rounds):
        with transaction.atomic():
            resting = fleet.resting(Part.INCIDENTS, now)
            claimed = fleet.claim_unsettled(_BATCH, but=resting)
            if not claimed:
                break
            count += len(_draw_apart(claimed, now))
    return count


def _draw_apart(claimed: Mapping[UUID, datetime], now: datetime) -> list[UUID]:
    """Draw the incidents of practices that are held; return at which of them it went well."""
    # What a person decided after this look began counts in it as well.
    at = max(now, *claimed.values())

    def work(customer_ids: Collection[UUID]) -> list[UUID]:
        _draw(customer_ids, at)
        fleet.settled(customer_ids)
        fleet.went_well(Part.INCIDENTS, customer_ids=customer_ids)
        return list(customer_ids)

    def failed(customer_id: UUID, error: Exception) -> None:
        fleet.stumbled(Part.INCIDENTS, customer_id, error, now=now)

    return fleet.apart(claimed, work, failed)


def _draw(customer_ids: Collection[UUID], now: datetime) -> None:
    around = parting.around(customer_ids, now)
    known = _known(customer_ids, now)
    findings: dict[UUID, list[Finding]] = defaultdict(list)
    for one in found_now.open_findings(customers.active_among(customer_ids)):
        findings[one.customer_id].append(one)
    drawn = _Drawn()
    for customer_id in sorted(customer_ids):
        _draw_practice(customer_id, findings[customer_id], known[customer_id], around, drawn)
    _write(drawn, now)


def _write(drawn: _Drawn, now: datetime) -> None:
    Incident.objects.bulk_create(drawn.new)
    Incident.objects.bulk_update(drawn.moved, _CHANGED, batch_size=200)
    Step.objects.bulk_create(drawn.steps, batch_size=500)
    Muted.objects.bulk_create(drawn.muted, batch_size=500, ignore_conflicts=True)
    telling.tell(drawn.told, now=now)


def _known(customer_ids: Collection[UUID], now: datetime) -> dict[UUID, dict[str, Incident]]:
    """Return the incident of each practice and cause that is open, or was within a day."""
    rows = Incident.objects.select_for_update().filter(customer_id__in=customer_ids)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gt=now - rules.SAME_WITHIN))
    known: dict[UUID, dict[str, Incident]] = defaultdict(dict)
    for one in sorted(rows.order_by("id"), key=lambda row: (row.closed_at is None, row.opened_at)):
        if one.customer_id is not None:
            known[one.customer_id][one.cause] = one
    return known


def _draw_practice(
    customer_id: UUID,
    findings: Sequence["Finding"],
    known: Mapping[str, Incident],
    around: parting.Around,
    drawn: _Drawn,
) -> None:
    rows = {(parting.subject(one), one.rule): one for one in findings}
    parted = parting.parted(findings, around)
    drawn.muted += parting.muted(
        parted[Standing.MUTED], rows, around.windows.get(customer_id, ()), around
    )
    by_cause: dict[str, dict[Standing, grouping.Incident]] = defaultdict(dict)
    for standing in Standing:
        for group in grouping.incidents(parted[standing]):
            by_cause[group.cause][standing] = group
    for cause in sorted({*by_cause, *known}):
        groups = by_cause.get(cause, {})
        _draw_cause(customer_id, cause, groups, rows, known.get(cause), around.now, drawn)


def _draw_cause(
    customer_id: UUID,
    cause: str,
    groups: Mapping[Standing, grouping.Incident],
    rows: Mapping[tuple[str, str], "Finding"],
    incident: Incident | None,
    now: datetime,
    drawn: _Drawn,
) -> None:
    standing = next((one for one in Standing if one in groups), None)
    if incident is None or (incident.closed_at is not None and standing is None):
        if standing in {None, Standing.MUTED, Standing.BORNE}:
            # What came and went, or is known and borne, is no incident.
            return
        incident = incident or Incident(
            customer_id=customer_id, cause=cause, opened_at=now, closed_at=now, round=0
        )
    was = _Before.of(incident)
    event = _look(incident, is_found=standing is not None, now=now)
    incident.ripens_at = _ripens_at(groups.get(Standing.WAITING))
    urgent = _urgent(groups.get(Standing.TOLD))
    if standing is None:
        incident.findings = 0
    else:
        _describe(incident, groups[standing], rows)
        incident.standing = standing
    _note(incident, was, event, urgent, now, drawn)
    (drawn.new if incident._state.adding else drawn.moved).append(incident)


def _ripens_at(waiting: grouping.Incident | None) -> datetime | None:
    """Return when the first silence that may still be part of a storm is one by itself."""
    since = [one.since for one in waiting.findings] if waiting else []
    return min(since) + rules.STORM_PATIENCE if since else None


def _urgent(group: grouping.Incident | None) -> list[str]:
    """Return what is critical of an incident that asks for somebody, as "machine:rule"."""
    found = group.findings if group else ()
    return sorted(f"{one.subject}:{one.rule}" for one in found if one.severity is Severity.CRITICAL)


@dataclass(frozen=True, slots=True)
class _Before:
    """How an incident stood before a look."""

    is_open: bool
    standing: str
    severity: str
    round: int

    @classmethod
    def of(cls, one: Incident) -> "_Before":
        return cls(one.closed_at is None, one.standing, one.severity, one.round)


def _describe(
    incident: Incident,
    group: grouping.Incident,
    rows: Mapping[tuple[str, str], "Finding"],
) -> None:
    """Give an incident the words of its gravest finding, the oldest of these.

    Of the practice itself those of its other broken rules stand beside them: who mends one of its
    copies mends all of them in one go.
    """
    ordered = sorted(group.findings, key=_order)
    gravest = ordered[0]
    row = rows[gravest.subject, gravest.rule]
    incident.severity, incident.since = group.severity.value, group.since
    incident.rank = rules.rank(group.severity, group.since)
    incident.rule, incident.state = row.rule, row.state
    incident.reason, incident.values = row.reason, row.values
    own = [rows[one.subject, one.rule] for one in ordered if not one.subject]
    incident.also = [] if gravest.subject else _also(own)
    incident.machines = len({one.subject for one in group.findings if one.subject})
    incident.findings = len(group.findings)


def _also(own: Sequence["Finding"]) -> list[dict[str, Any]]:
    """Return what is said beside the gravest of what is found of a practice itself."""
    named = rules.named_beside(own[0].rule, [one.rule for one in own[1:]])
    return [
        {"rule": one.rule, "state": one.state, "reason": one.reason, "values": one.values}
        for one in own
        if one.rule in named
    ]


def _order(one: grouping.Finding) -> tuple[object, ...]:
    """Return where a finding stands: a machine that is silent says more than one of its agents."""
    return (one.severity.weight, one.rule in _SAYS_LITTLE, one.since, one.subject)


def _look(incident: Incident, *, is_found: bool, now: datetime) -> Event | None:
    """Open or close an incident by what is found; of what comes and goes it is said once a day."""
    told = rules.Told(
        incident.closed_at is None,
        incident.findings > 0,
        _moments(incident),
        incident.told_unstable_at,
    )
    after, event = rules.looked(told, is_found=is_found, now=now)
    incident.flips = [at.isoformat() for at in after.flips]
    incident.told_unstable_at = after.told_unstable_at
    if after.is_open and incident.closed_at is not None:
        incident.closed_at, incident.opened_at = None, now
        incident.round += 1
    elif not after.is_open and incident.closed_at is None:
        incident.closed_at = now
    return event


def _moments(incident: Incident) -> tuple[datetime, ...]:
    return tuple(map(datetime.fromisoformat, incident.flips))


def _note(
    incident: Incident,
    was: _Before,
    event: Event | None,
    urgent: Collection[str],
    now: datetime,
    drawn: _Drawn,
) -> None:
    """Write down what happened, and say whom it has to be told."""
    kinds = list(_happened(incident, was, event))
    if not was.is_open and not rules.is_unstable(_moments(incident), now):
        # It is told anew, all of it.
        incident.told_of = []
    news = None
    if incident.closed_at is None and incident.standing == Standing.TOLD:
        news = _news(incident, was, kinds, urgent, now)
    if news is Kind.JOINED:
        kinds.append(news)
    drawn.steps += [
        Step(incident=incident, at=now, kind=kind, severity=incident.severity) for kind in kinds
    ]
    if incident.closed_at is not None:
        incident.taken_by = incident.taken_at = None
        return
    if news is not None:
        drawn.told.append((incident, news))
        incident.told_at = incident.told_at or now
        incident.told_severity = _graver(incident.told_severity, incident.severity)
        incident.told_of = sorted({*incident.told_of, *urgent})


def _happened(incident: Incident, was: _Before, event: Event | None) -> Iterable[Kind]:
    if incident.closed_at is not None:
        if was.is_open:
            yield Kind.CLOSED
        return
    if not was.is_open:
        yield Kind.OPENED if incident.round == 1 else Kind.REOPENED
    elif Severity(incident.severity).weight < Severity(was.severity).weight:
        yield Kind.WORSENED
    if event is Event.UNSTABLE:
        yield Kind.UNSTABLE
    if incident.standing in _QUIET and (incident.standing != was.standing or not was.is_open):
        yield _QUIET[Standing(incident.standing)]
    elif was.is_open and was.standing in _QUIET and incident.standing not in _QUIET:
        yield Kind.BACK


def _news(
    incident: Incident,
    was: _Before,
    kinds: Collection[Kind],
    urgent: Collection[str],
    now: datetime,
) -> Kind | None:
    """Return what people are told of an incident that asks for somebody; None: they know it.

    That it comes and goes hides neither that it is graver now, nor that another machine has it.
    """
    if Kind.UNSTABLE in kinds:
        return Kind.UNSTABLE
    if incident.told_at is None:
        return Kind.OPENED
    if not was.is_open and not rules.is_unstable(_moments(incident), now):
        return Kind.REOPENED
    if _graver(incident.told_severity, incident.severity) != incident.told_severity:
        return Kind.WORSENED
    return Kind.JOINED if set(urgent) - set(incident.told_of) else None


def _graver(one: str, other: str) -> str:
    if not one:
        return other
    return min(one, other, key=lambda each: Severity(each).weight)
