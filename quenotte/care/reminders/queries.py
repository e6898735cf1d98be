"""Reads: settings, words, messages and what became of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from quenotte.base.prepared import prepared
from quenotte.care.reminders.models import (
    CalendarFeed,
    Message,
    MessageTemplate,
    ReminderSettings,
)
from quenotte.care.reminders.rules.defaults import DEFAULTS
from quenotte.care.reminders.rules.states import Channel, Kind, State
from quenotte.care.reminders.rules.tokens import digest_of, looks_like_token

PAGE: Final = 50
#: A message that should have left longer ago than this is late.
LATE: Final = timedelta(hours=1)
#: Lines of the list by what somebody has to do about them.
WAITING, GONE, FAILED, TO_CALL = "a-envoyer", "partis", "echecs", "a-rappeler"
FILTERS: Final[dict[str, Q]] = {
    WAITING: Q(state__in=[State.DUE, State.SENDING]),
    GONE: Q(state__in=[State.SENT, State.DELIVERED]),
    FAILED: Q(state=State.FAILED, seen_at__isnull=True),
    TO_CALL: Q(answer="call_me", seen_at__isnull=True),
}


#: Messages that planning wrote and that no patient and no person of the practice knows.
UNHEARD: Final = Q(state__in=[State.DUE, State.WITHDRAWN], asked_by__isnull=True, answer="")


@dataclass(frozen=True)
class Wanted:
    """Which messages a reader wants; what is empty does not count. The day is local."""

    filter: str = ""
    channel: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Words:
    """The words in force for a channel and a kind; ``template`` is None for those we came with."""

    channel: Channel
    kind: Kind
    subject: str
    text: str
    is_on: bool
    template: MessageTemplate | None = field(default=None)

    @property
    def version(self) -> int:
        """The version that a form was opened with; 0 for the words we came with."""
        return self.template.version if self.template else 0

    @property
    def channel_label(self) -> str:
        """The channel in words."""
        return str(MessageTemplate.Channel(self.channel).label)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(MessageTemplate.Kind(self.kind).label)


def settings_of(practice_id: UUID) -> ReminderSettings:
    """Return how a practice sends; not saved, and off, for one that never said."""
    found = ReminderSettings.objects.filter(practice_id=practice_id).first()
    return found or ReminderSettings(practice_id=practice_id)


def words_of(practice_id: UUID) -> dict[tuple[Channel, Kind], Words]:
    """Return the words in force for each channel and kind; one query."""
    newest = {
        (row.channel, row.kind): row
        for row in MessageTemplate.objects.filter(practice_id=practice_id).order_by("version")
    }
    return {key: _words(*key, newest.get(key)) for key in DEFAULTS}


def words_for(practice_id: UUID, channel: Channel, kind: Kind) -> Words:
    """Return the words in force for one channel and kind."""
    rows = MessageTemplate.objects.filter(practice_id=practice_id, channel=channel, kind=kind)
    return _words(channel, kind, rows.order_by("-version").first())


def versions_of(practice_id: UUID, channel: Channel, kind: Kind) -> QuerySet[MessageTemplate]:
    """Return every version that was saved, newest first."""
    rows = MessageTemplate.objects.filter(practice_id=practice_id, channel=channel, kind=kind)
    return rows.select_related("saved_by").order_by("-version")


def messages(practice_id: UUID, wanted: Wanted, *, number: int = 1) -> Page[Message]:
    """Return a page of messages, the latest moment first; those to come, soonest first.

    Without a filter: those whose moment has come.
    """
    found = Message.objects.filter(practice_id=practice_id).select_related("patient")
    found = found.filter(FILTERS.get(wanted.filter, ~FILTERS[WAITING]))
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.day:
        opens = timezone.make_aware(datetime.combine(wanted.day, time()))
        closes = timezone.make_aware(datetime.combine(wanted.day + timedelta(days=1), time()))
        found = found.filter(due_at__gte=opens, due_at__lt=closes)
    order = "due_at" if wanted.filter == WAITING else "-due_at"
    return Paginator(found.order_by(order, "id"), PAGE).get_page(number)


def counts(practice_id: UUID) -> dict[str, int]:
    """Return how many messages each filter shows."""
    found = Message.objects.filter(practice_id=practice_id)
    return {name: found.filter(condition).count() for name, condition in FILTERS.items()}


@dataclass(frozen=True)
class Troubles:
    """Messages that nobody received: given up and not looked at, or late."""

    failed: int
    late: int


def troubles(practice_id: UUID, now: datetime) -> Troubles:
    """Count the messages that failed, and those that should have left an hour ago."""
    found = Message.objects.filter(practice_id=practice_id, about__gt=now).aggregate(
        failed=Count("id", filter=FILTERS[FAILED]),
        late=Count("id", filter=FILTERS[WAITING] & Q(due_at__lt=now - LATE)),
    )
    return Troubles(**found)


def to_look_at(practice_id: UUID, *, since: datetime, limit: int) -> list[Message]:
    """Return what somebody has to act upon: who asks to be called, who was not reached."""
    found = Message.objects.filter(practice_id=practice_id, about__gt=since)
    found = found.filter(FILTERS[FAILED] | FILTERS[TO_CALL]).select_related("patient")
    return list(found.order_by("about")[:limit])


def of_appointment(appointment_id: UUID) -> list[Message]:
    """Return the messages about an appointment, newest first."""
    return list(Message.objects.filter(appointment_id=appointment_id).order_by("-due_at"))


def of_patient(patient_id: UUID, limit: int, before: datetime | None = None) -> list[Message]:
    """Return what left for a patient or failed to, newest first."""
    if before:
        return _told_before(patient_id, before, limit=limit)
    return _told(patient_id, limit=limit)


def _gone() -> QuerySet[Message]:
    return Message.objects.filter(state__in=["sent", "delivered", "failed"]).order_by("-due_at")


@prepared
def _told(patient_id: UUID, *, limit: int) -> QuerySet[Message]:
    return _gone().filter(patient_id=patient_id)[:limit]


@prepared
def _told_before(patient_id: UUID, before: datetime, *, limit: int) -> QuerySet[Message]:
    return _gone().filter(patient_id=patient_id, due_at__lt=before)[:limit]


def message_of_token(token: str) -> Message | None:
    """Return the message whose link holds this token."""
    if not looks_like_token(token):
        return None
    found = Message.objects.filter(token_digest=digest_of(token))
    return found.select_related("appointment", "practice").first()


def answered(message: Message) -> Message | None:
    """Return the message by which the patient answered for this appointment, at any link."""
    same = Message.objects.filter(appointment_id=message.appointment_id, about=message.about)
    return same.exclude(answer="").order_by("answered_at").first()


def _words(channel: Channel, kind: Kind, row: MessageTemplate | None) -> Words:
    if row is not None:
        return Words(channel, kind, row.subject, row.text, row.is_on, row)
    return Words(channel, kind, *DEFAULTS[channel, kind])


def feeds(practice_id: UUID, person_id: UUID | None) -> list[CalendarFeed]:
    """Return the open calendars of a practice, or of one person of it, newest first."""
    found = CalendarFeed.objects.filter(practice_id=practice_id, closed_at__isnull=True)
    if person_id:
        found = found.filter(person_id=person_id)
    return list(found.select_related("person"))


def feed_of_token(token: str) -> CalendarFeed | None:
    """Return the open calendar at this address; a person who left has none any more."""
    if not looks_like_token(token):
        return None
    found = CalendarFeed.objects.filter(token_digest=digest_of(token), closed_at__isnull=True)
    return found.filter(person__is_active=True).first()
