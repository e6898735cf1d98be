"""Reads of the imports: the list, one import, its lines; and what leaves with an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.files import operations as files
from quenotte.base.prepared import prepared
from quenotte.care.agenda import queries as agenda
from quenotte.care.patients import queries as patients
from quenotte.care.takeover import columns, wording
from quenotte.care.takeover.models import (
    Import,
    ImportedPatient,
    OpeningBalance,
    StagedRow,
)
from quenotte.care.takeover.progress import share_of
from quenotte.devices.sheets.layouts import Layout, UnreadableTable
from quenotte.devices.sheets.reading import read_rows, sheet_names
from quenotte.kernel.dates import day_and_clock

PAGE = 50
#: Lines of the file shown beside the choice of columns.
SAMPLE = 5


@dataclass(frozen=True)
class Sample:
    """The beginning of a file: names of columns, some lines, the sheets of a workbook."""

    headers: list[str]
    rows: list[list[str]]
    sheets: list[str]
    top: list[list[str]]

    def column(self, at: int) -> list[str]:
        """Return some cells of a column."""
        return [cells[at] for cells in self.rows if at < len(cells) and cells[at]][:3]


@dataclass(frozen=True)
class ShownRow:
    """A line as its table shows it."""

    row: StagedRow
    words: list[str]
    match: Any = None

    @property
    def who(self) -> str:
        """What the line says of a person or a moment, short."""
        values = self.row.values
        if not values:
            return " · ".join(cell for cell in self.row.cells[:6] if cell)
        names = (values.get("birth_name") or values.get("surname"), values.get("birth_first_names"))
        shown = (_day(values.get("born_on")), _day(values.get("starts")))
        return " · ".join(part for part in (" ".join(filter(None, names)), *shown) if part)


def _day(text: str | None) -> str:
    """Return a kept day, or moment, as people read it."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    return f"{moment:%d/%m/%Y}" if len(text) == 10 else day_and_clock(moment)


def imports_of(practice_id: UUID) -> list[Import]:
    """Return the imports of a practice, the latest first."""
    rows = Import.objects.filter(practice_id=practice_id).select_related("created_by")
    return list(rows[:100])


def one_import(practice_id: UUID, import_id: UUID) -> Import | None:
    """Return an import of a practice."""
    rows = Import.objects.filter(practice_id=practice_id, id=import_id)
    return rows.select_related("blob", "created_by").first()


def sample_of(source: Import) -> Sample:
    """Return the beginning of the file as its layout reads it; empty when it cannot be read."""
    layout, path = Layout.from_json(source.layout), files.local_path(source.blob)
    try:
        rows = [cells for _line, cells in read_rows(path, layout, limit=columns.SAMPLE_LINES)]
        sheets = sheet_names(path) if layout.kind != "csv" else []
    except UnreadableTable:
        return Sample([], [], [], [])
    headers = columns.headers_of(rows, layout.header_lines, source.kind)
    below = rows[layout.header_lines :]
    return Sample(headers, below[:SAMPLE], sheets, rows[: layout.header_lines + 2])


def progress_of(source: Import) -> tuple[int, int]:
    """Return how many lines the worker has done, of how many."""
    return share_of(source.id)


def page_of_rows(source: Import, state: str, number: int) -> Page[Any]:
    """Return a page of the lines that came to one end (« warned »: those with a remark)."""
    rows = StagedRow.objects.filter(source=source).order_by("line")
    rows = rows.filter(has_warning=True) if state == "warned" else rows.filter(state=state)
    return Paginator(rows, PAGE).get_page(number)


def shown(source: Import, rows: list[StagedRow]) -> list[ShownRow]:
    """Return lines in words, with the records that they look like."""
    today = timezone.localdate()
    ids = {row.match_id for row in rows if row.match_id}
    found = patients.found_rows(patients.of_practice(source.practice_id).filter(id__in=ids))
    known = {row[0]: patients.found_from(row, today) for row in found}
    return [
        ShownRow(row, words_of(source, row), known.get(row.match_id) if row.match_id else None)
        for row in rows
    ]


def words_of(source: Import, row: StagedRow) -> list[str]:
    """Return the remarks of a line in words."""
    refused = row.state == StagedRow.State.REFUSED
    return [wording.words_of(source.kind, remark, refused=refused) for remark in row.remarks]


def refused_rows(source: Import) -> Iterator[tuple[StagedRow, list[str]]]:
    """Yield the refused lines with why, in the order of the file."""
    rows = StagedRow.objects.filter(source=source, state=StagedRow.State.REFUSED).order_by("line")
    for row in rows.iterator(chunk_size=1_000):
        yield row, words_of(source, row)


def kept_after_undo(source: Import) -> list[Any]:
    """Return the records that stayed when an import was taken back, as lines of a list."""
    brought = ImportedPatient.objects.filter(source=source, is_created=True)
    ids = brought.values("patient_id")
    found = patients.found_rows(patients.of_practice(source.practice_id).filter(id__in=ids)[:200])
    today = timezone.localdate()
    return [patients.found_from(row, today) for row in found]


def balance_cents(patient_id: UUID) -> int | None:
    """Return what a patient owed in all when her records were taken over; None when nothing."""
    found = _amounts(patient_id)
    return sum(found) if found else None


@prepared
def _amounts(patient_id: UUID) -> QuerySet[OpeningBalance, int]:
    return OpeningBalance.objects.filter(patient_id=patient_id).values_list(
        "amount_cents", flat=True
    )


def balances(practice_id: UUID) -> Any:
    """Return the opening balances of a practice with their patients."""
    rows = OpeningBalance.objects.filter(patient__practice_id=practice_id)
    return rows.select_related("patient").order_by("patient__file_number", "as_of")


def appointments(practice_id: UUID) -> Any:
    """Return every appointment of a practice with its patient and practitioner."""
    return agenda.every(practice_id)
