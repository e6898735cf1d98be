"""Whom a message reaches, by which way, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from quenotte.base.practice import queries as practices
from quenotte.provider.incidents import rules, wording
from quenotte.provider.incidents.models import (
    Channel,
    Duty,
    Incident,
    Outgoing,
    Sending,
    Subscription,
)
from quenotte.provider.incidents.queries.incidents import Told, gravest_first
from quenotte.provider.incidents.rules import Sent, Way


@dataclass(frozen=True)
class Budget:
    """How many new incidents a technician is given a day, over a week."""

    told: int
    technicians: int
    days: int = 7

    @property
    def each(self) -> float:
        """Return incidents per technician per day."""
        return self.told / self.days / max(self.technicians, 1)

    @property
    def is_kept(self) -> bool:
        """Tell whether it is few enough to be read."""
        return self.each <= rules.BUDGET

    @property
    def most(self) -> int:
        """Return how many are borne."""
        return rules.BUDGET


def budget(now: datetime) -> Budget:
    """Return the load of the last seven days."""
    told = Incident.objects.filter(told_at__gt=now - timedelta(days=7)).count()
    return Budget(told, technicians())


def technicians() -> int:
    """Return how many people are told of incidents."""
    return max(len(duties()), 1)


@dataclass(frozen=True)
class Reach:
    """Whom the ways that people chose lead to, and whom none does.

    ``chosen``: what people whose account is open chose. ``is_sms_carried``: somebody carries short
    messages.
    """

    chosen: Sequence[Duty]
    is_sms_carried: bool

    @property
    def duties(self) -> list[Duty]:
        """Return how people want to be told of whom any way reaches them."""
        return [one for one in self.chosen if self._has(one)]

    @property
    def nobody_told(self) -> str:
        """Return why nobody is told of what is urgent, in words; "" when somebody is."""
        if self.duties:
            return ""
        chosen = {way for duty in self.chosen for way in duty.ways}
        if Way.PUSH in chosen:
            return str(wording.NO_BROWSER)
        return str(wording.NO_OPERATOR if Way.SMS in chosen else wording.NO_WAY)

    @property
    def unreachable(self) -> list[tuple[str, str]]:
        """Return whom nothing reaches of the ways she chose: her name, and why, in words."""
        left = [one for one in self.chosen if not self._has(one)]
        return [(one.person.full_name, wording.hindrance(one.ways)) for one in left]

    def _has(self, duty: Duty) -> bool:
        """Tell whether one of the ways somebody chose leads to her."""
        leads: dict[str, bool] = {
            Way.PUSH: bool(duty.person.subscriptions.all()),
            Way.MAIL: bool(duty.email),
            Way.SMS: self.is_sms_carried and bool(duty.phone),
        }
        return any(leads[way] for way in duty.ways)


def reach() -> Reach:
    """Return whom the ways that people chose lead to, read once for all that is said of it."""
    found = Duty.objects.filter(person__is_active=True).select_related("person")
    found = found.prefetch_related("person__subscriptions").order_by("person_id")
    return Reach(list(found), is_sms_carried())


def duties() -> list[Duty]:
    """Return how people want to be told: those whose account is open, and who have any way."""
    return reach().duties


def is_sms_carried() -> bool:
    """Tell whether somebody carries short messages: the simulator does so for a demo alone."""
    return practices.is_demo()


def is_unheard(person_id: UUID) -> bool:
    """Tell whether somebody chose notifications and has no browser that takes them."""
    chose = Duty.objects.filter(person_id=person_id, by_push=True).exists()
    return chose and not browsers_of(person_id).exists()


def unreached() -> list[Told]:
    """Return the open incidents of which an urgent message was given up for everybody."""
    alarms = Outgoing.objects.filter(is_alarm=True, incident__closed_at=None)
    lost = alarms.filter(state=Sent.FAILED).values_list("key", "incident_id")
    news = {key.rsplit(":", 2)[0]: incident_id for key, incident_id in lost}
    told = alarms.filter(incident_id__in=news.values()).exclude(state=Sent.FAILED)
    reached = {key.rsplit(":", 2)[0] for key in told.values_list("key", flat=True)}
    left = {incident_id for one, incident_id in news.items() if one not in reached}
    return [Told(one) for one in gravest_first(Incident.objects.filter(pk__in=left))]


def shift_of(duty: Duty) -> rules.Shift:
    """Return when somebody is on duty."""
    days = frozenset(int(one) for one in duty.weekdays)
    return rules.Shift(days, duty.from_hour, duty.to_hour % 24)


def duty_of(person_id: UUID) -> Duty | None:
    """Return how somebody wants to be told; None before she said so."""
    return Duty.objects.filter(pk=person_id).first()


def browsers_of(person_id: UUID) -> QuerySet[Subscription]:
    """Return the browsers of somebody that are told."""
    return Subscription.objects.filter(person_id=person_id)


def sending() -> Sending | None:
    """Return how the provider sends; None before anybody set it."""
    return Sending.objects.first()


def channels() -> dict[str, Channel]:
    """Return what is known of each way to send."""
    return {one.name: one for one in Channel.objects.all()}


def outgoing_of(person_id: UUID, *, count: int = 20) -> QuerySet[Outgoing]:
    """Return the newest messages to somebody."""
    return Outgoing.objects.filter(person_id=person_id).select_related("subscription")[:count]
