"""What is quiet at a practice and why: windows, exemptions, answers to its digests."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import wording
from quenotte.provider.incidents.models import Exemption, Reply, Window

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer


def standing_exemptions(now: datetime) -> QuerySet[Exemption]:
    """Return what is borne at a moment."""
    return Exemption.objects.filter(ended_at=None, granted_at__lte=now, ends_at__gt=now)


def exemptions_of(customer_id: UUID, now: datetime) -> QuerySet[Exemption]:
    """Return what is borne at a practice, what ends first first."""
    found = standing_exemptions(now).filter(customer_id=customer_id)
    return found.select_related("machine", "granted_by")


def windows_of(customer_id: UUID, now: datetime) -> QuerySet[Window]:
    """Return the windows of a practice: those to come, those of now, those of the last month."""
    found = Window.objects.filter(customer_id=customer_id, ends_at__gt=now - timedelta(days=30))
    return found.select_related("machine", "planned_by").prefetch_related("muted__machine")


@dataclass(frozen=True)
class Resting:
    """A practice in maintenance now: all of it or some machines, until the last window ends."""

    customer: "Customer"
    windows: tuple[Window, ...]
    now: datetime

    @property
    def ends_at(self) -> datetime:
        """Return when nothing of it is in maintenance any more."""
        return max(one.ends_at for one in self.windows)

    @property
    def is_over_today(self) -> bool:
        """Tell whether the hour alone says when it ends."""
        return timezone.localdate(self.ends_at) == timezone.localdate(self.now)

    @property
    def machines(self) -> list[str]:
        """Return the machines that it is about; none: the whole practice."""
        if any(one.machine_id is None for one in self.windows):
            return []
        return sorted({one.machine.name for one in self.windows if one.machine})


def resting(now: datetime) -> list[Resting]:
    """Return the practices in maintenance at a moment: the one that ends first is first."""
    found = Window.objects.filter(starts_at__lte=now, ends_at__gt=now, customer__is_active=True)
    grouped: dict[UUID, list[Window]] = defaultdict(list)
    for one in found.select_related("customer", "machine"):
        grouped[one.customer_id].append(one)
    rows = [Resting(each[0].customer, tuple(each), now) for each in grouped.values()]
    return sorted(rows, key=lambda row: (row.ends_at, row.customer.name))


@dataclass(frozen=True)
class Quiet:
    """What is quiet at a practice, with its words: windows, exemptions, answers."""

    windows: Sequence[tuple[Window, Sequence[tuple[Any, str]]]]
    exemptions: Sequence[tuple[Exemption, str]]
    replies: Sequence[tuple[Reply, str, str]]

    @property
    def borne(self) -> list[Exemption]:
        """Return the exemptions alone."""
        return [one for one, _title in self.exemptions]


def quiet_of(customer_id: UUID, now: datetime) -> Quiet:
    """Return what is quiet at a practice, and what it answered to its digests last."""
    replies = Reply.objects.filter(subject__digest__customer_id=customer_id)
    return Quiet(
        [
            (one, [(each, fleet.title_of(each.rule)) for each in one.muted.all()])
            for one in windows_of(customer_id, now)
        ],
        [(one, fleet.title_of(one.rule)) for one in exemptions_of(customer_id, now)],
        [
            (one, str(wording.ANSWERS[one.answer]), fleet.cause_name(one.subject.cause))
            for one in replies.select_related("subject", "done_by")[:10]
        ],
    )
