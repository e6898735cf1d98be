"""What is asked of pictures and devices."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from quenotte.base.practice import queries as practices
from quenotte.base.prepared import prepared
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.rules import (
    Arrival,
    Candidate,
    Proposal,
    Surroundings,
    file_numbers,
    propose,
)
from quenotte.care.patients import queries as patients

if TYPE_CHECKING:
    from quenotte.base.practice.models import Practice
    from quenotte.care.patients.models import Patient

#: Pictures that the tray shows at once.
TRAY_PAGE = 40


@dataclass(frozen=True)
class Suggestion:
    """A proposal with the patient it names."""

    patient: "Patient"
    proposal: Proposal


@dataclass(frozen=True)
class Waiting:
    """One row of the tray."""

    picture: Picture
    suggestions: list[Suggestion]


def practice_of(ae_title: str) -> "Practice | None":
    """Return the practice that an object of this sender belongs to.

    The practice of the device's row, a recognised one first. A sender that nobody knows
    falls to the only practice, or to the oldest one of a group: its tray is where people
    look first, and a picture must land somewhere.
    """
    known = (
        Device.objects.filter(ae_title=ae_title)
        .select_related("practice")
        .order_by("-is_recognised", "practice__created_at")
        .first()
    )
    return known.practice if known else practices.first_practice()


def candidates(found: Iterable["Patient"]) -> list[Candidate]:
    """Return what the rules need to know of these patients."""
    return [candidate(patient) for patient in found]


def candidate(patient: "Patient") -> Candidate:
    """Return what the rules need to know of a patient: all names she goes by."""
    families = (patient.birth_name, patient.used_name)
    givens = (
        patient.first_birth_first_name,
        patient.birth_first_names,
        patient.used_first_name,
    )
    names = {f"{family} {given}" for family in families if family for given in givens if given}
    return Candidate(
        id=patient.id,
        file_number=patient.file_number,
        born_on=patient.born_on,
        sex=patient.sex,
        names=tuple(sorted(names)),
        died_on=patient.died_on,
    )


def meant_by(practice_id: UUID, patient_id: str) -> list[Candidate]:
    """Return the patients whose file number this PatientID may be.

    The number of a record that was united with another means that one, and a device may know
    her by what either record said.
    """
    numbers = _storable(file_numbers([patient_id]))
    if not numbers:
        return []
    return [
        each
        for record, patient in patients.with_file_numbers(practice_id, numbers)
        for each in _known_by(record, patient)
    ]


def known_as(patient: "Patient") -> list[Candidate]:
    """Return what the rules need to know of a patient and of the records united with hers."""
    former = (_known_by(record, patient) for record in patients.absorbed_by(patient.id))
    return [candidate(patient), *(each for some in former for each in some)]


def _known_by(record: "Patient", patient: "Patient") -> list[Candidate]:
    """Return a patient under the number of a record: with its traits, and with her own."""
    said = candidate(record)
    if record.id == patient.id:
        return [said]
    own = replace(candidate(patient), file_number=record.file_number)
    return [replace(said, id=patient.id), own]


def patients_of_study(practice_id: UUID, study_uid: str) -> frozenset[UUID]:
    """Return the patients to whom pictures of this study are already filed."""
    if not study_uid:
        return frozenset()
    found = Picture.objects.filter(
        practice_id=practice_id, study_uid=study_uid, state=Picture.State.FILED
    )
    ids = found.order_by().values_list("patient_id", flat=True).distinct()
    return frozenset(each for each in ids if each)


def arrival(picture: Picture) -> Arrival:
    """Return what the file of a picture says."""
    header = picture.header
    born_on = header.get("born_on")
    return Arrival(
        patient_id=header.get("patient_id", ""),
        issuer=header.get("issuer", ""),
        name=header.get("patient_name", ""),
        born_on=date.fromisoformat(born_on) if born_on else None,
        sex=header.get("sex", ""),
        taken_on=picture.taken_at.date() if picture.taken_at else None,
    )


def patient_of(picture_id: UUID) -> UUID | None:
    """Return whose record a picture is in; None while it waits, or for no picture."""
    found = Picture.objects.filter(id=picture_id)
    return found.values_list("patient_id", flat=True).first()


def strip(patient_id: UUID) -> QuerySet[Picture]:
    """Return the pictures of a patient, newest first, without what only their own page shows."""
    return (
        Picture.objects.filter(patient_id=patient_id, state=Picture.State.FILED)
        .select_related("device")
        .defer("proof", "header", "reasons")
        .order_by("-taken_at", "-received_at", "id")
    )


@prepared
def newest(patient_id: UUID, *, limit: int) -> QuerySet[Picture]:
    """Return the first pictures of the strip; a prepared read."""
    return strip(patient_id)[:limit]


def neighbours(picture: Picture) -> tuple[UUID | None, UUID | None]:
    """Return the ids of the pictures before (newer) and after (older) in the same record."""
    if picture.patient_id is None:
        return None, None
    ids = list(strip(picture.patient_id).values_list("id", flat=True))
    at = ids.index(picture.id) if picture.id in ids else 0
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


def tray(practice: "Practice", *, aside: bool = False, offset: int = 0) -> list[Waiting]:
    """Return a page of the tray with the patients who may be meant: 4 queries in all."""
    state = Picture.State.ASIDE if aside else Picture.State.TRAY
    pictures = list(
        Picture.objects.filter(practice=practice, state=state)
        .select_related("device")
        .order_by("-received_at", "id")[offset : offset + TRAY_PAGE]
    )
    return _with_suggestions(practice, pictures)


def waiting(practice: "Practice", picture: Picture) -> Waiting:
    """Return one row of the tray with its suggestions."""
    return _with_suggestions(practice, [picture])[0]


def tray_count(practice_id: UUID) -> int:
    """Return how many pictures wait in the tray."""
    return Picture.objects.filter(practice_id=practice_id, state=Picture.State.TRAY).count()


@dataclass(frozen=True)
class Standing:
    """What somebody should look at: pictures left in the tray, devices that nobody recognised."""

    forgotten: int
    strangers: int


def standing(practice_id: UUID, now: datetime) -> Standing:
    """Count the pictures that wait since more than a day, and the unknown devices."""
    waiting = Picture.objects.filter(
        practice_id=practice_id,
        state=Picture.State.TRAY,
        received_at__lt=now - timedelta(days=1),
    )
    strangers = Device.objects.filter(practice_id=practice_id, is_recognised=False)
    return Standing(waiting.count(), strangers.count())


def aside_count(practice_id: UUID) -> int:
    """Return how many pictures were set aside."""
    return Picture.objects.filter(practice_id=practice_id, state=Picture.State.ASIDE).count()


def devices(practice_id: UUID, *, since: datetime) -> QuerySet[Device]:
    """Return the devices, the unknown ones first, with `pictures_today` since that instant."""
    today = Count("pictures", filter=Q(pictures__received_at__gte=since))
    return (
        Device.objects.filter(practice_id=practice_id)
        .select_related("chair__room")
        .annotate(pictures_today=today)
        .order_by("is_recognised", "name", "id")
    )


def device(practice_id: UUID, device_id: UUID) -> Device | None:
    """Return a device of this practice, or None."""
    return Device.objects.filter(practice=practice_id, id=device_id).first()


def without_thumbnail(*, before: datetime, limit: int) -> list[UUID]:
    """Return pictures received before that instant that still lack their thumbnail."""
    found = Picture.objects.filter(
        thumbnail__isnull=True, is_thumbnail_impossible=False, received_at__lt=before
    )
    return list(found.order_by("-received_at").values_list("id", flat=True)[:limit])


def _with_suggestions(practice: "Practice", pictures: Sequence[Picture]) -> list[Waiting]:
    said = {picture.id: arrival(picture) for picture in pictures}
    studies = _patients_of_studies(practice.id, {picture.study_uid for picture in pictures})
    of_studies = frozenset[UUID]().union(*studies.values())
    pool = {each.id: each for each in _pool(practice.id, said.values(), of_studies)}
    known = candidates(pool.values())
    rows = []
    for picture in pictures:
        around = Surroundings(
            our_issuer=practice.dicom_issuer,
            is_device_recognised=bool(picture.device and picture.device.is_recognised),
            study_patients=studies.get(picture.study_uid, frozenset()),
        )
        found = propose(said[picture.id], known, around)
        rows.append(Waiting(picture, [Suggestion(pool[it.patient_id], it) for it in found[:3]]))
    return rows


def _pool(
    practice_id: UUID, said: Iterable[Arrival], of_studies: frozenset[UUID]
) -> Iterable["Patient"]:
    """Return every patient whom one of these files may mean."""
    said = list(said)
    numbers = _storable(file_numbers(each.patient_id for each in said))
    days = {each.born_on for each in said if each.born_on and each.name}
    return patients.of_practice(practice_id).filter(
        Q(file_number__in=numbers) | Q(born_on__in=days) | Q(id__in=of_studies)
    )


def _patients_of_studies(practice_id: UUID, studies: set[str]) -> dict[str, frozenset[UUID]]:
    found: dict[str, set[UUID]] = {}
    pairs = (
        Picture.objects.filter(
            practice_id=practice_id, study_uid__in=studies - {""}, state=Picture.State.FILED
        )
        .order_by()
        .values_list("study_uid", "patient_id")
        .distinct()
    )
    for study, patient_id in pairs:
        if patient_id:
            found.setdefault(study, set()).add(patient_id)
    return {study: frozenset(ids) for study, ids in found.items()}


def _storable(numbers: Iterable[int]) -> list[int]:
    # A device may send any digits: what no file number can be would upset PostgreSQL.
    return [number for number in numbers if 0 < number < 2**31]


def files_of(patient_ids: Iterable[UUID]) -> Iterator[str]:
    """Yield the digests of some patients' pictures, the newest first, each after its thumbnail."""
    yield from _files(Picture.objects.filter(patient_id__in=list(patient_ids)))


def newest_files() -> Iterator[str]:
    """Yield the digests of every picture, the newest first."""
    yield from _files(Picture.objects.all())


def _files(pictures: QuerySet[Picture]) -> Iterator[str]:
    rows = pictures.order_by("-taken_at").values_list("thumbnail_id", "blob_id", "original_id")
    for row in rows.iterator():
        yield from filter(None, row)
