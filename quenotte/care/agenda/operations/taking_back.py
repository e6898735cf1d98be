"""Taking a booking back in the minute after it: as if nobody had called.

Cancelling leaves a cancelled appointment, and a record of somebody who was typed by mistake.
"""

from uuid import UUID

from django.db import transaction

from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Actor
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import imports, statuses, writing
from quenotte.care.patients import operations as patients

#: The purpose that the journal keeps of a booking that opened the record of its patient.
OPENED_RECORD = "new patient"
#: What the booking itself wrote about the patient.
_OWN = frozenset({"care.Appointment.patient"})


@transaction.atomic
def take_back(*, actor: Actor, appointment_id: UUID, expected_version: int | None) -> bool:
    """Take back a booking that opened a record: both go when nothing else was written in it.

    Returns whether they went; otherwise the record stays and the appointment is cancelled as
    a mistake.

    Raises: NoSuchAppointment, ChangedMeanwhile; as ``cancel``.
    """
    appointment = writing.locked(actor, appointment_id, expected_version)
    patient_id = appointment.patient_id
    if not _is_all_there_is(appointment):
        statuses.cancel(
            actor=actor,
            appointment_id=appointment_id,
            reason=Appointment.CancelReason.MISTAKE,
            expected_version=expected_version,
        )
        return False
    writing.trace(actor, appointment, "take_back")
    imports.remove_visits(actor=actor, ids=[appointment_id])
    patients.take_back_record(actor=actor, patient_id=patient_id)
    return True


def _is_all_there_is(appointment: Appointment) -> bool:
    """Tell whether the record was opened by this booking and nothing was written since."""
    lines = journal.object_history(
        appointment.patient_id, writing.KIND, str(appointment.id), limit=2
    )
    if len(lines) != 1 or lines[0].detail.get("purpose") != OPENED_RECORD:
        return False
    ids = [appointment.patient_id]
    own = Appointment.objects.filter(patient_id=appointment.patient_id).exclude(id=appointment.id)
    is_touched = patients.touched_among(ids, but=_OWN, own_relatives=frozenset())
    return not (is_touched or own.exists() or imports.touched_visits([appointment.id]))
