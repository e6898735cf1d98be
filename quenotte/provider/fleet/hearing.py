"""Whom the door should hear now, and when it did not listen.

Servers are expected at any time, workstations while their practice is open.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.hearing import AFTER, Crowd, gaps_between, is_deaf
from quenotte.kernel.posture.hours import Period
from quenotte.kernel.posture.silence import CADENCES
from quenotte.kernel.posture.storms import TOGETHER
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet.models import Listening, State

#: Agents that speak every few minutes have the names of their sources.
_OFTEN: Final = tuple(
    str(agent) for agent, (cadence, _patience) in CADENCES.items() if cadence <= TOGETHER
)
#: People leave some time before their practice closes: what stops then is no surprise.
_LEAVING: Final = timedelta(minutes=30)
#: A door that was asleep says that it listens so soon after it wakes.
_SAYS_WITHIN: Final = timedelta(minutes=2)
#: The server of a practice tells of its copies as often as this.
_TOLD_WITHIN: Final = timedelta(hours=1)
#: So many of those that were heard last say who is expected.
_SAMPLE: Final = 300


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


def gaps(now: datetime) -> tuple[Period, ...]:
    """Return when our own door did not listen, in order; one that still lasts ends now."""
    return gaps_between(_stretches(now), now)


def lately_deaf(now: datetime) -> Period | None:
    """Return the gap after which servers of practices had no time yet to tell of their copies.

    Gaps between which the door listened for less than that are one. None: there is no such gap.
    """
    found: Period | None = None
    for gap in reversed(gaps(now)):
        if (found.starts_at if found else now) - gap.ends_at >= _TOLD_WITHIN:
            break
        found = Period(gap.starts_at, found.ends_at if found else gap.ends_at)
    return found


def is_untold(own: Iterable[Fact], deaf: Period | None) -> bool:
    """Tell whether nobody could tell us of newer copies than the facts of a practice say.

    Copies age meanwhile by our own fault: until its server tells again nobody judges their age.
    """
    return deaf is not None and all(one.observed_at < deaf.ends_at for one in own)


def _stretches(now: datetime) -> list[Period]:
    """Return when our own door listened, by its own word.

    Whoever was heard after its last one, and not just now, proves that it does listen and merely
    cannot say so: that must mute no alarm.
    """
    rows = Listening.objects.order_by("begun_at").values_list("begun_at", "last_at")
    found = [Period(*one) for one in rows]
    since = _mute_since(found, now)
    if since is None:
        return found
    heard = State.objects.filter(seen_at__range=(since + AFTER, now - _SAYS_WITHIN))
    return [*found, Period(since, now)] if heard.exists() else found


def _mute_since(stretches: Iterable[Period], now: datetime) -> datetime | None:
    """Return since when our own door does not say that it listens; None: it does, or never did."""
    last = max((one.ends_at for one in stretches if one.starts_at <= now), default=now)
    return last if now - last >= AFTER else None


def unheard_since(
    now: datetime, *, resting: QuerySet[Any, Any], resting_machines: QuerySet[Any, Any]
) -> datetime | None:
    """Return since when nobody is heard though somebody is expected; None: all is well.

    ``resting``: the ids of practices in maintenance, and ``resting_machines``: nobody misses them.
    Who was heard in the last minutes before that moment fell silent together, and is looked for;
    who died before is not. A door that does not say that it listens hears nobody, expected or not.
    """
    # There is no index on what moves with each contact: where somebody is heard, as nearly always,
    # one row is enough, and only of a door that hears nobody are all of them read.
    if State.objects.filter(seen_at__gt=now - AFTER).exists():
        return None
    if (mute := _mute_since(_stretches(now), now)) is not None:
        return mute
    often = Q(source__in=_OFTEN)
    last: datetime | None = State.objects.filter(often).aggregate(last=Max("seen_at"))["last"]
    if last is None:
        return None
    together = State.objects.filter(often, seen_at__gt=last - TOGETHER)
    together = together.exclude(machine__customer_id__in=resting)
    together = together.exclude(machine_id__in=resting_machines)
    ids = set(together.order_by("-seen_at").values_list("machine_id", flat=True)[:_SAMPLE])
    left = expected(ids, (now, now + _LEAVING))
    servers = kept.servers_among(left)
    crowd = Crowd(len(left), len(servers), len(set(left.values())))
    return last if is_deaf(crowd, now - last) else None
