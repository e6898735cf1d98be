"""Sending what is in the outbox: claim, hand over, write down; each step survives a kill.

A message is claimed in one transaction, handed over outside any, and its end written in another.
A process killed between the service's « taken » and our writing leaves a claim that runs out: the
message leaves again under the same name (Message-ID, Topic, key), by which whoever receives it
twice shows it once.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.practice import queries as practices
from quenotte.provider.incidents import queries, rules
from quenotte.provider.incidents.models import Channel, Outgoing, Subscription
from quenotte.provider.incidents.operations import carriers, telling
from quenotte.provider.incidents.operations.carriers import Failure
from quenotte.provider.incidents.rules import Sent

logger = logging.getLogger(__name__)

#: Messages of one round.
ROUND: Final = 200


def send_due(*, now: Callable[[], datetime] = timezone.now, limit: int = ROUND) -> int:
    """Send what is due, the oldest first; return how many messages were handed over."""
    sent = 0
    for _turn in range(limit):
        message = _claim(now())
        if message is None:
            break
        sent += _carry(message, now)
    return sent


def is_any_due(now: datetime) -> bool:
    """Tell whether a message waits that may leave now."""
    return _ready(now).exists()


def _claim(now: datetime) -> Outgoing | None:
    """Take one message for this process; what is of no use any more is put aside on the way."""
    while _ready(now).exists():
        with transaction.atomic():
            message = _next(now)
            if message is None:
                return None
            if _is_over(message):
                _end(message, Sent.DROPPED, "closed")
                continue
            message.state, message.attempts = Sent.SENDING, message.attempts + 1
            message.leased_until = now + rules.LEASE
            message.save(update_fields=["state", "attempts", "leased_until"])
            return message
    return None


def _next(now: datetime) -> Outgoing | None:
    found = _ready(now).select_related("incident", "subscription").order_by("due_at", "id")
    return found.select_for_update(skip_locked=True, of=("self",)).first()


def _ready(now: datetime) -> QuerySet[Outgoing]:
    ready = Q(state=Sent.DUE, due_at__lte=now) | Q(state=Sent.SENDING, leased_until__lt=now)
    resting = Channel.objects.filter(rests_until__gt=now).values("name")
    return Outgoing.objects.filter(ready).exclude(channel__in=resting)


def _is_over(message: Outgoing) -> bool:
    return message.is_alarm and message.incident is not None and bool(message.incident.closed_at)


def _carry(message: Outgoing, now: Callable[[], datetime]) -> bool:
    sending = queries.sending()
    name = practices.practice(sending.practice_id).name if sending else ""
    try:
        carriers.carry(message, sending, name, now())
    except Failure as failure:
        _write_failure(message, failure, now())
        return False
    except Exception as error:  # noqa: BLE001 - one message must not keep the others
        # Its kind is logged, never its text.
        logger.warning("a message could not be sent: %s", type(error).__name__)
        _write_failure(message, Failure("error", is_temporary=True, is_of_the_way=False), now())
        return False
    _write_sent(message, now())
    return True


@transaction.atomic
def _write_sent(message: Outgoing, now: datetime) -> None:
    kept = Outgoing.objects.select_for_update(of=("self",)).get(pk=message.pk)
    kept.sent_at = now
    _end(kept, Sent.SENT, "")
    Channel.objects.update_or_create(
        name=kept.channel,
        defaults={"trouble": "", "trouble_since": None, "rests_until": None, "worked_at": now},
    )
    _trace(kept, "ok")


@transaction.atomic
def _write_failure(message: Outgoing, failure: Failure, now: datetime) -> None:
    kept = Outgoing.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if failure.is_of_the_way:
        # The message is not to blame: it waits, and its attempts are not counted.
        until = _let_rest(kept.channel, failure.reason, now)
        _again(kept, failure.reason, until, attempts=kept.attempts - 1)
    elif failure.is_temporary and kept.attempts < rules.MOST_ATTEMPTS:
        later = now + rules.wait_after(kept.attempts)
        _again(kept, failure.reason, later, attempts=kept.attempts)
    else:
        if failure.reason == "gone" and kept.subscription_id:
            Subscription.objects.filter(pk=kept.subscription_id).delete()
        _end(kept, Sent.FAILED, failure.reason)
        _trace(kept, "failed")
        if kept.is_alarm and not _is_over(kept):
            telling.pass_on(kept, now=now)


def _again(message: Outgoing, reason: str, due: datetime, *, attempts: int) -> None:
    message.state, message.reason, message.attempts = Sent.DUE, reason, attempts
    message.due_at, message.leased_until = due, None
    message.save(update_fields=["state", "reason", "attempts", "due_at", "leased_until"])


def _end(message: Outgoing, state: Sent, reason: str) -> None:
    message.state, message.reason, message.leased_until = state, reason, None
    message.save(update_fields=["state", "reason", "leased_until", "sent_at"])


def _let_rest(channel: str, reason: str, now: datetime) -> datetime:
    """Leave a way in peace, the longer the longer it has failed; return until when."""
    found, _made = Channel.objects.select_for_update().get_or_create(name=channel)
    if found.trouble_since is None or not found.trouble:
        found.trouble_since = now
    found.trouble = reason
    found.rests_until = now + rules.rest_after(now - found.trouble_since)
    found.save()
    return found.rests_until


def _trace(message: Outgoing, result: str) -> None:
    record(
        action=Action.SEND,
        actor=SYSTEM,
        object_kind="alert",
        object_id=str(message.id),
        result=result,
        detail={"channel": message.channel, "reason": message.reason},
    )
