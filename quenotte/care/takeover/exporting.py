"""The list for one who leaves: rows that our own import reads back, one at a time."""

import csv
import io
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import known_birth, shown_phone
from quenotte.care.takeover import queries, rules
from quenotte.care.takeover.targets import PATIENT_TARGETS, target

_CHUNK = 2_000
#: The columns of a patient, by what our import calls them; the headers are its labels.
_IN_OTHERS = {"full_name", "address_more"}
_PATIENT_KEYS = tuple(one.key for one in PATIENT_TARGETS if one.key not in _IN_OTHERS)
_WHOM = ("old_id", "name", "birth_first_names", "born_on")
KINDS = ("patients", "appointments", "balances")


def table(kind: str, practice_id: UUID) -> Iterator[list[Any]]:
    """Yield the lines of an export, the names of its columns first."""
    tables = {"patients": _patients, "appointments": _appointments, "balances": _balances}
    return tables[kind](practice_id)


def as_csv(lines: Iterable[list[Any]]) -> Iterator[bytes]:
    """Yield the bytes of a CSV that French spreadsheets open: UTF-8 with its mark, semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    yield "\ufeff".encode()
    for line in lines:
        writer.writerow([_cell(value) for value in line])
        if out.tell() > 65_536:
            yield _emptied(out)
    yield _emptied(out)


def as_workbook(lines: Iterable[list[Any]], title: str) -> Iterator[bytes]:
    """Yield the bytes of a workbook; it is written to the disk row by row, never held whole."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for line in lines:
        cells = [WriteOnlyCell(sheet, value=_cell(value)) for value in line]
        for cell in cells:
            # A text that begins like a formula stays a text.
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        sheet.append(cells)
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(65_536):
            yield chunk


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else ""
    if hasattr(value, "year"):
        return f"{value:%d/%m/%Y}"
    return str(value) if isinstance(value, Amount) else rules.neutral(str(value))


def _emptied(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _headers(kind: str, keys: Iterable[str]) -> list[str]:
    found = (target(kind, key) for key in keys)
    return [_(one.label) for one in found if one]


def _patients(practice_id: UUID) -> Iterator[list[Any]]:
    yield _headers("patients", _PATIENT_KEYS)
    rows = patients.with_insured(patients.of_practice(practice_id)).order_by("file_number")
    for patient in rows.iterator(_CHUNK):
        values = _values(patient)
        yield [values[key] for key in _PATIENT_KEYS]


def _values(patient: Any) -> dict[str, Any]:
    columns = {key: getattr(patient, key, "") for key in _PATIENT_KEYS}
    return columns | {
        "old_id": patient.file_number,
        "name": patient.used_name,
        "born_on": known_birth(patient.born_on),
        "mobile_phone": shown_phone(patient.mobile_phone),
        "other_phone": shown_phone(patient.other_phone),
        "nir": patient.ins_matricule,
    }


def _appointments(practice_id: UUID) -> Iterator[list[Any]]:
    keys = (*_WHOM, "day", "hour", "minutes", "title", "practitioner", "status")
    yield _headers("appointments", keys)
    for one in queries.appointments(practice_id).iterator(_CHUNK):
        starts = timezone.localtime(one.starts_at)
        yield [
            *_whom(one.patient),
            f"{starts:%d/%m/%Y}",
            f"{starts:%H:%M}",
            round((one.ends_at - one.starts_at).total_seconds() / 60),
            one.title,
            one.practitioner.full_name,
            one.get_status_display(),
        ]


def _balances(practice_id: UUID) -> Iterator[list[Any]]:
    yield _headers("balances", (*_WHOM, "amount", "as_of"))
    for one in queries.balances(practice_id).iterator(_CHUNK):
        sign = "-" if one.amount_cents < 0 else ""
        euros, cents = divmod(abs(one.amount_cents), 100)
        yield [*_whom(one.patient), Amount(f"{sign}{euros},{cents:02}"), one.as_of]


def _whom(patient: Any) -> list[Any]:
    return [
        patient.file_number,
        patient.used_name or patient.birth_name,
        patient.first_birth_first_name,
        known_birth(patient.born_on),
    ]


class Amount(str):
    """An amount that we wrote ourselves: a minus before digits is no formula."""

    __slots__ = ()
