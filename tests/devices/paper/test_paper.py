"""Sheets are real PDF files: read back by another library than the one that set them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from quenotte.devices.paper import codes, reading, typesetting

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DATA = {
    "title": "Ordonnance",
    "author": {"name": "Dr Alice Martin", "lines": ["RPPS 10000000018"]},
    "practice": {"name": "Cabinet des Quenottes", "lines": ["1 rue des Essais", "44000 Nantes"]},
    "patient": {"name": "Zoé #strong[Leroy]", "lines": ["née le 03/02/1980"]},
    "foot": "Ordonnance n° 12",
}


def _sheet(**changes):
    return typesetting.typeset("devices/paper/blank.typ", DATA | changes, made_at=AT)


def test_a_sheet_says_what_was_given_and_nothing_is_markup():
    text = reading.text_of(_sheet())
    assert "Ordonnance" in text
    assert "Zoé #strong[Leroy]" in text
    assert "Ordonnance n° 12" in text


def test_the_same_sheet_has_the_same_bytes():
    assert _sheet() == _sheet()
    assert b"pdfaid" in _sheet()


def test_any_aware_time_will_do():
    paris = datetime(2026, 3, 2, 10, 30, 0, 5, tzinfo=ZoneInfo("Europe/Paris"))
    assert typesetting.typeset("devices/paper/blank.typ", DATA, made_at=paris) == _sheet()


def test_paper_is_a4_or_a5():
    from io import BytesIO

    from PIL import Image

    sizes = {}
    for paper in ("a4", "a5"):
        with Image.open(BytesIO(reading.picture_of(_sheet(paper=paper), width_px=210))) as seen:
            sizes[paper] = seen.size
    assert sizes["a4"] == pytest.approx((210, 297), abs=1)
    assert sizes["a5"] == pytest.approx((210, 298), abs=1)


def test_a_template_that_fails_says_so():
    with pytest.raises(typesetting.CannotTypeset):
        typesetting.typeset("devices/paper/blank.typ", {}, made_at=AT)


def test_what_is_no_pdf_is_refused():
    for ask in (reading.pages_of, reading.text_of, reading.picture_of):
        with pytest.raises(reading.NotAPdf):
            ask(b"%PDF-1.7 cut off")


def test_there_is_no_second_page():
    assert reading.pages_of(_sheet()) == 1
    with pytest.raises(IndexError):
        reading.picture_of(_sheet(), page=1)


def test_a_data_matrix_on_paper_is_read_back():
    words = "QN1:0190a7c4:134°C"
    patient = {"name": "Zoé Leroy", "lines": [], "datamatrix": codes.datamatrix(words)}
    assert codes.read(reading.picture_of(_sheet(patient=patient), width_px=1600)) == [words]
