"""The outbox: who is told what, written in the transaction of what it tells of.

Only what is urgent is told at once; everything else waits on the page of the morning, and in the
digest of its practice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.kernel.posture.terms import Severity
from quenotte.provider.incidents import queries, rules, wording
from quenotte.provider.incidents.models import Duty, Incident, Outgoing, Subscription
from quenotte.provider.incidents.rules import Kind, Sent, Way

_BEGINNINGS: Final = {
    Kind.OPENED: "",
    Kind.REOPENED: wording.AGAIN,
    Kind.WORSENED: wording.WORSE,
    Kind.JOINED: wording.MORE,
    Kind.UNSTABLE: wording.UNSTABLE,
    Kind.LASTING: wording.LASTING,
}

#: Somebody has it, or is about to.
_ON_THE_WAY: Final = (Sent.DUE, Sent.SENDING, Sent.SENT)


def tell(news: Iterable[tuple[Incident, Kind]], *, now: datetime) -> list[Outgoing]:
    """Put what is urgent into the outbox, for who is on duty; the rest is told to nobody now."""
    urgent = [pair for pair in news if pair[0].severity == Severity.CRITICAL]
    if not urgent:
        return []
    duties = queries.duties()
    dues = rules.due_of(
        [queries.shift_of(one) for one in duties], now, timezone.get_default_timezone()
    )
    named = queries.customers_of([one for one, _kind in urgent])
    made: list[Outgoing] = []
    for incident, kind in urgent:
        title, text = _words(incident, kind, named)
        for duty, due in zip(duties, dues, strict=True):
            if due is not None:
                made += _to(duty, _key(incident, kind, now), title, text, incident, now, due)
    Outgoing.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    return made


def _key(incident: Incident, kind: Kind, now: datetime) -> str:
    """Return what a message says, and how often: made twice, it is one."""
    key = f"{incident.id}:{incident.round}:{kind}:{incident.severity}"
    if kind is Kind.UNSTABLE:
        key += f":{timezone.localdate(now)}"
    if kind is Kind.JOINED:
        key += f":{blake2b(repr(incident.told_of).encode(), digest_size=6).hexdigest()}"
    return key


def pass_on(lost: Outgoing, *, now: datetime) -> list[Outgoing]:
    """Write an alarm that reached nobody again, for the next who can be reached at all.

    Within the transaction that gives it up. Nobody is left: the pages say so.
    """
    news = lost.key.rsplit(":", 2)[0]
    told = Outgoing.objects.filter(incident=lost.incident, key__startswith=f"{news}:")
    if lost.incident is None or told.filter(state__in=_ON_THE_WAY).exists():
        return []
    tried = set(told.values_list("person_id", flat=True))
    left = [one for one in queries.duties() if one.person_id not in tried]
    dues = rules.due_of(
        [queries.shift_of(one) for one in left], now, timezone.get_default_timezone()
    )
    made = [
        message
        for duty, due in zip(left, dues, strict=True)
        if due is not None
        for message in _to(duty, news, lost.title, lost.text, lost.incident, now, due)
    ]
    Outgoing.objects.bulk_create(made, ignore_conflicts=True)
    return made


def _words(incident: Incident, kind: Kind, named: dict[object, str]) -> tuple[str, str]:
    where = named.get(incident.customer_id) or str(_("Panne générale"))
    beginning = str(_BEGINNINGS[kind])
    said = wording.sentence_of(incident)
    return where, f"{beginning} : {said}" if beginning else said[:1].upper() + said[1:]


def _to(
    duty: Duty,
    key: str,
    title: str,
    text: str,
    incident: Incident,
    now: datetime,
    due: datetime,
) -> Sequence[Outgoing]:
    """Return the messages for one person: one for each of her ways, and each of her browsers."""
    made = []
    for way, destination, subscription in _ways(duty):
        whom = subscription.id if subscription else duty.person_id
        made.append(
            Outgoing(
                id=uuid4(), key=f"{key}:{way}:{whom}", channel=way, person_id=duty.person_id,
                subscription=subscription, incident=incident, destination=destination,
                title=title[:160], text=text, is_alarm=True, created_at=now, due_at=due,
            )
        )  # fmt: skip
    return made


def _ways(duty: Duty) -> Iterable[tuple[Way, str, Subscription | None]]:
    if duty.by_push:
        for one in duty.person.subscriptions.all():
            yield Way.PUSH, "", one
    if duty.by_mail:
        yield Way.MAIL, duty.email, None
    if duty.by_sms and queries.is_sms_carried():
        yield Way.SMS, duty.phone, None
