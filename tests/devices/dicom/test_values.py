"""Values by keyword: a plain value or nothing, whatever the data set holds."""

from datetime import time

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from quenotte.devices.dicom.texts import as_numbers, as_time, decoded
from quenotte.devices.dicom.values import Values


def raw(keyword: str, vr: str | None, value: bytes | None) -> RawDataElement:
    length = len(value or b"")
    return RawDataElement(Tag(keyword), vr, length, value, 0, False, True)


def holding(*elements: RawDataElement) -> Values:
    dataset = Dataset()
    for element in elements:
        dataset._dict[element.tag] = element
    return Values(dataset)


def test_multiple_texts_are_split():
    assert holding(raw("ImageType", "CS", b"ORIGINAL\\PRIMARY ")).texts("ImageType") == (
        "ORIGINAL",
        "PRIMARY",
    )


def test_converted_multiple_values_are_joined():
    dataset = Dataset()
    dataset.ImagerPixelSpacing = ["0.1", "0.2"]
    dataset.SpecificCharacterSet = ["", "ISO 2022 IR 100"]

    assert Values(dataset).numbers("ImagerPixelSpacing") == (0.1, 0.2)


def test_empty_values_are_empty():
    dataset = Dataset()
    dataset.PatientID = None

    assert Values(dataset).text("PatientID") == ""
    assert holding(raw("PatientID", "LO", None)).text("PatientID") == ""


def test_unknown_keywords_are_empty():
    assert Values(Dataset()).text("NoSuchKeyword") == ""


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (raw("Rows", "US", b"\x05\x00"), 5),
        (raw("Rows", "US", b"\x05"), None),
        (raw("Rows", "SH", b"12"), 12),
        (raw("Rows", "SH", b"many"), None),
        (raw("Rows", "XX", b"\x05\x00"), None),
    ],
)
def test_whole_numbers_are_read_or_dropped(element: RawDataElement, expected: int | None):
    assert holding(element).whole("Rows") == expected


def test_sequence_that_is_no_sequence_has_no_items():
    dataset = Dataset()
    dataset.PatientID = "1"

    assert list(Values(dataset).items("PatientID")) == []
    assert list(Values(dataset).items("AnatomicRegionSequence")) == []


def test_items_inherit_the_character_set():
    item = Dataset()
    item._dict[Tag("CodeMeaning")] = raw("CodeMeaning", "LO", "Čapek".encode("iso8859_2"))
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 101"
    dataset.AnatomicRegionSequence = [item]

    [only] = Values(dataset).items("AnatomicRegionSequence")

    assert only.text("CodeMeaning") == "Čapek"


def test_value_that_makes_the_parser_fail_is_no_value(monkeypatch: pytest.MonkeyPatch):
    def fail(self: Dataset, *args: object) -> None:
        raise RuntimeError

    values = holding(raw("PatientID", "LO", b"1"))
    monkeypatch.setattr(Dataset, "get_item", fail)
    monkeypatch.setattr(Dataset, "get", fail)

    assert values.text("PatientID") == ""
    assert values.whole("PatientID") is None


def test_text_that_its_character_set_cannot_read_is_latin(monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object) -> None:
        raise LookupError

    monkeypatch.setattr("quenotte.devices.dicom.texts.decode_bytes", fail)

    assert decoded(b"\xc9vrard", ("ISO_IR 101",)) == "Évrard"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1\\2", (1.0, 2.0)),
        (" 1.5 \\x\\3", (1.5,)),
        ("1,5", (1.5,)),
        ("", ()),
        ("1e999", ()),
        ("nan", ()),
        ("\\".join("1" * 40), (1.0,) * 16),
    ],
)
def test_numbers_stop_at_the_first_that_is_none(text: str, numbers: tuple[float, ...]):
    assert as_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0908", time(9, 8)),
        ("09:08:07", time(9, 8, 7)),
        ("090807.5", time(9, 8, 7)),
        ("9", None),
        ("2400", None),
        ("1261", None),
        ("", None),
    ],
)
def test_times_are_read_as_devices_write_them(text: str, moment: time | None):
    assert as_time(text) == moment
