"""Workbooks of Excel before 2007 (.xls, BIFF), which official files still come in.

Nothing in them is compressed, so that the size of the file bounds what they make of the memory:
one sheet is held at a time, and its lines only as far as they hold something.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from quenotte.devices.sheets.layouts import OldExcel, ProtectedWorkbook, TooBig

#: Largest of these files, in bytes: a cell takes thirty times what it takes on the disk.
MAX_OLD_BYTES: Final = 20_000_000
_DAY: Final = 1


def names_of(path: Path) -> list[str]:
    """Return the sheets of a workbook. Raises: OldExcel, ProtectedWorkbook, TooBig."""
    with _opened(path) as book:
        names: list[str] = book.sheet_names()
    return names


def values_of(path: Path, sheet: str) -> Iterator[list[Any]]:
    """Yield the cells of each line: text, numbers, moments, spans of time, yes or no, None.

    Raises: OldExcel, ProtectedWorkbook, TooBig.
    """
    with _opened(path) as book:
        found = book.sheet_by_name(sheet)
        for line in range(found.nrows):
            yield [_value(cell, book.datemode) for cell in found.row(line)]


def _value(cell: Any, datemode: int) -> Any:
    """Return what a cell holds; an error (« #N/A ») is nothing."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        # A time of no day is a part of one.
        if cell.value < _DAY:
            return timedelta(days=cell.value)
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return cell.value if cell.ctype in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER} else None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook; whatever its reader meets inside is told in words."""
    import xlrd

    if path.stat().st_size > MAX_OLD_BYTES:
        raise TooBig
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        try:
            # Ragged: a line is as long as what it holds, whatever the sheet says of its width.
            with xlrd.open_workbook(
                file_contents=path.read_bytes(), logfile=nowhere, on_demand=True, ragged_rows=True
            ) as book:
                yield book
        except (OldExcel, GeneratorExit):
            raise
        except Exception as error:
            # Its reader trusts what it reads: a broken one raises anything.
            raise (ProtectedWorkbook if "encrypted" in str(error) else OldExcel) from error
