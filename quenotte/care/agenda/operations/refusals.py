"""What was refused leaves a line, written once the transaction is undone: else it went with it."""

import re
from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.agenda.models import Appointment, ShortNotice
from quenotte.care.agenda.operations.writing import KIND
from quenotte.kernel.errors import Refusal


def reason_of(refusal: Refusal) -> str:
    """Return what the journal calls a refusal: ``SlotTaken`` is ``slot_taken``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()


def note_refused_booking(*, actor: Actor, reason: str, patient_id: UUID | None = None) -> None:
    """Write that nothing was booked, and the code of the reason."""
    _write(actor, Action.CREATE, KIND, None, patient_id, reason)


def note_refused_change(*, actor: Actor, reason: str, appointment_id: UUID) -> None:
    """Write that an appointment stayed as it was, and the code of the reason."""
    found = Appointment.objects.filter(id=appointment_id, practice_id=actor.own_practice_id)
    patient_id = found.values_list("patient_id", flat=True).first()
    _write(actor, Action.CHANGE, KIND, appointment_id, patient_id, reason)


def note_refused_waiting(*, actor: Actor, reason: str, entry_id: UUID | None = None) -> None:
    """Write that the short-notice list stayed as it was; no ``entry_id``: nobody came on it."""
    patient_id = None
    if entry_id is not None:
        found = ShortNotice.objects.filter(id=entry_id, practice_id=actor.own_practice_id)
        patient_id = found.values_list("patient_id", flat=True).first()
    _write(actor, Action.CHANGE, "short_notice", entry_id, patient_id, reason)


def _write(
    actor: Actor,
    action: Action,
    kind: str,
    object_id: UUID | None,
    patient_id: UUID | None,
    reason: str,
) -> None:
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=str(object_id or ""),
        result="refused",
        detail={"reason": reason},
    )
