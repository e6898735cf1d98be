"""The storm guard: when so many fall silent at once, that is one incident of the provider."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from quenotte.kernel.posture.storms import (
    LEAST_MACHINES,
    LONG,
    OVER_PCT,
    TOGETHER,
    Quiet,
    Storm,
    storms,
)
from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as found_now
from quenotte.provider.fleet.operations import Part
from quenotte.provider.incidents import rules
from quenotte.provider.incidents.models import Blown, Incident, Step
from quenotte.provider.incidents.operations import telling
from quenotte.provider.incidents.rules import Kind

#: A storm of the fleet has the name of a network when so many of its machines are behind it.
_BLAMED_PCT: Final = 80
#: So many machines of a storm say whether any of it is expected now.
_SAMPLE: Final = 300


def listen(*, now: datetime) -> list[Incident]:
    """Look for storms: open, follow and end those of now; return the ones that stand.

    The practices of a storm are looked at again when it takes their machines and when it ends.
    """
    standing = Incident.objects.filter(customer=None, closed_at=None)
    silent = found_now.count_silent(LEAST_MACHINES, since=now - LONG)
    if silent < LEAST_MACHINES and not standing.exists():
        fleet.nothing_left(Part.STORM, but=())
        return []
    try:
        with transaction.atomic():
            return _listen(standing, now)
    except IntegrityError:
        # Another worker opened the same storm in this very moment, and told it.
        return []


def _listen(standing: QuerySet[Incident], now: datetime) -> list[Incident]:
    # Held until the end: whoever comes meanwhile waits, and reads what we leave.
    known = {one.network: one for one in standing.select_for_update().order_by("id")}
    quiet = {one.machine: one for one in found_now.quiet()}
    found = storms(
        [_folded(one) for one in quiet.values()],
        _fleet(),
        [_storm(one) for one in known.values()],
        now=now,
    )
    blown = {UUID(quiet[machine].practice) for one in found for machine in one.machines}
    fleet.nothing_left(Part.STORM, but=blown)
    left = [_follow(one, known.pop(one.network, None), quiet, now) for one in found]
    for one in known.values():
        _end(one, now)
    return left


def _folded(one: Quiet) -> Quiet:
    """Return a silence behind the name of its network as everybody means it."""
    return replace(one, network=_name(one.network))


def _name(network: str) -> str:
    return " ".join(network.split()).casefold()


def _fleet() -> Counter[str]:
    fleet_now: Counter[str] = Counter()
    for network, count in enrolment.machines_by_network().items():
        fleet_now[_name(network)] += count
    return fleet_now


def _storm(one: Incident) -> Storm:
    machines = one.machines_blown.values_list("machine_id", flat=True)
    over_at = one.ripens_at - TOGETHER if one.ripens_at else None
    return Storm(one.network, one.since, frozenset(map(str, machines)), one.blown, over_at)


def _follow(
    storm: Storm, known: Incident | None, quiet: dict[str, Quiet], now: datetime
) -> Incident:
    practices = {UUID(quiet[machine].practice) for machine in storm.machines}
    one = known or Incident(
        cause=Cause.STORM, network=_name(storm.network), severity=Severity.CRITICAL,
        since=storm.since, opened_at=now, rule="storm", state="bad",
        reason="network" if storm.network else "fleet",
        told_at=now, told_severity=Severity.CRITICAL,
    )  # fmt: skip
    is_anew = one.since != storm.since
    one.round += is_anew
    one.since, one.rank = storm.since, rules.rank(Severity.CRITICAL, storm.since)
    one.ripens_at = storm.over_at + TOGETHER if storm.over_at else None
    one.machines, one.blown, one.findings = len(storm.machines), storm.blown, len(practices)
    one.values = {
        "name": _shown(storm, quiet),
        "machines": one.machines,
        "practices": one.findings,
    }
    one.save()
    _take(one, storm, quiet, now)
    if known is None:
        _say(one, Kind.OPENED, now)
    elif is_anew:
        _say(one, Kind.REOPENED, now)
    elif _is_lasting(one, now):
        _say(one, Kind.LASTING, now)
    return one


def _say(one: Incident, kind: Kind, now: datetime) -> None:
    Step.objects.create(incident=one, at=now, kind=kind, severity=one.severity)
    telling.tell([(one, kind)], now=now)


def _is_lasting(one: Incident, now: datetime) -> bool:
    """Tell whether people are told once more of a storm that does not end.

    Only while somebody behind it is expected: workstations that are off at night prove nothing.
    """
    if now - one.since < LONG or one.ripens_at is not None:
        return False
    if one.steps.filter(kind=Kind.LASTING, at__gte=one.since).exists():
        return False
    blown = one.machines_blown.order_by("id").values_list("machine_id", flat=True)
    some = list(blown[:_SAMPLE])
    moments = (now - rules.ON_AFTER, now)
    return 100 * len(found_now.expected(some, moments)) >= OVER_PCT * len(some)


def _shown(storm: Storm, quiet: dict[str, Quiet]) -> str:
    """Return the network that is to blame, as people write it; "" when it is none in particular."""
    networks = Counter(_name(quiet[one].network) for one in storm.machines)
    (name, count), *_others = networks.most_common(1)
    if not name or 100 * count < _BLAMED_PCT * len(storm.machines):
        return ""
    return next(one.network for one in quiet.values() if _name(one.network) == name)


def _take(one: Incident, storm: Storm, quiet: dict[str, Quiet], now: datetime) -> None:
    """Take in the machines that are new to a storm, let go of those that are back.

    A practice at which that fails keeps none of the others out of it.
    """
    before = set(map(str, one.machines_blown.values_list("machine_id", flat=True)))
    one.machines_blown.filter(machine_id__in=before - storm.machines).delete()
    new: dict[UUID, list[str]] = defaultdict(list)
    for machine in sorted(storm.machines - before):
        new[UUID(quiet[machine].practice)].append(machine)

    def take(customer_ids: Collection[UUID]) -> list[None]:
        _blow(one, [machine for each in customer_ids for machine in new[each]])
        fleet.touch(customer_ids, now=now)
        fleet.went_well(Part.STORM, customer_ids=customer_ids)
        return []

    fleet.apart(new, take, lambda each, error: fleet.stumbled(Part.STORM, each, error, now=now))


def _blow(storm: Incident, machines: Collection[str]) -> None:
    rows = [Blown(storm=storm, machine_id=machine) for machine in sorted(machines)]
    Blown.objects.bulk_create(rows, batch_size=500)


def _end(one: Incident, now: datetime) -> None:
    """End a storm; who is still silent has an incident of her own again."""
    practices = set(one.machines_blown.values_list("machine__customer_id", flat=True))
    one.machines_blown.all().delete()
    one.closed_at = now
    one.save(update_fields=["closed_at"])
    Step.objects.create(incident=one, at=now, kind=Kind.CLOSED, severity=one.severity)
    fleet.touch(practices, now=now)
