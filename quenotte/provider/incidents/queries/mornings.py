"""Who needs somebody now and why: the rows of the morning, and what stands above them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from quenotte.kernel.posture.terms import Severity
from quenotte.provider.customers import queries as customers
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import rules, wording
from quenotte.provider.incidents.models import Incident, Reply
from quenotte.provider.incidents.queries.digests import calls
from quenotte.provider.incidents.queries.incidents import (
    Told,
    gravest_first,
    needing,
    place,
    storms,
)

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer


@dataclass(frozen=True)
class Need:
    """A practice and what it needs, the gravest first."""

    customer: "Customer"
    incidents: tuple[Incident, ...]

    @property
    def severity(self) -> str:
        """Return how grave the gravest is."""
        return self.incidents[0].severity

    @property
    def since(self) -> datetime:
        """Return since when the gravest lasts."""
        return self.incidents[0].since

    @property
    def sentence(self) -> str:
        """Return all of it in one line."""
        return ", ".join(wording.sentence_of(one) for one in self.incidents)

    @property
    def takers(self) -> list[str]:
        """Return who took any of it up."""
        return sorted({one.taken_by.full_name for one in self.incidents if one.taken_by})


@dataclass(frozen=True)
class Morning:
    """What stands above the rows of the first page of a day."""

    numbers: fleet.Numbers
    storms: Sequence[Told]
    calls: Sequence[Reply]
    stumbles: fleet.Stumbles
    #: Practices by the gravest that they have, and how many need somebody at all.
    counts: Mapping[str, int] = field(default_factory=dict)
    needing: int = 0
    #: Practices that need nobody as far as is known, and at which the look fails.
    unsure: int = 0
    #: Practices that need nobody beside a general outage, which is told as one.
    held: int = 0

    @property
    def quiet(self) -> int:
        """Return how many practices need nobody; of one at which the look fails nobody knows.

        One that a general outage silenced is none of them.
        """
        return max(self.numbers.customers - self.needing - self.unsure - self.held, 0)


def needs(*, cause: str = "", severity: str = "") -> QuerySet[Incident, Any]:
    """Return the practices that need somebody, in order: one row each, counted by the database."""
    found = _narrowed(needing(), cause, severity).order_by()
    return found.values("customer_id").annotate(first=Min(place())).order_by("first", "customer_id")


def rows_of(
    page: Iterable[Mapping[str, Any]], *, cause: str = "", severity: str = ""
) -> list[Need]:
    """Return the rows of one page of needs with their incidents."""
    ids = [one["customer_id"] for one in page]
    grouped: dict[UUID, list[Incident]] = defaultdict(list)
    found = _narrowed(needing(), cause, severity).filter(customer_id__in=ids)
    for one in gravest_first(found.select_related("taken_by")):
        if one.customer_id is not None:
            grouped[one.customer_id].append(one)
    named = customers.customers().in_bulk(ids)
    return [Need(named[one], tuple(grouped[one])) for one in ids if one in named and grouped[one]]


def _narrowed(found: QuerySet[Incident], cause: str, severity: str) -> QuerySet[Incident]:
    if cause:
        found = found.filter(cause=cause)
    return found.filter(severity=severity) if severity else found


def morning() -> Morning:
    """Return what stands above the needs: the size of the fleet, storms, calls that are due."""
    by_severity = {
        one.value: Count("customer_id", filter=Q(first__gte=first, first__lt=last))
        for one, (first, last) in ((one, rules.ranks_of(one)) for one in Severity)
    }
    # One pass over one index, whatever the number of practices.
    counts = needs().order_by().aggregate(all=Count("customer_id"), **by_severity)
    stumbles, outages = fleet.stumbles(), storms()
    return Morning(
        fleet.numbers(), outages, calls(), stumbles, counts, counts["all"], _unsure(stumbles),
        _held(stumbles) if outages else 0,
    )  # fmt: skip


def _held(stumbles: fleet.Stumbles) -> int:
    """Return how many practices a general outage silenced, of those that are counted nowhere."""
    found = Incident.objects.filter(
        closed_at=None, standing=rules.Standing.HELD, customer__is_active=True
    )
    found = found.exclude(customer_id__in=needing().values("customer_id"))
    found = found.exclude(customer_id__in=stumbles.customer_ids)
    return found.order_by().values("customer_id").distinct().count()


def _unsure(stumbles: fleet.Stumbles) -> int:
    """Return at how many practices that need nobody as far as is known the look fails."""
    failing = stumbles.customer_ids
    known = needs().filter(customer_id__in=failing) if failing else ()
    return len(failing) - len(known)
