"""What a message says in the end: the words in force, filled with what this patient may read."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.practice.queries import practice as practice_named
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import Message, MessageTemplate, ReminderSettings
from quenotte.care.reminders.rules.states import ASKING, Channel, Kind
from quenotte.care.reminders.rules.texts import SAMPLE, Filling, Written, written
from quenotte.care.reminders.rules.tokens import token_of
from quenotte.devices.mail.letters import Letter
from quenotte.devices.sms.port import Text
from quenotte.kernel.phones import display_phone


@dataclass(frozen=True, slots=True)
class Composed:
    """The words of one message, and the version of the template that they come from."""

    subject: str
    text: str
    link: str
    template: MessageTemplate | None
    practice_name: str


def link_of(message: Message) -> str:
    """Return the address of the patient's page; empty when the practice has no public address."""
    if not settings.PUBLIC_URL:
        return ""
    return f"{settings.PUBLIC_URL}/r/{token_of(settings.SEALING_KEY, message.id)}/"


def composed(message: Message) -> Composed:
    """Return the words of a message about the time it speaks of."""
    channel, kind = Channel(message.channel), Kind(message.kind)
    words = queries.words_for(message.practice_id, channel, kind)
    practice, patient = practice_named(message.practice_id), message.patient
    link = link_of(message)
    filling = Filling(
        first_name=patient.used_first_name or patient.first_birth_first_name,
        starts_at=timezone.localtime(message.about),
        practice=practice.name,
        phone=display_phone(practice.phone) if practice.phone else "",
        link=link if kind in ASKING else "",
    )
    made = written(channel, subject=words.subject, text=words.text, filling=filling)
    return Composed(made.subject, made.text, link, words.template, practice.name)


def letter_of(message: Message, made: Composed, sending: ReminderSettings, at: datetime) -> Letter:
    """Return the letter; sent twice, it carries the same Message-ID."""
    domain = sending.sender_address.rpartition("@")[2]
    stop = f"{made.link}arret/" if made.link else ""
    return Letter(
        sender=sending.sender_address,
        sender_name=made.practice_name,
        recipient=message.destination,
        subject=made.subject,
        text=made.text + _foot(stop),
        identifier=f"{message.id.hex}@{domain}",
        written_at=timezone.localtime(at),
        reply_to=sending.reply_to,
        # One click means HTTPS (RFC 8058).
        unsubscribe_url=stop if urlsplit(stop).scheme == "https" else "",
    )


def text_of(message: Message, made: Composed, sending: ReminderSettings) -> Text:
    """Return the short message; its key makes that it is taken once."""
    return Text(
        key=str(message.id),
        recipient=message.destination,
        sender=sending.sms_sender,
        text=made.text,
    )


def _foot(stop: str) -> str:
    if stop:
        return (
            "\n-- \n" + _("Ne plus recevoir ces messages : %(address)s") % {"address": stop} + "\n"
        )
    return "\n-- \n" + _("Pour ne plus recevoir ces messages, dites-le au cabinet.") + "\n"


def sample_of(practice_id: UUID, key: tuple[Channel, Kind], *, subject: str, text: str) -> Written:
    """Return a template filled for an invented patient of this practice, as it would leave."""
    channel, kind = key
    practice = practice_named(practice_id)
    has_link = bool(settings.PUBLIC_URL) and kind in ASKING
    filling = replace(
        SAMPLE,
        practice=practice.name,
        phone=display_phone(practice.phone) if practice.phone else "",
        link=f"{settings.PUBLIC_URL}/r/{'x' * 22}/" if has_link else "",
    )
    return written(channel, subject=subject, text=text, filling=filling)
