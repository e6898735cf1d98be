"""Who is silent, and who is expected."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from quenotte.kernel.posture.storms import Quiet
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import hearing
from quenotte.provider.fleet.models import Posture, State


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
