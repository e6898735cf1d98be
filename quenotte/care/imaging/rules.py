"""To whom an arriving picture belongs: filed on proof, otherwise left for a person to decide.

A picture in the wrong record may lead to the wrong treatment; one that waits in the tray
costs a click. Nothing here ever guesses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from quenotte.kernel.names import same_name


class Reason(StrEnum):
    """Why a picture waits in the tray. Values are stored."""

    DEVICE_UNKNOWN = "device_unknown"
    IDENTIFIER_MISSING = "identifier_missing"
    ISSUER_MISSING = "issuer_missing"
    ISSUER_FOREIGN = "issuer_foreign"
    FILE_NUMBER_UNKNOWN = "file_number_unknown"
    BIRTH_DATE_MISSING = "birth_date_missing"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    NAME_DIFFERS = "name_differs"
    SEX_DIFFERS = "sex_differs"
    TAKEN_AFTER_DEATH = "taken_after_death"
    STUDY_OF_ANOTHER = "study_of_another"
    OTHER_BYTES = "other_bytes"
    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    DROPPED_ON_ANOTHER = "dropped_on_another"
    TAKEN_OUT = "taken_out"


class Agreement(StrEnum):
    """Why a patient is proposed for a picture that waits."""

    FILE_NUMBER = "file_number"
    BIRTH_DATE = "birth_date"
    NAME = "name"
    STUDY = "study"


@dataclass(frozen=True)
class Arrival:
    """What the file says; nothing of it is trusted alone."""

    patient_id: str = ""
    issuer: str = ""
    name: str = ""
    born_on: date | None = None
    sex: str = ""
    taken_on: date | None = None


@dataclass(frozen=True)
class Candidate:
    """What we know of a patient who may be meant; each name is « family given »."""

    id: UUID
    file_number: int
    born_on: date
    sex: str
    names: tuple[str, ...]
    died_on: date | None = None


@dataclass(frozen=True)
class Surroundings:
    """What we know beside the file: the device, the study so far, earlier objects."""

    our_issuer: str
    is_device_recognised: bool
    study_patients: frozenset[UUID] = frozenset()
    has_other_bytes: bool = False


@dataclass(frozen=True)
class Match:
    """Where a picture goes: to a patient, or to the tray with the reasons."""

    patient_id: UUID | None
    reasons: tuple[Reason, ...]
    proof: tuple[str, ...] = ()

    @property
    def is_filed(self) -> bool:
        """Tell whether the picture goes straight into a record."""
        return self.patient_id is not None


@dataclass(frozen=True)
class Proposal:
    """A patient who may be meant, with what speaks for and against."""

    patient_id: UUID
    agreements: tuple[Agreement, ...]
    contradictions: tuple[Reason, ...]


_SEXES: Final = frozenset({"F", "M"})
_LONGEST_NUMBER: Final = 10
#: What was compared and found equal when a picture was filed by itself.
_PROOF: Final = ("file_number", "issuer", "birth_date")


def match(arrival: Arrival, candidates: Iterable[Candidate], around: Surroundings) -> Match:
    """Decide whether a picture is proved to be one patient's.

    Filed only when the device is recognised, PatientID and its issuer are ours, the birth
    date is present and equal, and nothing contradicts. A missing name contradicts nothing.

    Source: DICOM PS3.3 C.2.2 (PatientID is unique within its issuer only).
    """
    meant = [each for each in candidates if is_number_of(each, arrival.patient_id)]
    reasons = [*_device_reasons(around), *_identifier_reasons(arrival, around.our_issuer)]
    if len({each.id for each in meant}) != 1:
        if arrival.patient_id and Reason.ISSUER_FOREIGN not in reasons:
            reasons.append(Reason.FILE_NUMBER_UNKNOWN)
        if arrival.born_on is None:
            reasons.append(Reason.BIRTH_DATE_MISSING)
        return Match(None, (*reasons, *_object_reasons(around, None)))
    # Two records of one person that were united: the device may know her as either said.
    patient = min(meant, key=lambda each: len(contradictions(arrival, each)))
    if Reason.ISSUER_FOREIGN not in reasons:
        # The number of somebody else's list says nothing about our patient.
        reasons += contradictions(arrival, patient)
    if arrival.born_on is None:
        reasons.append(Reason.BIRTH_DATE_MISSING)
    reasons += _object_reasons(around, patient)
    if reasons:
        return Match(None, tuple(reasons))
    names = ("name",) if arrival.name.strip() else ()
    return Match(patient.id, (), (*_PROOF, *names))


def is_number_of(candidate: Candidate, patient_id: str) -> bool:
    """Tell whether a PatientID is exactly this patient's file number."""
    return patient_id == str(candidate.file_number)


