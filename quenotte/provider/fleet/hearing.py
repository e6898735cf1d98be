"""Whom the door should hear now: servers at any time, workstations while their practice is open."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from quenotte.kernel.posture.hearing import AFTER, Crowd, is_deaf
from quenotte.kernel.posture.silence import CADENCES
from quenotte.kernel.posture.storms import TOGETHER
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet.models import State

#: Agents that speak every few minutes have the names of their sources.
_OFTEN: Final = tuple(
    str(agent) for agent, (cadence, _patience) in CADENCES.items() if cadence <= TOGETHER
)
#: People leave some time before their practice closes: what stops then is no surprise.
_LEAVING: Final = timedelta(minutes=30)
#: So many of those that were heard last say who is expected.
_SAMPLE: Final = 300


def expected(machine_ids: Collection[UUID], moments: Collection[datetime]) -> dict[UUID, UUID]:
    """Return which machines are expected at each of some moments, with their practices.

    Where nobody said when a practice is open, a silence counts at any time.
    """
    machines = enrolment.accepted_among(machine_ids)
    servers = kept.servers_among(machine_ids)
    hours = customers.hours_of({one.customer_id for one in machines})
    opened = {practice for practice, one in hours.items() if all(one.is_open(at) for at in moments)}
    return {
        one.id: one.customer_id
        for one in machines
        if one.id in servers or one.customer_id in opened or one.customer_id not in hours
    }


def unheard_since(
    now: datetime, *, resting: QuerySet[Any, Any], resting_machines: QuerySet[Any, Any]
) -> datetime | None:
    """Return since when nobody is heard though somebody is expected; None: all is well.

    ``resting``: the ids of practices in maintenance, and ``resting_machines``: nobody misses them.
    Who was heard in the last minutes before that moment fell silent together, and is looked for;
    who died before is not.
    """
    # There is no index on what moves with each contact: where somebody is heard, as nearly always,
    # one row is enough, and only of a door that hears nobody are all of them read.
    if State.objects.filter(seen_at__gt=now - AFTER).exists():
        return None
    often = Q(source__in=_OFTEN)
    last: datetime | None = State.objects.filter(often).aggregate(last=Max("seen_at"))["last"]
    if last is None:
        return None
    together = State.objects.filter(often, seen_at__gt=last - TOGETHER)
    together = together.exclude(machine__customer_id__in=resting)
    together = together.exclude(machine_id__in=resting_machines)
    ids = set(together.order_by("-seen_at").values_list("machine_id", flat=True)[:_SAMPLE])
    left = expected(ids, (now, now + _LEAVING))
    servers = kept.servers_among(left)
    crowd = Crowd(len(left), len(servers), len(set(left.values())))
    return last if is_deaf(crowd, now - last) else None
