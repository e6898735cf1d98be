"""An appointment that comes back from a copy: its place may be somebody else's now."""

from uuid import UUID

from django.db import transaction

from quenotte.base.audit.rules import Actor
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import obstacles


@transaction.atomic
def refuse_taken_place(*, actor: Actor, appointment_id: UUID) -> None:
    """Refuse an appointment that stands where another one is; one that is off is in no way.

    Raises: Appointment.DoesNotExist; SlotTaken; NoSuchColumn.
    """
    found = Appointment.objects.get(pk=appointment_id, practice_id=actor.own_practice_id)
    if found.status in rules.OFF:
        return
    place = obstacles.Place(found.practitioner_id, found.chair_id, found.starts_at, found.ends_at)
    obstacles.check_free(actor, place, but=found.id)
