"""Who is silent, and who is expected."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from quenotte.kernel.posture.storms import Quiet
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import hearing
from quenotte.provider.fleet.models import Finding, Posture, State

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine

#: The rule of agents that were removed long ago: kept by who listens.
_LEFT: Final = "agent_left"
#: Of so many machines they are shown at once.
_MOST_REMOVED: Final = 50


def sudden(customer_ids: Collection[UUID] | None = None) -> list[Quiet]:
    """Return the machines that fell silent while they were expected, as storms are told from."""
    found = Posture.objects.filter(silent_since__isnull=False, is_sudden=True)
    found = found.filter(machine__in=enrolment.believed())
    if customer_ids is not None:
        found = found.filter(machine__customer_id__in=customer_ids)
    rows = found.values_list(
        "machine_id", "machine__customer_id", "machine__customer__internet_provider", "silent_since"
    )
    return [Quiet(str(one), str(whose), network, at) for one, whose, network, at in rows if at]


def quiet() -> list[Quiet]:
    """Return all machines that are silent, as storms are told from."""
    found = Posture.objects.filter(silent_since__isnull=False, machine__in=enrolment.believed())
    rows = list(
        found.values_list(
            "machine_id", "machine__customer_id", "machine__customer__internet_provider",
            "silent_since", "is_sudden",
        )
    )  # fmt: skip
    late = found.filter(is_sudden=False).values("machine__customer_id")
    heard = State.objects.filter(machine__in=enrolment.believed(), machine__customer__in=late)
    last = dict(heard.order_by().values_list("machine__customer_id").annotate(Max("seen_at")))
    return [
        Quiet(
            str(one), str(whose), network, at, is_sudden,
            is_line_heard=whose in last and last[whose] >= at,
        )
        for one, whose, network, at, is_sudden in rows
        if at
    ]  # fmt: skip


@dataclass(frozen=True)
class Removed:
    """An agent that seems to have been removed long ago, and was never revoked.

    ``row``: as it was enrolled, which is what somebody revokes. ``heard_at``: None if it never was.
    """

    row: "Machine"
    machine: "Machine"
    heard_at: datetime | None


def removed_agents(*, most: int = _MOST_REMOVED) -> list[Removed]:
    """Return agents that seem to have been removed long ago, of so many machines, by practice."""
    found = _removed().select_related("machine__customer")
    # Practices of several towns have the same name: each stays together.
    ordered = found.order_by("customer__name", "customer__town", "machine__name", "id")
    told = list(ordered[:most])
    rows = enrolment.rows_on({one.machine_id for one in told if one.machine_id})
    agents = {(one.host_id or one.id, one.agent): one for one in rows}
    return [
        Removed(
            agents[one.machine.id, name], one.machine, datetime.fromisoformat(at) if at else None
        )
        for one in told
        if one.machine is not None
        for name, at in one.values["heard_at"].items()
        if (one.machine.id, name) in agents
    ]


def removed_beyond(*, most: int = _MOST_REMOVED) -> int:
    """Return of how many more machines than are shown at once an agent seems to be removed."""
    return max(0, _removed().count() - most)


def _removed() -> QuerySet[Finding]:
    return Finding.objects.filter(rule=_LEFT, machine__in=enrolment.believed())


def count_silent(most: int, *, since: datetime) -> int:
    """Return how many fell silent since an instant; beyond ``most`` nobody counts."""
    found = Posture.objects.filter(silent_since__gt=since, machine__in=enrolment.believed())
    return len(found.values_list("pk", flat=True)[:most])


def expected(machine_ids: Collection[UUID], moments: Collection[datetime]) -> dict[UUID, UUID]:
    """Return which machines are expected at each of some moments, with their practices."""
    return hearing.expected(machine_ids, moments)


def unheard_since(
    now: datetime, *, resting: QuerySet[Any, Any], resting_machines: QuerySet[Any, Any]
) -> datetime | None:
    """Return since when the door hears nobody though somebody is expected; None: all is well."""
    return hearing.unheard_since(now, resting=resting, resting_machines=resting_machines)
