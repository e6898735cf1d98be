"""Facts as they are kept, and as the rules want them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.db.models.fields.json import KeyTransform

from quenotte.kernel.posture.contacts import fingerprint, restored, stored
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.quarters import moments
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet.models import Inventory, PastDay, State

__all__ = [
    "ever_told",
    "fingerprint",
    "heard_at",
    "last_heard",
    "of_machines",
    "read",
    "servers_among",
    "speakers_of",
    "stored",
]

#: Two quarters of an hour apart, a machine is told to have been on: so far back is looked.
BACK = timedelta(days=10)


def read(inventory: Inventory, seen_at: datetime) -> Iterator[Fact]:
    """Yield the facts of an inventory, seen when its source was last heard."""
    return restored(inventory.source, inventory.facts, seen_at)


def last_heard(machine_ids: Collection[UUID]) -> dict[tuple[UUID, str], datetime]:
    """Return when each source of machines was last heard."""
    rows = State.objects.filter(machine_id__in=machine_ids)
    return {
        (machine_id, source): at
        for machine_id, source, at in rows.values_list("machine_id", "source", "seen_at")
    }


def of_machines(
    machine_ids: Collection[UUID],
    heard: Mapping[tuple[UUID, str], datetime] | None = None,
    believed: Mapping[UUID, Collection[str]] | None = None,
) -> dict[UUID, list[Fact]]:
    """Return what is known of machines, from all their sources that are believed.

    What was told by an agent that is believed no more is kept, and is known by nobody: it may have
    been revoked because it lied. ``heard``: when each of these was last heard, ``believed``: their
    sources (`enrolment.sources_of`), where that was read.
    """
    if believed is None:
        believed = enrolment.sources_of(machine_ids)
    return {
        machine_id: [one for one in facts if one.source in believed.get(machine_id, ())]
        for machine_id, facts in ever_told(machine_ids, heard).items()
    }


def ever_told(
    machine_ids: Collection[UUID], heard: Mapping[tuple[UUID, str], datetime] | None = None
) -> dict[UUID, list[Fact]]:
    """Return what machines told last by any source, believed still or not; as `of_machines`."""
    seen = last_heard(machine_ids) if heard is None else heard
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for one in Inventory.objects.filter(machine_id__in=machine_ids):
        seen_at = seen.get((one.machine_id, one.source), one.reported_at)
        found[one.machine_id] += read(one, seen_at)
    return found


def heard_at(machine_ids: Collection[UUID], now: datetime) -> dict[UUID, tuple[datetime, ...]]:
    """Return the quarters of an hour in which machines were heard lately, by any source."""
    first = (now - BACK).astimezone(UTC).date()
    found: dict[UUID, set[datetime]] = defaultdict(set)
    for rows in (
        PastDay.objects.filter(machine_id__in=machine_ids, day__gte=first),
        State.objects.filter(machine_id__in=machine_ids),
    ):
        for machine_id, day, early, late in _days(rows):
            found[machine_id].update(moments(day, early, late))
    return {machine_id: tuple(sorted(one)) for machine_id, one in found.items()}


def servers_among(machine_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these machines say that they are servers, or speak for a practice."""
    found = Inventory.objects.filter(machine_id__in=machine_ids)
    is_server = KeyTransform("value", KeyTransform("machine.is_server", "facts"))
    rows = found.annotate(is_server=is_server).filter(is_server=True)
    told = set(rows.values_list("machine_id", "source"))
    believed = enrolment.sources_of({machine_id for machine_id, _source in told}) if told else {}
    speaks = found.filter(machine__speaks_for_practice=True)
    return {
        *(one for one, source in told if source in believed.get(one, ())),
        *speaks.values_list("machine_id", flat=True),
    }


def speakers_of(customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return which machine speaks for each practice: of several, the one heard last of copies."""
    told_at = Max("states__seen_at", filter=Q(states__source=Source.PRACTICE))
    speakers = enrolment.believed().filter(customer_id__in=customer_ids, speaks_for_practice=True)
    rows = speakers.order_by().annotate(told_at=told_at).values_list("customer_id", "id", "told_at")
    never = datetime.min.replace(tzinfo=UTC)
    ordered = sorted(rows, key=lambda row: (row[2] or never, row[1]))
    return {customer_id: machine_id for customer_id, machine_id, _at in ordered}


def _days(rows: Any) -> Iterable[tuple[UUID, date, int, int]]:
    found: Iterable[tuple[UUID, date, int, int]] = rows.values_list(
        "machine_id", "day", "early", "late"
    )
    return found
