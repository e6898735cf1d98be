"""Files that people will ask for first when a practice comes back from a copy."""

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from quenotte.care.agenda.queries import patients_by_nearness
from quenotte.care.documents import queries as documents
from quenotte.care.imaging import queries as imaging
from quenotte.care.patients import queries as patients

#: Patients whose files are looked up at once: those of a morning.
_AT_ONCE = 20


def files_by_nearness() -> Iterator[str]:
    """Yield digests: the files of today's patients, of the next days', then of the others."""
    near = list(dict.fromkeys(patients_by_nearness(timezone.localtime())))
    for first in range(0, len(near), _AT_ONCE):
        yield from _files_of(near[first : first + _AT_ONCE])
    yield from imaging.newest_files()


def _files_of(patient_ids: list[UUID]) -> Iterator[str]:
    yield from patients.face_files(patient_ids)
    yield from imaging.files_of(patient_ids)
    yield from documents.files_of(patient_ids)
