"""Which messages are to leave, and when: read off the agenda again and again, each once.

The agenda knows nothing of messages. What has to be told follows from the appointments as they
are and from what patients were told already; looking twice finds nothing new.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quenotte.base.audit.rules import Action
from quenotte.care.agenda import queries as agenda
from quenotte.care.agenda.rules import Period
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import Message, ReminderSettings
from quenotte.care.reminders.operations import addressees, writing
from quenotte.care.reminders.rules import standing, timing
from quenotte.care.reminders.rules.states import EXPECTED, TOLD, Blocked, Channel, Kind, State
from quenotte.care.reminders.rules.tokens import digest_of, token_of

#: How long beforehand a reminder is shown as planned.
AHEAD: Final = timedelta(days=7)
#: No reminder leaves longer before an appointment, quiet days included.
_LONGEST: Final = timedelta(hours=336) + timedelta(days=12)
_FAR: Final = timedelta(days=800)
_NEWS: Final = frozenset({Kind.MOVED, Kind.CANCELLED})


class Visit(NamedTuple):
    """What planning reads of an appointment."""

    id: UUID
    patient_id: UUID
    starts_at: datetime
    created_at: datetime


_COLUMNS: Final = Visit._fields
_ADDRESS: Final = tuple(f"patient__{name}" for name in addressees.COLUMNS)


@dataclass
class _Plan:
    """One practice at one moment."""

    sending: ReminderSettings
    now: datetime
    zone: ZoneInfo
    quiet: timing.Quiet
    channels: dict[Channel, int]
    kinds: frozenset[tuple[Channel, Kind]]
    known: dict[tuple[UUID, str, str, datetime], Message] = field(default_factory=dict)
    new: list[Message] = field(default_factory=list)
    revived: list[Message] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new or self.revived)

    @property
    def late(self) -> list[Message]:
        """What is known from the beginning to come too late."""
        return [it for it in (*self.new, *self.revived) if it.state == State.FAILED]

    def want(
        self, visit: UUID, patient: UUID, key: tuple[Channel, Kind], about: datetime, due: datetime
    ) -> Message | None:
        """Plan a message unless it was planned before; what was withdrawn may come back."""
        channel, kind = key
        known = self.known.get((visit, kind.value, channel.value, about))
        if known is None:
            return self._add(visit, patient, key, about, due)
        if known.state == State.WITHDRAWN and known.reason in standing.REVIVABLE:
            known.state, known.reason, known.due_at = State.DUE.value, "", due
            self.revived.append(known)
            return known
        return None

    def add_copy(self, known: Message, last: Message, due: datetime) -> Message | None:
        """Plan once more what was told before ``last`` was, unless that is planned, or failed."""
        same = Message.objects.filter(
            appointment_id=known.appointment_id, kind=known.kind,
            channel=known.channel, about=known.about,
        )  # fmt: skip
        has_failed = Q(state=State.FAILED.value, created_at__gt=last.created_at)
        if same.filter(Q(state=State.DUE.value) | has_failed).exists():
            return None
        key = (Channel(known.channel), Kind(known.kind))
        again = new_message(
            known.practice_id, known.appointment_id, known.patient_id, key, known.about, due
        )
        again.copy = 1 + max(same.values_list("copy", flat=True))
        self.new.append(again)
        return again

    def _add(
        self, visit: UUID, patient: UUID, key: tuple[Channel, Kind], about: datetime, due: datetime
    ) -> Message:
        message = new_message(self.sending.practice_id, visit, patient, key, about, due)
        self.known[visit, message.kind, message.channel, about] = message
        self.new.append(message)
        return message


def plan(*, now: datetime | None = None) -> int:
    """Plan the messages of every practice that sends; return how many are new."""
    moment = now or timezone.now()
    return sum(
        plan_practice(found, moment) for found in ReminderSettings.objects.filter(is_on=True)
    )


def plan_practice(sending: ReminderSettings, now: datetime) -> int:
    """Plan the messages of one practice; return how many are new."""
    # Most looks find nothing: they hold up nobody who writes.
    if not _looked(sending, now).has_news:
        return 0
    with transaction.atomic():
        # One planner at a time: what two of them found missing would be planned twice.
        ReminderSettings.objects.select_for_update().get(practice_id=sending.practice_id)
        plan = _looked(sending, now)
        Message.objects.bulk_create(plan.new)
        Message.objects.bulk_update(plan.revived, ["state", "reason", "due_at"])
        _tell_late(plan)
    return len(plan.new)


def _tell_late(plan: _Plan) -> None:
    worker = writing.worker_of(plan.sending.practice_id)
    for message in plan.late:
        writing.tell(message)
        writing.trace(worker, message, Action.SEND, result="failed", reason=message.reason)


def new_message(
    practice_id: UUID,
    visit: UUID,
    patient: UUID,
    key: tuple[Channel, Kind],
    about: datetime,
    due: datetime,
) -> Message:
    """Return a message, not saved, with the digest of its link."""
    number = uuid.uuid4()
    return Message(
        id=number,
        practice_id=practice_id,
        appointment_id=visit,
        patient_id=patient,
        channel=key[0].value,
        kind=key[1].value,
        about=about,
        due_at=due,
        token_digest=digest_of(token_of(settings.SEALING_KEY, number)),
    )


def quiet_of(sending: ReminderSettings) -> timing.Quiet:
    """Return when this practice disturbs nobody."""
    return timing.Quiet(sending.quiet_from_hour, sending.quiet_to_hour, sending.quiet_days_off)


def practice_zone() -> ZoneInfo:
    """Return the time zone of the practice."""
    return ZoneInfo(settings.TIME_ZONE)


def _looked(sending: ReminderSettings, now: datetime) -> _Plan:
    """Return what is to be told, without writing anything."""
    plan = _begun(sending, now)
    _take_back_late(plan)
    _want_news(plan)
    _want_confirmations(plan)
    _want_reminders(plan)
    return plan


def _begun(sending: ReminderSettings, now: datetime) -> _Plan:
    hours = {
        Channel.MAIL: sending.mail_hours_before if sending.mail_is_on else 0,
        Channel.SMS: sending.sms_hours_before if sending.sms_is_on else 0,
    }
    words = queries.words_of(sending.practice_id)
    channels = {channel: before for channel, before in hours.items() if before}
    known = Message.objects.filter(practice_id=sending.practice_id, about__gt=now, copy=1)
    return _Plan(
        sending=sending,
        now=now,
        zone=practice_zone(),
        quiet=quiet_of(sending),
        channels=channels,
        kinds=frozenset(key for key, it in words.items() if it.is_on and key[0] in channels),
        known={(it.appointment_id, it.kind, it.channel, it.about): it for it in known},
    )


def _want_reminders(plan: _Plan) -> None:
    """Remind of the appointments whose moment comes within ``AHEAD``."""
    channels = {
        it: hours for it, hours in plan.channels.items() if (it, Kind.REMINDER) in plan.kinds
    }
    if not channels:
        return
    last = _last_news(plan.known.values())
    for visit, reached in _expected(plan, plan.now + AHEAD + _LONGEST):
        for channel, hours in channels.items():
            due = timing.due_at(visit.starts_at, hours, plan.quiet, plan.zone)
            if not _is_timely(plan, visit, due) or reached[channel].blocked:
                continue
            if standing.is_redundant(last.get((visit.id, channel.value, visit.starts_at)), due):
                continue
            plan.want(visit.id, visit.patient_id, (channel, Kind.REMINDER), visit.starts_at, due)


def _is_timely(plan: _Plan, visit: Visit, due: datetime) -> bool:
    if not timing.was_booked_in_time(visit.created_at, due) or due > plan.now + AHEAD:
        return False
    since = plan.sending.turned_on_at
    # Turning the messages on does not pour out those of last week.
    return (since is None or due >= since) and plan.now < timing.too_late_at(
        Kind.REMINDER, visit.starts_at
    )


def _want_confirmations(plan: _Plan) -> None:
    """Confirm what somebody has just booked here; an import confirms nothing."""
    keys = [key for key in plan.kinds if key[1] is Kind.CONFIRMATION]
    if not keys:
        return
    since = max(plan.sending.turned_on_at or plan.now, plan.now - timing.FRESH)
    due = timing.first_allowed(plan.now, plan.quiet, plan.zone)
    for visit, reached in _expected(plan, plan.now + _FAR, booked_since=since):
        for key in keys:
            late = timing.too_late_at(Kind.CONFIRMATION, visit.starts_at)
            if due < late and not reached[key[0]].blocked:
                plan.want(visit.id, visit.patient_id, key, visit.starts_at, due)


def _want_news(plan: _Plan) -> None:
    """Tell who was told of a time that her appointment has another, or none any more.

    What counts is what she heard last: an appointment moved and moved back is news each time.
    """
    due = timing.first_allowed(plan.now, plan.quiet, plan.zone)
    for last in _last_told(plan):
        news = _news(plan, last)
        if news is None or (Channel(last.channel), news[0]) not in plan.kinds:
            continue
        kind, about = news
        key = (Channel(last.channel), kind)
        known = plan.known.get((last.appointment_id, kind.value, last.channel, about))
        if known is not None and known.state in TOLD:
            message = plan.add_copy(known, last, due)
        else:
            message = plan.want(last.appointment_id, last.patient_id, key, about, due)
        # When she would come: at the time that she knows, or at the new one if that is sooner.
        if message and _waits_too_long(plan, last, due, min(about, last.about)):
            message.state, message.reason = State.FAILED.value, Blocked.TOO_LATE.value


def _waits_too_long(plan: _Plan, last: Message, due: datetime, comes_at: datetime) -> bool:
    """Tell whether the quiet lasts until she is on her way: somebody has to telephone before."""
    if due <= plan.now or due <= comes_at - timing.LEAST_NOTICE:
        return False
    return addressees.of_patient(Channel(last.channel), last.patient).blocked is None


def _take_back_late(plan: _Plan) -> None:
    """Withdraw what came too late once it is true no more: nobody is called about it."""
    late = Message.objects.filter(
        practice_id=plan.sending.practice_id, about__gt=plan.now, state=State.FAILED.value,
        reason=Blocked.TOO_LATE.value, kind__in=_NEWS, seen_at=None,
    )  # fmt: skip
    for message in late.select_related("appointment"):
        visit = message.appointment
        if message.kind == Kind.CANCELLED:
            is_true = visit.status == "cancelled"
        else:
            is_true = visit.status in EXPECTED and visit.starts_at == message.about
        if not is_true:
            message.state, message.reason = State.WITHDRAWN.value, Blocked.NOT_EXPECTED.value
            plan.revived.append(message)


def _news(plan: _Plan, last: Message) -> tuple[Kind, datetime] | None:
    """Return what the patient does not know yet: the kind, and the time that it is about."""
    visit = last.appointment
    if last.kind == Kind.CANCELLED:
        return None
    if visit.status == "cancelled":
        # Whatever the reason, a mistake included: who was told of it would come.
        return Kind.CANCELLED, last.about
    if visit.status in EXPECTED and visit.starts_at != last.about and visit.starts_at > plan.now:
        return Kind.MOVED, visit.starts_at
    return None


def _last_told(plan: _Plan) -> Iterable[Message]:
    """Return the last message that each patient got of each appointment, by each channel."""
    told = Message.objects.filter(
        practice_id=plan.sending.practice_id, about__gt=plan.now, state__in=TOLD
    )
    rows = told.select_related("appointment", "patient").order_by("due_at", "created_at")
    return {(it.appointment_id, it.channel): it for it in rows}.values()


def _last_news(known: Iterable[Message]) -> dict[tuple[UUID, str, datetime], datetime]:
    """Return when the patient hears last of a time, by anything but a reminder."""
    last: dict[tuple[UUID, str, datetime], datetime] = {}
    for it in known:
        if it.kind != Kind.REMINDER and it.state not in {State.WITHDRAWN, State.FAILED}:
            key = (it.appointment_id, it.channel, it.about)
            last[key] = max(last.get(key, it.due_at), it.due_at)
    return last


def _expected(
    plan: _Plan, until: datetime, *, booked_since: datetime | None = None
) -> Iterator[tuple[Visit, dict[Channel, standing.Addressee]]]:
    """Yield the appointments to come, with how their patients are reached; one query."""
    found = agenda.within(plan.sending.practice_id, Period(plan.now, until), None)
    found = found.filter(starts_at__gt=plan.now)
    if booked_since:
        found = found.filter(
            created_at__gte=booked_since, created_by__isnull=False, imported_at__isnull=True
        )
    row: tuple[Any, ...]
    for row in found.values_list(*_COLUMNS, *_ADDRESS):
        person = dict(zip(addressees.COLUMNS, row[len(_COLUMNS) :], strict=True))
        yield Visit(*row[: len(_COLUMNS)]), {it: addressees.of(it, person) for it in Channel}
