"""From a record that was united with another to that one, and back."""

from uuid import UUID

from quenotte.care.patients.models import Patient


def leading_to(patient: Patient) -> Patient:
    """Return the record that this one was united with in the end; itself when with none."""
    while patient.merged_into_id:
        patient = Patient.objects.get(id=patient.merged_into_id)
    return patient


def absorbed_by(patient_id: UUID) -> list[Patient]:
    """Return the records that were united with this one, those united with them included."""
    found: list[Patient] = []
    ids = [patient_id]
    while ids:
        layer = list(Patient.objects.filter(merged_into_id__in=ids).order_by("file_number"))
        found += layer
        ids = [one.id for one in layer]
    return found
