"""Sending once more because a person asks: a new message, the old one stays as it was."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import Message
from quenotte.care.reminders.operations import addressees, planning, writing
from quenotte.care.reminders.operations.answers import NotAMessage
from quenotte.care.reminders.rules import standing
from quenotte.care.reminders.rules.states import OVER, Blocked, Channel, Kind
from quenotte.kernel.errors import Refusal


class CannotResend(Refusal):
    """The message would not leave; ``reason`` says why."""

    _WORDS = {
        Blocked.NO_ADDRESS: _("La fiche du patient n’a ni l’adresse ni le mobile qu’il faut."),
        Blocked.REFUSES: _("Ce patient ne veut plus de rappel par ce moyen."),
        Blocked.DO_NOT_CONTACT: _("Ce patient ne doit pas être contacté."),
        Blocked.TOO_LATE: _("Ce rendez-vous est trop proche : téléphonez."),
        Blocked.SWITCHED_OFF: _("Les messages de cette sorte ne sont pas envoyés par le cabinet."),
    }
    _OTHER = _("Ce rendez-vous a changé : ce message n’a plus d’objet.")

    def __init__(self, reason: Blocked) -> None:
        super().__init__(self._WORDS.get(reason, self._OTHER), next_step=_("Rien n’a été envoyé."))
        self.reason = reason


class NotOverYet(Refusal):
    """A message on its way is not sent beside itself."""

    message = _("Ce message n’est pas encore parti : il partira seul. Rien n’a été modifié.")


@transaction.atomic
def send_again(*, actor: Actor, message_id: UUID) -> Message:
    """Ask for a message again, for now.

    Raises: NotAMessage, NotOverYet, CannotResend.
    """
    found = Message.objects.select_for_update(of=("self",)).filter(
        id=message_id, practice_id=actor.own_practice_id
    )
    old = found.select_related("patient", "appointment").first()
    if old is None:
        raise NotAMessage
    same = Message.objects.filter(
        appointment_id=old.appointment_id, kind=old.kind, channel=old.channel, about=old.about
    )
    if old.state not in OVER or same.exclude(state__in=OVER).exists():
        raise NotOverYet
    _check(old)
    key = (Channel(old.channel), Kind(old.kind))
    again = planning.new_message(
        old.practice_id, old.appointment_id, old.patient_id, key, old.about, timezone.now()
    )
    again.copy = same.aggregate(last=Max("copy"))["last"] + 1
    again.asked_by_id = actor.person_id
    again.save()
    old.seen_at = old.seen_at or timezone.now()
    old.save(update_fields=["seen_at"])
    writing.tell(again)
    writing.trace(actor, again, Action.CREATE, action="again")
    return again


def _check(old: Message) -> None:
    sending = queries.settings_of(old.practice_id)
    channel = Channel(old.channel)
    is_on = sending.mail_is_on if channel is Channel.MAIL else sending.sms_is_on
    reason = standing.blocked(
        standing.Standing(
            kind=old.kind,
            about=old.about,
            starts_at=old.appointment.starts_at,
            status=old.appointment.status,
            is_switched_on=sending.is_on and is_on,
        ),
        addressees.of_patient(channel, old.patient),
        now=timezone.now(),
    )
    if reason is not None:
        raise CannotResend(reason)
