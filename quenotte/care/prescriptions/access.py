"""The doors to a prescription or a letter: through the record that holds it."""

from uuid import UUID

from django.http import Http404

from quenotte.base.audit.rules import Actor
from quenotte.care.patients.access import opened_patient
from quenotte.care.prescriptions.models import Letter, Prescription, State


def prescription_for(
    actor: Actor,
    prescription_id: UUID,
    *,
    action: str = "prescriptions.read",
    with_dropped: bool = False,
) -> Prescription:
    """Return a prescription to somebody who may see its record.

    ``with_dropped``: a draft that was given up too, for what was typed on it meanwhile.

    Raises: Http404 when unknown or of another practice; PermissionDenied.
    """
    rows = Prescription.objects.filter(id=prescription_id)
    found = rows.select_related("patient", "author", "document").first()
    if found is None or (found.state == State.DROPPED and not with_dropped):
        raise Http404
    opened_patient(actor, found.patient_id, action=action)
    return found


def letter_for(
    actor: Actor,
    letter_id: UUID,
    *,
    action: str = "prescriptions.read",
    with_dropped: bool = False,
) -> Letter:
    """Return a letter to somebody who may see its record; all is as above."""
    rows = Letter.objects.filter(id=letter_id)
    found = rows.select_related("patient", "author", "document", "correspondent").first()
    if found is None or (found.state == State.DROPPED and not with_dropped):
        raise Http404
    opened_patient(actor, found.patient_id, action=action)
    return found
