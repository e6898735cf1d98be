"""Practices at which something changed: whoever draws incidents takes them one batch at a time."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quenotte.kernel.posture import remembering
from quenotte.kernel.posture.hysteresis import rested
from quenotte.kernel.posture.terms import Cause
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.fleet.models import Finding, Posture, State, Unsettled

#: Agents that were removed long ago: a question, and nothing that happened within a window.
_AGENT_LEFT: Final = "agent_left"


def touch(customer_ids: Iterable[UUID], *, now: datetime) -> None:
    """Note that what was found at practices has changed; within the transaction of the change.

    A row that somebody is working on is waited for, and made again after it.
    """
    Unsettled.objects.bulk_create(
        [Unsettled(customer_id=one, at=now) for one in sorted(set(customer_ids))],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["at"],
    )


def claim_unsettled(limit: int, *, but: Collection[UUID] = ()) -> dict[UUID, datetime]:
    """Return practices to look at, the longest waiting first, held until the transaction ends.

    With each comes when it was touched last: whoever looks at it looks no earlier than that.
    ``but``: those that have to wait longer.
    """
    found = Unsettled.objects.select_for_update(skip_locked=True).exclude(customer_id__in=but)
    rows = found.order_by("at", "customer_id").values_list("customer_id", "at")
    return dict(rows[:limit])


def settled(customer_ids: Iterable[UUID]) -> None:
    """Let go of practices that were claimed: their incidents are drawn."""
    Unsettled.objects.filter(pk__in=list(customer_ids)).delete()


@transaction.atomic
def look_again(
    *, customer_id: UUID, machine_id: UUID | None, since: datetime, now: datetime
) -> None:
    """Forget what was opened since an instant, at a practice or one machine, and look anew.

    What is still wrong has to be seen again; a silence counts from now on.
    """
    # What was counted and not yet told counts anew as well.
    is_new = Q(is_open=True, opened_at__gte=since) | Q(is_open=False, state=Judged.BAD)
    found = Finding.objects.filter(is_new, customer_id=customer_id).exclude(rule=_AGENT_LEFT)
    states = State.objects.filter(machine__customer_id=customer_id)
    if machine_id is not None:
        found, states = found.filter(machine_id=machine_id), states.filter(machine_id=machine_id)
    silent = set()
    for one in found.select_for_update().order_by("id"):
        if one.cause == Cause.SILENCE:
            silent.add(one.machine_id)
            one.state, one.reason = Judged.OK, "ok"
        memory = replace(rested(remembering.read(one.memory)), is_open=False)
        one.memory, one.is_open, one.opened_at = remembering.written(memory, now), False, None
        one.save(update_fields=["memory", "is_open", "opened_at", "state", "reason"])
    Posture.objects.filter(pk__in=silent).update(
        counts_from=now, silent_since=None, is_sudden=False, alert_after=now
    )
    if machine_id is None:
        # Of its copies as well: who tells of them was worked on, and begins anew.
        speaks = Q(machine__customer_id=customer_id, machine__speaks_for_practice=True)
        Posture.objects.filter(speaks).update(counts_from=now)
    states.update(is_due=True)
    touch([customer_id], now=now)
