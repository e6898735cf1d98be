"""Sending: claim, hand over, write down; each step survives the death of the process.

A message is claimed in one transaction, handed over outside any, and its end written in another.
A process killed between the server's « taken » and our writing leaves a claim that runs out: the
message leaves again, with the same Message-ID (letters) or the same key (short messages, which
are then taken once). Twice is better than never: docs/decisions, 17.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from quenotte.base.audit.rules import Action
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import Message, ReminderSettings
from quenotte.care.reminders.operations import addressees, carriers, letters, planning, writing
from quenotte.care.reminders.operations.settings import PASSWORD_LOST
from quenotte.care.reminders.rules import standing, timing
from quenotte.care.reminders.rules.states import Blocked, Channel, Kind, State
from quenotte.devices.mail.troubles import MailTrouble
from quenotte.devices.sms.port import Reason, SmsTrouble
from quenotte.kernel.sealing import Unreadable

#: How long a claim holds: longer than any server may take (20 s a step).
LEASE: Final = timedelta(minutes=10)
#: How long a server that refuses us is left in peace.
REST: Final = timedelta(minutes=15)
#: Messages of one round; the next round is a minute later.
ROUND: Final = 200


class _Failure(Exception):
    """What became of one attempt, told alike for letters and short messages."""

    def __init__(self, reason: str, *, is_temporary: bool, is_of_the_server: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_temporary = is_temporary
        self.is_of_the_server = is_of_the_server


def send_due(*, now: Callable[[], datetime] = timezone.now, limit: int = ROUND) -> int:
    """Send what is due, oldest first; return how many messages were handed over."""
    sent = 0
    for _turn in range(limit):
        message = _claim(now())
        if message is None:
            break
        sent += _carry(message, now)
    return sent


def _claim(now: datetime) -> Message | None:
    """Take one message for this process; None when there is none to send.

    What must not leave (cancelled meanwhile, refused, at night) is put aside on the way.
    """
    # Most looks find nothing: they take no lock.
    while _ready(now).exists():
        with transaction.atomic():
            message = _next(now)
            if message is None:
                return None
            sending = queries.settings_of(message.practice_id)
            if _put_aside(message, sending, now):
                continue
            channel = Channel(message.channel)
            message.destination = addressees.of_patient(channel, message.patient).address
            message.state, message.attempts = State.SENDING.value, message.attempts + 1
            message.leased_until = now + LEASE
            message.save(update_fields=["state", "attempts", "leased_until", "destination"])
            writing.tell(message)
            return message
    return None


def _next(now: datetime) -> Message | None:
    found = _ready(now).order_by("due_at", "id").select_related("patient", "appointment")
    return found.select_for_update(skip_locked=True, of=("self",)).first()


def _ready(now: datetime) -> QuerySet[Message]:
    resting = ReminderSettings.objects.filter(rests_until__gt=now).values("practice_id")
    ready = Q(state=State.DUE.value, due_at__lte=now) | Q(
        state=State.SENDING.value, leased_until__lt=now
    )
    sending = ReminderSettings.objects.filter(is_on=True).values("practice_id")
    found = Message.objects.filter(ready, practice_id__in=sending)
    return found.exclude(channel=Channel.MAIL.value, practice_id__in=resting)


def _put_aside(message: Message, sending: ReminderSettings, now: datetime) -> bool:
    """Withdraw or put off what may not leave now; tell whether it was."""
    quiet = planning.quiet_of(sending)
    reason = _blocked(message, sending, now)
    if reason is Blocked.TOO_LATE:
        # Nobody told the patient in time: somebody has to know.
        _end(message, State.FAILED, message.reason or reason.value)
    elif reason is not None:
        _end(message, State.WITHDRAWN, reason.value)
    elif (later := timing.first_allowed(now, quiet, planning.practice_zone())) > now:
        message.state, message.due_at = State.DUE.value, later
        message.save(update_fields=["state", "due_at"])
    else:
        return False
    return True


def _blocked(message: Message, sending: ReminderSettings, now: datetime) -> Blocked | None:
    channel, kind = Channel(message.channel), Kind(message.kind)
    is_on = sending.mail_is_on if channel is Channel.MAIL else sending.sms_is_on
    words = queries.words_for(message.practice_id, channel, kind)
    return standing.blocked(
        standing.Standing(
            kind=message.kind,
            about=message.about,
            starts_at=message.appointment.starts_at,
            status=message.appointment.status,
            is_switched_on=is_on and (words.is_on or message.asked_by_id is not None),
        ),
        addressees.of_patient(channel, message.patient),
        now=now,
    )


def _carry(message: Message, now: Callable[[], datetime]) -> bool:
    sending = queries.settings_of(message.practice_id)
    made = letters.composed(message)
    message.template = made.template
    try:
        if message.channel == Channel.MAIL:
            _mail(message, made, sending, now())
        else:
            _text(message, made, sending, now())
    except _Failure as failure:
        _write_failure(message.id, failure, now())
        return False
    _write_sent(message, now())
    return True


def _mail(
    message: Message, made: letters.Composed, sending: ReminderSettings, at: datetime
) -> None:
    try:
        account = carriers.account_of(sending)
        carriers.send_mail(account, letters.letter_of(message, made, sending, at))
    except Unreadable:
        raise _Failure(PASSWORD_LOST, is_temporary=False, is_of_the_server=True) from None
    except MailTrouble as trouble:
        raise _Failure(
            trouble.cause.value,
            is_temporary=trouble.is_temporary,
            is_of_the_server=trouble.is_of_the_server,
        ) from None


def _text(
    message: Message, made: letters.Composed, sending: ReminderSettings, at: datetime
) -> None:
    try:
        carriers.operator().send(letters.text_of(message, made, sending), now=at)
    except SmsTrouble as trouble:
        if trouble.reason is Reason.SAME_KEY:
            # The operator took it before we died; only the words changed since.
            return
        raise _Failure(
            trouble.reason.value, is_temporary=trouble.is_temporary, is_of_the_server=False
        ) from None


@transaction.atomic
def _write_sent(message: Message, now: datetime) -> None:
    kept = Message.objects.select_for_update().get(id=message.id)
    kept.state, kept.sent_at, kept.reason = State.SENT.value, now, ""
    kept.template, kept.leased_until = message.template, None
    kept.save(update_fields=["state", "sent_at", "reason", "template", "leased_until"])
    if kept.channel == Channel.MAIL:
        _server_is_well(kept.practice_id)
    writing.tell(kept)
    writing.trace(writing.worker_of(kept.practice_id), kept, Action.SEND)


@transaction.atomic
def _write_failure(message_id: UUID, failure: _Failure, now: datetime) -> None:
    message = Message.objects.select_for_update().get(id=message_id)
    if failure.is_of_the_server:
        # The letter is not to blame: it waits, and its attempts are not counted.
        _let_rest(message.practice_id, failure.reason, now)
        _again(message, failure.reason, now + REST, attempts=message.attempts - 1)
    elif failure.is_temporary and message.attempts < timing.MOST_ATTEMPTS:
        later = now + timing.wait_after(message.attempts)
        _again(message, failure.reason, later, attempts=message.attempts)
    else:
        _end(message, State.FAILED, failure.reason)


def _again(message: Message, reason: str, due: datetime, *, attempts: int) -> None:
    message.state, message.reason, message.attempts = State.DUE.value, reason, attempts
    message.due_at, message.leased_until = due, None
    message.save(update_fields=["state", "reason", "attempts", "due_at", "leased_until"])
    writing.tell(message)


def _end(message: Message, state: State, reason: str) -> None:
    message.state, message.reason, message.leased_until = state.value, reason, None
    message.save(update_fields=["state", "reason", "leased_until"])
    writing.tell(message)
    if state is State.FAILED:
        worker = writing.worker_of(message.practice_id)
        writing.trace(worker, message, Action.SEND, result="failed", reason=reason)


def _let_rest(practice_id: UUID, reason: str, now: datetime) -> None:
    found = ReminderSettings.objects.filter(practice_id=practice_id)
    found.exclude(trouble=reason).update(trouble_since=now)
    found.update(trouble=reason, rests_until=now + REST)


def _server_is_well(practice_id: UUID) -> None:
    ReminderSettings.objects.filter(practice_id=practice_id).exclude(trouble="").update(
        trouble="", trouble_since=None, rests_until=None
    )
