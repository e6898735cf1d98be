"""Incidents as they stand, in order: open, quiet, over; of a practice, of a storm."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils.text import capfirst

from quenotte.kernel.posture.gravity import GRAVITY, LAST
from quenotte.kernel.posture.terms import Cause
from quenotte.provider.customers import queries as customers
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import rules, wording
from quenotte.provider.incidents.models import Incident
from quenotte.provider.incidents.rules import Standing

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer


@dataclass(frozen=True)
class Told:
    """An incident with its words."""

    incident: Incident

    @property
    def label(self) -> str:
        """Return what its cause is called."""
        return fleet.cause_name(self.incident.cause)

    @property
    def words(self) -> str:
        """Return what it says."""
        return wording.sentence_of(self.incident)

    @property
    def line(self) -> str:
        """Return it in one line; a storm says of whom it speaks, the rest says itself."""
        is_storm = self.incident.cause == Cause.STORM
        return f"{self.label} : {self.words}" if is_storm else capfirst(self.words)

    @property
    def standing(self) -> str:
        """Return whether it asks for somebody, in words."""
        return str(wording.STANDINGS[self.incident.standing])

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Return what happened to it, in words, oldest first."""
        return [
            {
                "at": one.at,
                "words": wording.happened(one.kind, self.incident.cause),
                "person": one.person.full_name if one.person else "",
                "note": one.note,
            }
            for one in self.incident.steps.all()
        ]


def needing() -> QuerySet[Incident]:
    """Return the incidents of practices that ask for somebody now."""
    return Incident.objects.filter(closed_at=None, standing=Standing.TOLD, customer__is_active=True)


def gravest_first(found: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return incidents in order: by severity, by the gravity of their rule, the oldest first."""
    return found.order_by(place(), "id")


def place() -> Combinable:
    """Return where an incident stands, for the database: a new order needs no migration."""
    gaps = [
        When(rule__in=alike, then=Value(level * rules.LEVEL)) for level, alike in enumerate(GRAVITY)
    ]
    level = Case(*gaps, default=Value(LAST * rules.LEVEL), output_field=BigIntegerField())
    # The sum of two big numbers is a small one to Django, and a rank is beyond those of PostgreSQL.
    return ExpressionWrapper(F("rank") + level, output_field=BigIntegerField())


def storms() -> list[Told]:
    """Return the storms that stand."""
    return [Told(one) for one in Incident.objects.filter(customer=None, closed_at=None)]


def of_practice(customer_id: UUID) -> list[Told]:
    """Return the open incidents of a practice, those that ask for somebody first."""
    found = Incident.objects.filter(customer_id=customer_id, closed_at=None)
    found = found.select_related("taken_by").prefetch_related("steps__person")
    order = list(Standing)
    # The sort is stable: within a standing the gravest stays first.
    return [
        Told(one) for one in sorted(gravest_first(found), key=lambda it: order.index(_standing(it)))
    ]


def closed_of_practice(customer_id: UUID, *, count: int = 10) -> list[Told]:
    """Return the incidents of a practice that closed last, the newest first."""
    found = Incident.objects.filter(customer_id=customer_id, closed_at__isnull=False)
    found = found.prefetch_related("steps__person")
    return [Told(one) for one in found.order_by("-closed_at")[:count]]


def _standing(one: Incident) -> Standing:
    return Standing(one.standing)


#: Storms are of no practice; a practice whose contract ended is shown to nobody.
_UNDER_CONTRACT: Final = Q(customer=None) | Q(customer__is_active=True)


def opened_now(*, mine: UUID | None = None) -> QuerySet[Incident]:
    """Return the open incidents that ask for somebody, storms with them; ``mine``: whose."""
    found = Incident.objects.filter(_UNDER_CONTRACT, closed_at=None, standing=Standing.TOLD)
    if mine is not None:
        found = found.filter(taken_by_id=mine)
    return gravest_first(found.select_related("customer", "taken_by"))


def quiet_now() -> QuerySet[Incident]:
    """Return the open incidents that ask for nobody: held, muted, borne, or too young to tell."""
    found = Incident.objects.filter(_UNDER_CONTRACT, closed_at=None).exclude(standing=Standing.TOLD)
    return gravest_first(found.select_related("customer", "taken_by"))


def closed_lately(now: datetime) -> QuerySet[Incident]:
    """Return the incidents of a week that are over, the newest first."""
    found = Incident.objects.filter(_UNDER_CONTRACT, closed_at__gt=now - timedelta(days=7))
    return found.select_related("customer").order_by("-closed_at")


def customers_of(found: Iterable[Incident]) -> dict[object, str]:
    """Return the names of the practices of incidents, by their ids."""
    ids = {one.customer_id for one in found if one.customer_id}
    return {one.id: str(one) for one in customers.customers().filter(pk__in=ids)}


def practices_of_storm(storm: Incident) -> list[tuple["Customer", int]]:
    """Return the practices of a storm and how many of their machines it explains."""
    rows = storm.machines_blown.values_list("machine__customer_id").annotate(count=Count("id"))
    counts = dict(rows)
    named = customers.customers().filter(pk__in=counts)
    return [(one, counts[one.id]) for one in named]
