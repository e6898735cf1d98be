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
_FIELDS = Patient._meta.concrete_fields
_COLUMNS = [str(field.column) for field in _FIELDS]
_ID, _NUMBER = _COLUMNS.index("id"), _COLUMNS.index("file_number")
#: Built of the names of our columns; every value is a parameter.
_INSERT_PATIENT = "INSERT INTO care_patient ({}) VALUES ({})".format(  # noqa: S608
    ", ".join(_COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
)
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


@dataclass(frozen=True)
class Prepared:
    """Records as the database takes them, all but their file numbers."""

    practice_id: UUID
    rows: list[tuple[list[Any], list[str]]]
    relatives: list[RelatedPerson]


def prepare_many(practice_id: UUID, records: Iterable[NewRecord]) -> Prepared:
    """Make ready what ``store_many`` writes: the long part, before any transaction.

    On SQLite a transaction holds off everybody else who writes: only the insertion is in it.
    """
    rows, relatives = [], []
    for record in records:
        patient = Patient(id=record.id, practice_id=practice_id, file_number=0, **record.values)
        rows.append((_row(patient), record.keys))
        if record.related_id:
            relatives.append(
                RelatedPerson(
                    id=record.related_id,
                    patient_id=record.id,
                    relation=RelatedPerson.Relation.INSURED,
                    full_name=record.insured_name,
                    nir=record.insured_nir,
                )
            )
    return Prepared(practice_id, rows, relatives)


def store_many(prepared: Prepared) -> Iterator[int]:
    """Write prepared records with the next file numbers, in the caller's transaction.

    Yields how many are written so far; the caller writes the line of the journal, one for all.
    """
    number = draw_file_numbers(prepared.practice_id, len(prepared.rows))
    remaining, done = iter(prepared.rows), 0
    while batch := list(islice(remaining, _BATCH)):
        for row, _keys in batch:
            row[_NUMBER] = number
            number += 1
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT_PATIENT, [row for row, _keys in batch])
        _insert_keys(_param(prepared.practice_id), batch)
        done += len(batch)
        yield done
    RelatedPerson.objects.bulk_create(prepared.relatives, batch_size=_BATCH)


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


def _row(patient: Patient) -> list[Any]:
    """Return the columns of a patient as the database driver takes them."""
    return [
        field.get_db_prep_save(field.pre_save(patient, add=True), connection) for field in _FIELDS
    ]


def _insert_keys(practice: Any, batch: list[tuple[list[Any], list[str]]]) -> None:
    """Plain SQL: the ORM takes longer to write a quarter of a million rows than to store them."""
    rows: list[Any] = []
    for row, keys in batch:
        for key in (*keys, f"{lookups.FILE}{row[_NUMBER]}"):
            rows += (practice, row[_ID], key[0], key[1:])
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 4 * _BATCH):
            some = rows[start : start + 4 * _BATCH]
            places = ", ".join(["(%s, %s, %s, %s)"] * (len(some) // 4))
            cursor.execute(_INSERT_KEYS + places, some)


def _param(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex
