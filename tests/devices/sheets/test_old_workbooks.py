"""Workbooks of Excel before 2007, written by a library that we did not write; bombs included."""

import resource
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pytest
import xlwt

from quenotte.devices.sheets import layouts, old_workbooks
from quenotte.devices.sheets.layouts import Layout, kind_of
from quenotte.devices.sheets.reading import guess_layout, read_rows, sheet_names
from tests.devices.sheets.old_excel import old_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.part"
    path.write_bytes(content)
    return path


def test_cells_are_what_a_reader_sees(tmp_path):
    row = ["  Éléonore ", 185044410912323, 1.5, date(1985, 4, 3), datetime(2026, 3, 17, 9, 30),
           time(9, 5), True, None, 12]  # fmt: skip
    path = written(tmp_path, old_workbook({"Notice": [["Lisez-moi"]], "Liste": [["Nom"], [], row]}))
    assert (kind_of(path), sheet_names(path)) == ("xls", ["Notice", "Liste"])
    assert guess_layout(path) == Layout("xls", sheet="Notice")
    assert list(read_rows(path, Layout("xls", sheet="Liste"))) == [
        (1, ["Nom"]),
        (3, ["Éléonore", "185044410912323", "1,5", "03/04/1985", "17/03/2026 09:30", "09:05", "oui",
             "", "12"]),
    ]  # fmt: skip


def test_error_of_a_sheet_is_an_empty_cell(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    sheet.write(0, 0, "Nom")
    sheet.row(0).set_cell_error(1, "#DIV/0!")
    out = BytesIO()
    book.save(out)
    path = written(tmp_path, out.getvalue())
    assert next(read_rows(path, guess_layout(path))) == (1, ["Nom", ""])


@pytest.mark.parametrize("cut", [99, 600, 2_000, 5_000])
def test_workbook_that_is_cut_is_refused(cut, tmp_path):
    path = written(tmp_path, old_workbook({"Liste": [["Nom"]] * 9})[:cut])
    with pytest.raises(layouts.OldExcel):
        list(read_rows(path, guess_layout(path)))


def test_document_that_is_no_workbook_is_refused(tmp_path):
    with pytest.raises(layouts.OldExcel):
        guess_layout(written(tmp_path, OLE + b"x" * 5_000))


def test_sheet_that_is_not_there_is_refused(tmp_path):
    path = written(tmp_path, old_workbook({"Liste": [["Nom"]]}))
    with pytest.raises(layouts.OldExcel):
        list(read_rows(path, Layout("xls", sheet="Autre")))


def test_encrypted_workbook_is_named(tmp_path):
    raw = bytearray(old_workbook({"Liste": [["Nom"]]}))
    # The record after the first one (BOF) becomes FILEPASS, as Excel 97 writes it: RC4.
    begin = raw.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    length = int.from_bytes(raw[begin + 2 : begin + 4], "little")
    raw[begin + 4 + length : begin + 6 + length] = b"\x2f\x00"
    with pytest.raises(layouts.ProtectedWorkbook):
        guess_layout(written(tmp_path, bytes(raw)))


def test_workbook_that_is_too_big_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(old_workbooks, "MAX_OLD_BYTES", 1_000)
    with pytest.raises(layouts.TooBig):
        guess_layout(written(tmp_path, old_workbook({"Liste": [["Nom"]]})))


def test_wide_and_deep_sheet_takes_little_memory(tmp_path):
    """The same long text in the last column of each line: kept once, and no cell before it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    text = "x" * 32_000
    for line in range(2_000):
        sheet.write(line, 255, text)
    out = BytesIO()
    book.save(out)
    path = written(tmp_path, out.getvalue())
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = read_rows(path, guess_layout(path))
    assert sum(len(cells) for _line, cells in rows) == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 40_000


@pytest.mark.parametrize("seed", range(40))
def test_any_damage_is_read_or_refused(seed, tmp_path):
    raw = bytearray(old_workbook({"Liste": [["Nom", n, 1.5] for n in range(30)]}))
    for turn in range(1 + seed % 4):
        raw[8 + (seed * 7_919 + turn * 104_729) % (len(raw) - 8)] ^= 1 << seed % 8
    path = written(tmp_path, bytes(raw))
    with suppress(layouts.UnreadableTable):
        list(read_rows(path, guess_layout(path)))
