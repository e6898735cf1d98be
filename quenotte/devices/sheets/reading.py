"""Reading a table line by line: what each program wrote, as plain text."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from quenotte.devices.sheets import old_workbooks
from quenotte.devices.sheets.encodings import guess_encoding
from quenotte.devices.sheets.layouts import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    BrokenTable,
    EmptyTable,
    Layout,
    TooManyRows,
    WrongEncoding,
    kind_of,
)

Row = tuple[int, list[str]]

_SAMPLE_BYTES: Final = 400_000
#: Signs taken at once: a file without an end of line must not fill the memory.
_LONGEST_LINE: Final = 1_000_000
_DELIMITERS: Final = (";", "\t", ",", "|")
#: What a broken workbook raises, deep inside; none of it is ours.
_TROUBLES: Final = (
    zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError, TypeError,
    IndexError, AttributeError, OSError, EOFError, NotImplementedError,
)  # fmt: skip


def guess_layout(path: Path) -> Layout:
    """Return how a file is probably to be read; the lines of headers are guessed elsewhere.

    Raises: UnreadableTable.
    """
    if (kind := kind_of(path)) != "csv":
        return Layout(kind, sheet=sheet_names(path)[0])
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE_BYTES)
    encoding = guess_encoding(sample, is_whole=len(sample) < _SAMPLE_BYTES)
    return Layout("csv", encoding=encoding, delimiter=guess_delimiter(sample, encoding))


def guess_delimiter(sample: bytes, encoding: str) -> str:
    """Return the sign that cuts most lines into the same number of cells."""
    text = sample.decode(encoding, errors="replace")
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def regularity(delimiter: str) -> tuple[int, int]:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=regularity)


def sheet_names(path: Path) -> list[str]:
    """Return the sheets of a workbook, the visible ones first.

    Raises: BrokenTable, EmptyTable; of an old workbook OldExcel, ProtectedWorkbook, TooBig.
    """
    if kind_of(path) == "xls":
        return old_workbooks.names_of(path)
    with _opened(path) as book:
        sheets = [one for one in book.worksheets if hasattr(one, "iter_rows")]
        names = [one.title for one in sorted(sheets, key=lambda one: one.sheet_state != "visible")]
    if not names:
        raise EmptyTable
    return names


def read_rows(path: Path, layout: Layout, *, limit: int | None = None) -> Iterator[Row]:
    """Yield (line, cells) of the lines that hold something, the lines numbered from 1.

    Cells are text without spaces around: days as 03/04/1985, whole numbers without decimals.
    With ``limit``, only the first lines.

    Raises: WrongEncoding, BrokenTable, TooManyRows while it is read.
    """
    rows = _READERS[layout.kind](path, layout)
    for found, (line, cells) in enumerate(rows):
        if found == limit:
            return
        if found >= MAX_ROWS:
            raise TooManyRows
        yield line, cells


def _csv_rows(path: Path, layout: Layout) -> Iterator[Row]:
    csv.field_size_limit(1_000_000)
    with path.open("rb") as raw:
        # The encoding is told by a person: what it cannot read must not stop the others.
        text = io.TextIOWrapper(raw, encoding=layout.encoding, errors="replace", newline="")
        lines = iter(lambda: text.readline(_LONGEST_LINE).replace("\0", ""), "")
        reader = csv.reader(lines, delimiter=layout.delimiter)
        try:
            for cells in reader:
                tidy = [cell[:MAX_CELL].strip() for cell in cells[:MAX_COLUMNS]]
                if any(tidy):
                    yield reader.line_num, tidy
        except csv.Error as error:
            raise BrokenTable from error
        except UnicodeError as error:
            raise WrongEncoding from error


def _workbook_rows(path: Path, layout: Layout) -> Iterator[Row]:
    with _opened(path) as book:
        sheet = book[layout.sheet]
        # The size that the file declares is not believed: it may be a million lines.
        sheet.reset_dimensions()
        yield from _shown(sheet.iter_rows(values_only=True))


def _old_rows(path: Path, layout: Layout) -> Iterator[Row]:
    return _shown(old_workbooks.values_of(path, layout.sheet))


def _shown(rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    for line, cells in enumerate(rows, start=1):
        if line > 2 * MAX_ROWS:
            raise TooManyRows
        tidy = [as_text(cell) for cell in cells[:MAX_COLUMNS]]
        if any(tidy):
            yield line, tidy


_READERS: Final = {"csv": _csv_rows, "xlsx": _workbook_rows, "xls": _old_rows}


def as_text(value: Any) -> str:
    """Return what a cell of a workbook shows a French reader."""
    if value is None:
        return ""
    for kind, shown in _SHOWN.items():
        if isinstance(value, kind):
            return shown(value)
    return str(value)[:MAX_CELL].strip()


def _moment(value: datetime) -> str:
    return f"{value:%d/%m/%Y %H:%M}" if value.time() != time() else f"{value:%d/%m/%Y}"


def _length(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.10g}".replace(".", ",")


#: In this order: a moment is a day too, and yes is a number.
_SHOWN: Final[dict[type, Callable[[Any], str]]] = {
    bool: lambda value: "oui" if value else "non",
    datetime: _moment,
    date: lambda value: f"{value:%d/%m/%Y}",
    time: lambda value: f"{value:%H:%M}",
    timedelta: _length,
    float: _number,
}


def _measure_nothing(_sheet: Any) -> None:
    """Leave the size of a sheet unknown."""


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook to be read line by line. Raises: BrokenTable for what happens inside."""
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    # It would read a whole sheet to know how long it is; we ask for its lines, and stop.
    ReadOnlyWorksheet._get_size = _measure_nothing
    try:
        with path.open("rb") as stream:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except _TROUBLES as error:
        raise BrokenTable from error
