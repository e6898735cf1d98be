"""The keys by which a patient is found, written beside her row."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from quenotte.care.patients import lookups, rules
from quenotte.care.patients.leads import absorbed_by
from quenotte.care.patients.models import Patient, RelatedPerson, SearchKey


def rebuild_search_keys(patient: Patient) -> None:
    """Write the search keys of one patient again, as her row and relatives say."""
    with transaction.atomic():
        write_search_keys(patient)


def rebuild_all_search_keys(practice_id: UUID | None = None, batch: int = 500) -> int:
    """Write every search key again (after an import, or when the rules of folding change).

    Returns the number of patients. One transaction for ``batch`` of them.
    """
    patients = Patient.objects.order_by("id")
    if practice_id:
        patients = patients.filter(practice_id=practice_id)
    ids = list(patients.values_list("id", flat=True))
    for start in range(0, len(ids), batch):
        with transaction.atomic():
            for patient in Patient.objects.filter(id__in=ids[start : start + batch]):
                write_search_keys(patient)
    return len(ids)


def search_keys_of(
    patient: Patient, related_phones: list[str], absorbed: Iterable[Patient] = ()
) -> list[SearchKey]:
    """Return the keys, not saved, by which this patient is found.

    The numbers and surnames of the records ``absorbed`` by hers keep finding her.
    """
    former = {(lookups.FILE, str(one.file_number)) for one in absorbed}
    return [
        SearchKey(practice_id=patient.practice_id, patient=patient, kind=kind, key=key)
        for kind, key in sorted(
            former
            | lookups.keys_of(
                surnames=(
                    patient.birth_name,
                    patient.used_name,
                    *(name for one in absorbed for name in (one.birth_name, one.used_name)),
                ),
                first_names=(
                    patient.birth_first_names,
                    patient.first_birth_first_name,
                    patient.used_first_name,
                ),
                phones=(patient.mobile_phone, patient.other_phone, *related_phones),
                born_on=rules.known_birth(patient.born_on),
                file_number=patient.file_number,
            )
        )
    ]


def write_search_keys(patient: Patient) -> None:
    """Write the keys of one patient again, in the caller's transaction; none when absorbed."""
    phones = list(
        RelatedPerson.objects.filter(patient=patient, ended_at=None).values_list("phone", flat=True)
    )
    SearchKey.objects.filter(patient=patient).delete()
    if patient.merged_into_id is None:
        SearchKey.objects.bulk_create(search_keys_of(patient, phones, absorbed_by(patient.id)))
