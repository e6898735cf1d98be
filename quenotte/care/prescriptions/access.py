"""The doors to a prescription or a letter: through the record that holds it."""

from uuid import UUID

from django.http import Http404

from quenotte.base.audit.rules import Actor
from quenotte.care.patients.access import opened_patient
from quenotte.care.prescriptions.models import Letter, Prescription


def prescription_for(
    actor: Actor, prescription_id: UUID, *, action: str = "prescriptions.read"
) -> Prescription:
    """Return a prescription to somebody who may see its record.

    Raises: Http404 when unknown or of another practice; PermissionDenied.
    """
    rows = Prescription.objects.filter(id=prescription_id).exclude(state="dropped")
    found = rows.select_related("patient", "author", "document").first()
    if found is None:
        raise Http404
    opened_patient(actor, found.patient_id, action=action)
    return found


def letter_for(actor: Actor, letter_id: UUID, *, action: str = "prescriptions.read") -> Letter:
    """Return a letter to somebody who may see its record. Raises: as above."""
    rows = Letter.objects.filter(id=letter_id).exclude(state="dropped")
    found = rows.select_related("patient", "author", "document", "correspondent").first()
    if found is None:
        raise Http404
    opened_patient(actor, found.patient_id, action=action)
    return found
