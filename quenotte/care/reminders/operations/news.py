"""What operators say afterwards, and what is forgotten in the end."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action
from quenotte.care.reminders.models import Message
from quenotte.care.reminders.operations import carriers, writing
from quenotte.care.reminders.rules.states import Channel, State
from quenotte.devices.sms.port import Delivery, Report

#: An operator that said nothing by then will not any more.
PATIENCE: Final = timedelta(days=3)
#: How long after the appointment what was said about it is kept.
KEPT: Final = timedelta(days=365)


def collect_reports(*, now: datetime | None = None) -> int:
    """Ask what became of the short messages sent; return how many have an end."""
    moment = now or timezone.now()
    waiting = Message.objects.filter(
        channel=Channel.SMS.value, state=State.SENT.value, sent_at__gt=moment - PATIENCE
    )
    operator = carriers.operator()
    found = [(it, operator.report(str(it.id), now=moment)) for it in waiting]
    return sum(_write(message, report) for message, report in found if report)


def forget_old(*, now: datetime | None = None) -> int:
    """Forget the messages of appointments of more than a year ago; return how many."""
    moment = now or timezone.now()
    return Message.objects.filter(about__lt=moment - KEPT).delete()[0]


@transaction.atomic
def _write(message: Message, report: Report) -> bool:
    if report.delivery is Delivery.ACCEPTED:
        return False
    kept = Message.objects.select_for_update().get(id=message.id)
    if kept.state != State.SENT:
        return False
    is_there = report.delivery is Delivery.DELIVERED
    kept.state = (State.DELIVERED if is_there else State.FAILED).value
    kept.delivered_at = report.at if is_there else None
    kept.reason = report.reason.value if report.reason else ""
    kept.save(update_fields=["state", "delivered_at", "reason"])
    writing.tell(kept)
    worker = writing.worker_of(kept.practice_id)
    result = "ok" if is_there else "failed"
    writing.trace(worker, kept, Action.SEND, result=result, state=kept.state, reason=kept.reason)
    return True
