"""Reading who of the provider saw what of a practice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from quenotte.provider.traces.models import Look
from quenotte.provider.traces.rules import words_of


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody saw something of a practice.

    ``what``: a code; ``words``: what it says; ``about``: the name of the one machine, or empty;
    ``machines``: how many machines of the practice were shown.
    """

    at: datetime
    who: str
    what: str
    about: str = ""
    machines: int = 0

    @property
    def words(self) -> str:
        """Return what was opened, in words."""
        return words_of(self.what)


def looks_asked(
    customer_id: UUID, after: int, since: datetime | None, *, limit: int
) -> QuerySet[Look]:
    """Return what was seen of a practice, as its server asks: after a number, the first first.

    ``since``: what a server of a former release asks by, an aware instant; the oldest first.
    """
    found = Look.objects.filter(customer_id=customer_id, pk__gt=after)
    found = found.filter(at__gte=since).order_by("at", "id") if since else found.order_by("id")
    return found[:limit]


def looks_of(customer_id: UUID) -> QuerySet[Look]:
    """Return all that was seen of a practice, the newest first."""
    return Look.objects.filter(customer_id=customer_id).order_by("-at", "-id")


def opened(look: Look) -> Opened:
    """Return a row as people read it."""
    return Opened(look.at, look.person_label, look.what, look.about, look.machines)


def people_who_opened(customer_id: UUID) -> set[UUID]:
    """Return the people who ever saw something of a practice."""
    looks = Look.objects.filter(customer_id=customer_id, person__isnull=False)
    return set(looks.order_by().values_list("person_id", flat=True).distinct())
