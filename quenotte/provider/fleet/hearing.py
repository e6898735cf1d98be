"""Whom the door should hear now: servers at any time, workstations while their practice is open."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import facts as kept


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
