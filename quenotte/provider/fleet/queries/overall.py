"""How big the fleet is, and whether what is shown of it can be believed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import clock
from quenotte.provider.fleet.models import Stumble


@dataclass(frozen=True)
class Numbers:
    """How big the fleet is, and what waits in it."""

    customers: int
    machines: int
    waiting: int


def numbers() -> Numbers:
    """Return how many practices and machines there are, by counts of the database alone."""
    return Numbers(
        customers=customers.customers().count(),
        machines=enrolment.believed().count(),
        waiting=enrolment.waiting().count(),
    )


def is_forgetting_refused(now: datetime) -> bool:
    """Tell whether nothing is forgotten any more, because this server's clock is doubted."""
    return clock.is_forgetting_refused(now)


#: So many practices of those where the look fails are named; the log names all.
_NAMED: Final = 12


@dataclass(frozen=True)
class Stumbles:
    """The practices at which a part of the look fails, each once, the longest first."""

    found: tuple[Stumble, ...]

    def __bool__(self) -> bool:
        """Tell whether the look fails anywhere."""
        return bool(self.found)

    @property
    def named(self) -> tuple[Stumble, ...]:
        """Return those that are named on a page."""
        return self.found[:_NAMED]

    @property
    def more(self) -> int:
        """Return how many practices fail beside those that are named."""
        return len(self.found) - len(self.named)

    @property
    def customer_ids(self) -> list[UUID]:
        """Return the ids of the practices."""
        return [one.customer_id for one in self.found]


def stumbles() -> Stumbles:
    """Return the practices at which a part of the look fails, each once, the longest first."""
    found = Stumble.objects.filter(customer__is_active=True).select_related("customer")
    first: dict[UUID, Stumble] = {}
    for one in found.order_by("since", "id"):
        first.setdefault(one.customer_id, one)
    return Stumbles(tuple(first.values()))
