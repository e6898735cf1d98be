"""Thousands of records at once, and their removal when nothing was added to them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from quenotte.base.practice.operations import draw_file_numbers
from quenotte.care.patients import holdings, lookups
from quenotte.care.patients.models import Patient, RelatedPerson, SearchKey

_BATCH = 500
_INSERT_KEYS = "INSERT INTO care_searchkey (practice_id, patient_id, kind, key) VALUES "


@dataclass(frozen=True)
class NewRecord:
    """A record to make: values of its columns, the keys that ``keys_for`` gave, its insured."""

    values: Mapping[str, Any]
    keys: list[str]
    insured_nir: str = ""
    insured_name: str = ""
    id: UUID = field(default_factory=uuid4)
    related_id: UUID | None = None


def keys_for(values: Mapping[str, Any], born_on: date) -> list[str]:
    """Return the keys that will find a record, without the file number that it has not yet.

    Each is its kind and the key in one word, as it is staged before the record exists.
    """
    found = lookups.keys_of(
        surnames=(values["birth_name"], values.get("used_name", "")),
        first_names=(
            values["birth_first_names"],
            values["first_birth_first_name"],
            values.get("used_first_name", ""),
        ),
        phones=(values.get("mobile_phone", ""), values.get("other_phone", "")),
        born_on=born_on,
        file_number=0,
    )
    return sorted(kind + key for kind, key in found if kind != lookups.FILE)


def create_many(practice_id: UUID, records: Iterable[NewRecord], count: int) -> Iterator[UUID]:
    """Make records with the next file numbers, inside the caller's transaction; yield their ids.

    Twenty thousand take a few seconds: the caller writes the line of the journal, one for all.
    """
    number = draw_file_numbers(practice_id, count)
    remaining = iter(records)
    while batch := list(islice(remaining, _BATCH)):
        patients = []
        for record in batch:
            patients.append(
                Patient(id=record.id, practice_id=practice_id, file_number=number, **record.values)
            )
            number += 1
        Patient.objects.bulk_create(patients)
        _insert_keys(practice_id, zip(patients, batch, strict=True))
        RelatedPerson.objects.bulk_create(
            RelatedPerson(
                id=record.related_id,
                patient_id=record.id,
                relation=RelatedPerson.Relation.INSURED,
                full_name=record.insured_name,
                nir=record.insured_nir,
            )
            for record in batch
            if record.related_id
        )
        yield from (record.id for record in batch)


def touched_among(
    ids: list[UUID], *, but: frozenset[str], own_relatives: frozenset[UUID]
) -> set[UUID]:
    """Return those of these records that somebody changed, or to which something was added.

    ``but`` are the tables (« care.Note.patient ») that do not count, ``own_relatives`` the
    related people that came with the records.
    """
    touched = holdings.owners_among(ids, but=but | {"care.RelatedPerson.patient"})
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        rows = Patient.objects.filter(id__in=some)
        touched.update(rows.exclude(version=1).values_list("id", flat=True))
        touched.update(rows.exclude(photo=None).values_list("id", flat=True))
        touched.update(
            Patient.objects.filter(merged_into_id__in=some).values_list("merged_into_id", flat=True)
        )
        related = RelatedPerson.objects.filter(patient_id__in=some)
        touched.update(
            owner
            for related_id, owner in related.values_list("id", "patient_id")
            if related_id not in own_relatives
        )
    return touched


def remove_untouched(ids: list[UUID]) -> None:
    """Take back records that an import made and nobody touched, inside the caller's transaction.

    Raises: IntegrityError at the latest when the transaction ends, when something was added
    meanwhile: nothing is then removed.
    """
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        for model, column in ((SearchKey, "patient_id"), (RelatedPerson, "patient_id")):
            _delete(model.objects.filter(**{f"{column}__in": some}))
        _delete(Patient.objects.filter(id__in=some))


def _delete(rows: Any) -> None:
    # The collector would look into every table that points here, thousands of times; the
    # database refuses by itself what must not go.
    rows._raw_delete(rows.db)


def _insert_keys(practice_id: UUID, pairs: Iterable[tuple[Patient, NewRecord]]) -> None:
    """Plain SQL: the ORM takes longer to write a quarter of a million rows than to store them."""
    rows: list[Any] = []
    practice = _param(practice_id)
    for patient, record in pairs:
        owner = _param(patient.id)
        for key in (*record.keys, f"{lookups.FILE}{patient.file_number}"):
            rows += (practice, owner, key[0], key[1:])
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 4 * _BATCH):
            some = rows[start : start + 4 * _BATCH]
            places = ", ".join(["(%s, %s, %s, %s)"] * (len(some) // 4))
            cursor.execute(_INSERT_KEYS + places, some)


def _param(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex
