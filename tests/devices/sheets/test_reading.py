"""Tables of other programs, the broken ones and the bombs included; no Django."""

import resource
import struct
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from quenotte.devices.sheets import layouts
from quenotte.devices.sheets.encodings import guess_encoding
from quenotte.devices.sheets.layouts import Layout, kind_of
from quenotte.devices.sheets.reading import as_text, guess_layout, read_rows, sheet_names

FRENCH = "Nom;Prénom;Ville\nDURAND;Hélène;Orléans\nLEFÈVRE;François;Besançon\nMuller;Zoé;Nîmes\n"


def written(folder: Path, content: bytes, name: str = "a.part") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def workbook(rows: list[list[Any]], title: str = "Patients") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(raw: bytes, **replaced: bytes) -> bytes:
    """Return the workbook with the content of some parts replaced (name without folders)."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            key = Path(part.filename).stem
            new.writestr(part.filename, replaced.pop(key, old.read(part)))
        for key, content in replaced.items():
            new.writestr(f"xl/{key}.xml", content)
    return out.getvalue()


_OOXML = "http://schemas.openxmlformats.org"


def with_shared_texts(texts: bytes) -> bytes:
    """Return a workbook as Excel writes it: its cells point at texts kept apart."""
    raw = workbook([["a"], ["b"]])
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        types = archive.read("[Content_Types].xml").decode()
        links = archive.read("xl/_rels/workbook.xml.rels").decode()
    for place, text in enumerate("ab"):
        sheet = sheet.replace(f't="inlineStr"><is><t>{text}</t></is>', f't="s"><v>{place}</v>')
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = types.replace(
        "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    )
    link = f"{_OOXML}/officeDocument/2006/relationships/sharedStrings"
    links = links.replace(
        "</Relationships>",
        f'<Relationship Id="rId99" Type="{link}" Target="sharedStrings.xml"/></Relationships>',
    )
    parts = {
        "sheet1": sheet.encode(),
        "[Content_Types]": types.encode(),
        "workbook.xml": links.encode(),
        "sharedStrings": texts,
    }
    return rezipped(raw, **parts)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le"]
)
def test_french_is_read_whatever_its_encoding(encoding, tmp_path):
    path = written(tmp_path, FRENCH.encode(encoding))
    layout = guess_layout(path)
    assert layout.delimiter == ";"
    rows = list(read_rows(path, layout))
    assert rows[1] == (2, ["DURAND", "Hélène", "Orléans"])
    assert rows[3][1][2] == "Nîmes"


def test_ascii_and_cut_letters_are_utf8():
    assert guess_encoding(b"Nom;Ville") == "utf-8-sig"
    assert guess_encoding("é".encode()[:1] and "Hélène é".encode()[:-1]) == "utf-8-sig"
    assert guess_encoding("Hélène é".encode()[:-1], is_whole=True) != "utf-8-sig"


def test_signs_of_no_french_are_still_some_encoding():
    assert guess_encoding(bytes(range(128, 256)) * 3, is_whole=True) in {
        "cp1252", "mac_roman", "cp850", "iso8859-15",
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_is_that_which_cuts_most_lines_alike(delimiter, tmp_path):
    text = FRENCH.replace(";", delimiter) + f'"a{delimiter}b"{delimiter}c{delimiter}d\n'
    path = written(tmp_path, text.encode())
    assert guess_layout(path).delimiter == delimiter
    assert list(read_rows(path, guess_layout(path)))[-1][1][0] == f"a{delimiter}b"


def test_empty_lines_are_left_out_and_numbers_stay_those_of_the_file(tmp_path):
    path = written(tmp_path, b"Nom;Ville\n\n;\nDurand;Nantes\0\n")
    layout = Layout("csv", encoding="utf-8-sig", delimiter=";")
    assert list(read_rows(path, layout)) == [(1, ["Nom", "Ville"]), (4, ["Durand", "Nantes"])]
    assert len(list(read_rows(path, layout, limit=1))) == 1


def dbase(version: int = 0x03) -> bytes:
    """A table of dBase with one field, « CODE », and two lines."""
    lines = b" HBLD038 HBJD001"
    sizes = struct.pack("<LHH20x", 2, 32 + 32 + 1, 8)
    field = struct.pack("<11sc4xB15x", b"CODE", b"C", 7)
    return bytes([version, 126, 4, 1]) + sizes + field + b"\r" + lines + b"\x1a"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", layouts.EmptyTable),
        (b" \n;;\n", layouts.EmptyTable),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            layouts.ProtectedWorkbook,
        ),
        (dbase(), layouts.OldDatabase),
        (dbase(version=0x30), layouts.OldDatabase),
        (dbase()[:64], layouts.UnreadableTable),
        (b"%PDF-1.7", layouts.UnreadableTable),
        (b"\x01\x02\x03\x04" * 50, layouts.UnreadableTable),
        (b"Nom\0;Ville;abcdefghij", layouts.UnreadableTable),
        (b"PK\x03\x04 cut", layouts.BrokenTable),
    ],
)
def test_what_is_no_table_is_named(content, error, tmp_path):
    with pytest.raises(error) as raised:
        kind_of(written(tmp_path, content))
    assert type(raised.value) is error


def test_other_archives_are_named(tmp_path):
    def archive(**parts: str) -> Path:
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for name, text in parts.items():
                made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
        return written(tmp_path, out.getvalue())

    with pytest.raises(layouts.OpenDocument):
        kind_of(archive(mimetype="x", content_xml="y"))
    with pytest.raises(layouts.UnreadableTable):
        kind_of(archive(photo="x"))
    with pytest.raises(layouts.OldDatabase):
        kind_of(archive(**{"R_ACTE.DBF": "x"}))


def test_file_too_long_to_be_sent(tmp_path, monkeypatch):
    monkeypatch.setattr(layouts, "MAX_BYTES", 10)
    with pytest.raises(layouts.TooBig):
        kind_of(written(tmp_path, b"Nom;Ville;Rue"))


def bomb(unpacked_mb: int, part: str) -> bytes:
    """Return a workbook whose part unpacks to so many megabytes of blanks."""
    return rezipped(workbook([["Nom"], ["Durand"]]), **{part: b" " * unpacked_mb * 1_000_000})


@pytest.mark.parametrize(("part", "size_mb"), [("sheet1", 200), ("sharedStrings", 90)])
def test_bomb_is_refused_without_being_unpacked(part, size_mb, tmp_path):
    path = written(tmp_path, bomb(size_mb, part))
    assert path.stat().st_size < 2_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(layouts.TooBig):
        guess_layout(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def slow_bomb(before: bytes, unit: bytes, after: bytes) -> bytes:
    """Return a workbook whose sheet shrinks too little to be suspect, in one stretch."""
    random, pieces = Random(1), [before]
    for _turn in range(24_000):
        pieces += [unit * (900 // len(unit)), f"{random.getrandbits(64):016x}".encode()]
    raw = rezipped(workbook([["Nom"], ["Durand"]]), sheet1=b"".join([*pieces, after]))
    assert 100_000 < len(raw) < 2_000_000
    return raw


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_CELL = b'<row r="1"><c t="inlineStr"><is><t>'
_END = b"</t></is></c></row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("before", "unit"),
    [
        (_SHEET + _CELL, b"x"),
        (_SHEET + _CELL + b"<![CDATA[", b"<row >"),
        (_SHEET + _CELL + b"<!--", b"</row>"),
        (_SHEET + b'<row r="1">', b"<c/>"),
        (b"<worksheet>", b" "),
    ],
    ids=["one cell", "cdata", "comment", "one line", "no line"],
)
def test_one_endless_line_is_refused_without_being_held(before, unit, tmp_path):
    path = written(tmp_path, slow_bomb(before, unit, _END))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(layouts.TooBig):
        guess_layout(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 12_000


def test_large_table_of_short_lines_is_no_bomb(tmp_path):
    cells = b"".join(b'<c t="inlineStr"><is><t>%d</t></is></c>' % number for number in range(40))
    rows = b"".join(b'<row r="%d">%s</row>' % (number, cells) for number in range(1, 4_000))
    assert len(rows) > 5_000_000
    raw = rezipped(workbook([["Nom"]], "Liste"), sheet1=_SHEET + rows + b"</sheetData></worksheet>")
    path = written(tmp_path, raw)
    assert len(list(read_rows(path, guess_layout(path), limit=50))) == 50


def test_large_picture_of_a_workbook_is_no_bomb(tmp_path):
    out = BytesIO(workbook([["Nom"], ["Durand"]]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG" + Random(2).randbytes(5_000_000))
    path = written(tmp_path, out.getvalue())
    assert guess_layout(path).sheet == "Patients"


def test_part_that_lies_about_its_size_is_broken(tmp_path):
    raw = bytearray(bomb(30, "sheet1"))
    true = (30_000_000).to_bytes(4, "little")
    while (at := raw.find(true)) >= 0:
        raw[at : at + 4] = (40_000).to_bytes(4, "little")
    path = written(tmp_path, bytes(raw))
    with pytest.raises(layouts.BrokenTable):
        list(read_rows(path, Layout("xlsx", sheet="Patients")))


def test_entities_are_never_expanded(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    evil = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet>&l9;</worksheet>'.encode()
    raw = workbook([["Nom"], ["Durand"]])
    bombs = [rezipped(raw, sheet1=evil), rezipped(raw, workbook=evil), with_shared_texts(evil)]
    for bomb in bombs:
        path = written(tmp_path, bomb)
        with pytest.raises(layouts.BrokenTable):
            list(read_rows(path, Layout("xlsx", sheet="Patients")))


def test_texts_kept_apart_are_read(tmp_path):
    main = f"{_OOXML}/spreadsheetml/2006/main"
    texts = f'<sst xmlns="{main}"><si><t>Nom</t></si><si><t>Durand</t></si></sst>'
    path = written(tmp_path, with_shared_texts(texts.encode()))
    assert list(read_rows(path, guess_layout(path))) == [(1, ["Nom"]), (2, ["Durand"])]


def test_declared_size_of_a_sheet_is_not_believed(tmp_path):
    raw = workbook([["Nom", "Ville"], ["Durand", "Nantes"]])
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    wide = sheet.replace('ref="A1:B2"', 'ref="A1:XFD1048576"')
    assert wide != sheet
    path = written(tmp_path, rezipped(raw, sheet1=wide.encode()))
    assert list(read_rows(path, Layout("xlsx", sheet="Patients"))) == [
        (1, ["Nom", "Ville"]),
        (2, ["Durand", "Nantes"]),
    ]


def test_more_rows_than_patients_are_refused(tmp_path, monkeypatch):
    from quenotte.devices.sheets import reading

    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    path = written(tmp_path, b"a;b\n" * 5)
    with pytest.raises(layouts.TooManyRows):
        list(read_rows(path, Layout("csv", encoding="utf-8-sig", delimiter=";")))
    path = written(tmp_path, workbook([[None]] * 9 + [["a"]]))
    with pytest.raises(layouts.TooManyRows):
        list(read_rows(path, Layout("xlsx", sheet="Patients")))


def test_quote_that_never_closes_is_broken(tmp_path):
    path = written(tmp_path, b'Nom;Ville\n"' + b"a" * 1_500_000)
    with pytest.raises(layouts.BrokenTable):
        list(read_rows(path, Layout("csv", encoding="utf-8-sig", delimiter=";")))


def test_cells_are_what_a_reader_sees(tmp_path):
    raw = workbook([[date(1985, 4, 3), 185044410912323, 1.5, True, "  texte ", None]])
    path = written(tmp_path, raw)
    assert sheet_names(path) == ["Patients"]
    assert next(read_rows(path, guess_layout(path)))[1] == [
        "03/04/1985", "185044410912323", "1,5", "oui", "texte",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 3, 17, 9, 30), "17/03/2026 09:30"),
        (time(9, 5), "09:05"),
        (timedelta(minutes=95), "01:35"),
        (12.0, "12"),
        (False, "non"),
    ],
)
def test_other_values(value, text):
    assert as_text(value) == text


def test_layout_is_kept_and_given_back():
    layout = Layout("csv", encoding="cp1252", delimiter=";", header_lines=3)
    assert Layout.from_json(layout.to_json()) == layout


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = written(tmp_path_factory.mktemp("any"), content)
    try:
        layout = guess_layout(path)
        list(read_rows(path, layout))
    except layouts.UnreadableTable:
        pass
