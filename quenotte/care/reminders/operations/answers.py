"""What a patient does with her link: confirm, ask to be called, receive no more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice.queries import practice as practice_named
from quenotte.care.agenda import operations as agenda
from quenotte.care.patients import operations as patients
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import Message
from quenotte.care.reminders.operations import writing
from quenotte.care.reminders.rules.states import ASKING, EXPECTED, Answer, Channel
from quenotte.kernel.errors import Refusal
from quenotte.kernel.phones import display_phone


class AlreadyAnswered(Refusal):
    """The link answers once, whichever of the patient's messages held it."""

    message = _("Ce rendez-vous a déjà reçu votre réponse. Rien n’a été modifié.")


class LinkOver(Refusal):
    """The appointment has begun, moved or is off: the link is about nothing any more."""

    message = _("Ce lien ne concerne plus aucun rendez-vous. Rien n’a été modifié.")


class NotAMessage(Refusal):
    """The message is not one of this practice."""

    message = _("Ce message n’existe pas dans votre cabinet. Rien n’a été modifié.")


class Standing(StrEnum):
    """What the page behind a link shows."""

    OPEN = "open"
    ANSWERED = "answered"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a stranger who holds the link may see: a time, a practice, nothing of a person."""

    standing: Standing
    answer: str
    starts_at: datetime
    practice: str
    phone: str
    phone_to_dial: str


def invitation(message: Message) -> Invitation:
    """Return what the page of a link shows; it changes nothing."""
    given = queries.answered(message)
    practice = practice_named(message.practice_id)
    standing = Standing.OPEN
    if given is not None:
        standing = Standing.ANSWERED
    elif not _is_open(message, timezone.now()):
        standing = Standing.OVER
    return Invitation(
        standing=standing,
        answer=given.answer if given else "",
        starts_at=message.about,
        practice=practice.name,
        phone=display_phone(practice.phone) if practice.phone else "",
        phone_to_dial=practice.phone,
    )


@transaction.atomic
def answer(*, message_id: UUID, wanted: Answer) -> Message:
    """Take the patient's answer, once for her appointment; confirming shows in the agenda.

    Raises: AlreadyAnswered, LinkOver; what the agenda refuses.
    """
    # All messages of the appointment, in one order: two links at once are one answer.
    seen = Message.objects.get(id=message_id)
    rows = Message.objects.select_for_update().filter(appointment_id=seen.appointment_id)
    message = next(it for it in rows.order_by("id") if it.id == message_id)
    if queries.answered(message) is not None:
        raise AlreadyAnswered
    if not _is_open(message, timezone.now()):
        raise LinkOver
    actor = writing.patient_of(message.practice_id)
    message.answer, message.answered_at = wanted.value, timezone.now()
    message.save(update_fields=["answer", "answered_at"])
    if wanted is Answer.CONFIRMED:
        agenda.set_status(
            actor=actor,
            appointment_id=message.appointment_id,
            status="confirmed",
            expected_version=None,
        )
    writing.tell(message)
    writing.trace(actor, message, Action.CHANGE, action="answer", state=wanted.value)
    return message


@transaction.atomic
def refuse_more(*, message_id: UUID) -> None:
    """Note that the patient wants no more messages by the channel of this one."""
    message = Message.objects.get(id=message_id)
    patients.refuse_reminders(
        actor=writing.patient_of(message.practice_id),
        patient_id=message.patient_id,
        channel=Channel(message.channel).value,
    )


@transaction.atomic
def mark_seen(*, actor: Actor, message_id: UUID) -> Message:
    """Note that the practice did what this message asked for: it called back.

    Raises: NotAMessage.
    """
    found = Message.objects.select_for_update().filter(
        id=message_id, practice_id=actor.own_practice_id
    )
    message = found.first()
    if message is None:
        raise NotAMessage
    if message.seen_at is None:
        message.seen_at = timezone.now()
        message.save(update_fields=["seen_at"])
        writing.tell(message)
        writing.trace(actor, message, Action.CHANGE, action="seen")
    return message


def _is_open(message: Message, now: datetime) -> bool:
    visit = message.appointment
    return (
        message.kind in ASKING
        and now < message.about
        and visit.starts_at == message.about
        and visit.status in EXPECTED
    )
