"""The pinboard: appointments that a person carries to another week."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.care.agenda.models import Appointment, Pin
from quenotte.care.agenda.operations import writing
from quenotte.kernel.errors import Refusal


class AlreadyPinned(Refusal):
    """A colleague is carrying this appointment."""

    def __init__(self, *, who: str) -> None:
        super().__init__(
            _("Ce rendez-vous est déjà sur le panneau de %(who)s. Rien n’a été modifié.")
            % {"who": who}
        )
        self.who = who


@transaction.atomic
def pin(*, actor: Actor, appointment_id: UUID) -> Pin:
    """Put an appointment on the person's board; it keeps its place until it is dropped.

    Pinned twice by the same person, it stays there once and nothing more is written.

    Raises: NoSuchAppointment, NoLongerThere, AlreadyPinned.
    """
    appointment = writing.locked(actor, appointment_id, None)
    writing.still_movable(appointment)
    found = appointment.pins.select_related("person").first()
    if found is not None:
        if found.person_id != actor.own_person_id:
            raise AlreadyPinned(who=found.person.full_name)
        return found
    pinned = Pin.objects.create(person_id=actor.own_person_id, appointment=appointment)
    writing.trace(actor, appointment, "pin")
    return pinned


@transaction.atomic
def unpin(*, actor: Actor, appointment_id: UUID) -> None:
    """Take an appointment off the board, whoever put it there; it is where it was.

    Nothing is written when it is on no board.

    Raises: NoSuchAppointment.
    """
    appointment: Appointment = writing.locked(actor, appointment_id, None)
    removed, _rows = appointment.pins.all().delete()
    if removed:
        writing.trace(actor, appointment, "unpin")