def file_numbers(patient_ids: Iterable[str]) -> frozenset[int]:
    """Return the file numbers that PatientIDs may mean, once spaces and zeros are dropped."""
    digits = (each.strip().lstrip("0") for each in patient_ids)
    return frozenset(
        int(each)
        for each in digits
        if len(each) <= _LONGEST_NUMBER and each.isascii() and each.isdigit()
    )


def contradictions(arrival: Arrival, patient: Candidate) -> list[Reason]:
    """Return what the file says that cannot be true of this patient."""
    found = []
    if arrival.born_on is not None and arrival.born_on != patient.born_on:
        found.append(Reason.BIRTH_DATE_DIFFERS)
    if arrival.name.strip() and not has_name(patient, arrival.name):
        found.append(Reason.NAME_DIFFERS)
    if {arrival.sex, patient.sex} == _SEXES:
        found.append(Reason.SEX_DIFFERS)
    if arrival.taken_on and patient.died_on and arrival.taken_on > patient.died_on:
        found.append(Reason.TAKEN_AFTER_DEATH)
    return found


def dropped_contradictions(
    arrival: Arrival, patient: Candidate, our_issuer: str
) -> tuple[Reason, ...]:
    """Return why a file that a person drops on a record does not seem to belong there."""
    found = contradictions(arrival, patient)
    is_ours = arrival.issuer.strip() == our_issuer and bool(arrival.patient_id.strip())
    if found or (is_ours and not is_number_of(patient, arrival.patient_id.strip())):
        return (Reason.DROPPED_ON_ANOTHER, *found)
    return ()


def has_name(patient: Candidate, name: str) -> bool:
    """Tell whether a name is the patient's; birth name and used name both count."""
    return any(same_name(name, each) for each in patient.names)


def propose(
    arrival: Arrival, candidates: Sequence[Candidate], around: Surroundings
) -> list[Proposal]:
    """Return the patients who may be meant, the likeliest first; a person chooses.

    A name alone, or a birth date alone, proposes nobody.
    """
    found = []
    for patient in candidates:
        agreed = _agreements(arrival, patient, around)
        if agreed & {Agreement.FILE_NUMBER, Agreement.STUDY} or agreed >= {
            Agreement.NAME,
            Agreement.BIRTH_DATE,
        }:
            ordered = tuple(each for each in Agreement if each in agreed)
            found.append(Proposal(patient.id, ordered, tuple(contradictions(arrival, patient))))
    return sorted(found, key=lambda it: (len(it.contradictions), -len(it.agreements)))


def _agreements(arrival: Arrival, patient: Candidate, around: Surroundings) -> set[Agreement]:
    agreed = set()
    is_foreign = bool(arrival.issuer.strip()) and arrival.issuer.strip() != around.our_issuer
    if not is_foreign and patient.file_number in file_numbers([arrival.patient_id]):
        agreed.add(Agreement.FILE_NUMBER)
    if arrival.born_on == patient.born_on:
        agreed.add(Agreement.BIRTH_DATE)
    if patient.id in around.study_patients:
        agreed.add(Agreement.STUDY)
    # Last: comparing names costs most, and a name alone says nothing.
    if agreed and arrival.name.strip() and has_name(patient, arrival.name):
        agreed.add(Agreement.NAME)
    return agreed


def _device_reasons(around: Surroundings) -> list[Reason]:
    return [] if around.is_device_recognised else [Reason.DEVICE_UNKNOWN]


def _identifier_reasons(arrival: Arrival, our_issuer: str) -> list[Reason]:
    if not arrival.patient_id:
        return [Reason.IDENTIFIER_MISSING]
    if not arrival.issuer:
        return [Reason.ISSUER_MISSING]
    return [] if arrival.issuer == our_issuer else [Reason.ISSUER_FOREIGN]


def _object_reasons(around: Surroundings, patient: Candidate | None) -> list[Reason]:
    found = []
    # Without a patient meant, the study's other pictures are a hint and no contradiction.
    if patient and around.study_patients - {patient.id}:
        found.append(Reason.STUDY_OF_ANOTHER)
    if around.has_other_bytes:
        found.append(Reason.OTHER_BYTES)
    return found
