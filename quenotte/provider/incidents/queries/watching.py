"""Whether the provider itself works: its rules look, its messages leave, its door hears."""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from quenotte.base.jobs import queries as jobs
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import rules, wording
from quenotte.provider.incidents.models import Channel, Outgoing, Window
from quenotte.provider.incidents.rules import Sent

#: The job that looks, by the name under which its runs are written down.
LOOK: Final = "quenotte.provider.incidents.jobs.look"


def looked_at() -> datetime | None:
    """Return when the rules had last looked at the whole fleet; None: they never did."""
    return jobs.last_done(LOOK)


def delayed(now: datetime) -> QuerySet[Outgoing]:
    """Return the messages that should have left and did not; what a way in trouble keeps too."""
    troubled = Channel.objects.exclude(trouble="").values("name")
    is_waiting = Q(state=Sent.DUE) & (
        Q(due_at__lt=now - rules.SEND_PATIENCE) | Q(channel__in=troubled, reason__gt="")
    )
    is_lost = Q(state=Sent.SENDING, leased_until__lt=now - rules.SEND_PATIENCE)
    return Outgoing.objects.filter(is_waiting | is_lost)


def unheard_since(now: datetime) -> datetime | None:
    """Return since when the door hears nobody though somebody is expected; None: all is well."""
    windows = Window.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return fleet.unheard_since(
        now,
        resting=windows.filter(machine=None).values("customer_id"),
        resting_machines=windows.filter(machine__isnull=False).values("machine_id"),
    )


def stopped(now: datetime) -> list[str]:
    """Return what does not work of the provider itself, in words; of nobody's data."""
    found = []
    if unheard_since(now) is not None:
        found.append(str(wording.NOBODY_HEARD))
    if rules.is_look_late(looked_at(), now):
        found.append(str(wording.LOOK_IS_LATE))
    if delayed(now).exists():
        found.append(str(wording.SENDING_IS_LATE))
    return found
