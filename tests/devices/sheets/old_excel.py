"""Workbooks of Excel before 2007, as another library writes them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlwt


def old_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return a workbook (BIFF8) with these sheets; days and times are shown as such."""
    book = xlwt.Workbook(encoding="utf-8")
    shown = {date: "DD/MM/YYYY", datetime: "DD/MM/YYYY HH:MM", time: "HH:MM"}
    styles = {kind: xlwt.easyxf(num_format_str=form) for kind, form in shown.items()}
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(at, place, value, styles.get(type(value), xlwt.Style.default_style))
    out = BytesIO()
    book.save(out)
    return out.getvalue()
