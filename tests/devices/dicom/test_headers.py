"""Headers: what devices write, what they forget, and what comes cut short."""

import json
import struct
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEG2000Lossless

from quenotte.devices.dicom.headers import (
    Header,
    ToothMark,
    Truncated,
    Unreadable,
    read_header,
    to_json,
)
from quenotte.devices.dicom.reading import meta_of
from tests.devices.dicom import variants
from tests.devices.dicom.conftest import BUNDLED, JEANNE, TAKEN_AT

Radiograph = Callable[..., Path]


def header_with(path: Path, target: Path, **changes: object) -> Header:
    """Return the header of a copy with other values; None deletes the element."""
    return read_header(variants.changed(path, target, variants.setting(**changes)))


def test_header_of_a_radiograph_says_everything(radiograph: Radiograph):
    header = read_header(radiograph(5, accession_number="A1"))

    assert header.patient_id == JEANNE.file_number
    assert header.issuer == JEANNE.issuer
    assert header.patient_name == "LE GALL-ÉVRARD^Éloïse Marie"
    assert header.birth_name == ""
    assert header.born_on == date(1980, 2, 3)
    assert header.sex == "F"
    assert header.sop_class_uid == "1.2.840.10008.5.1.4.1.1.1.3"
    assert header.sop_instance_uid.startswith("2.25.")
    assert header.study_uid != header.series_uid
    assert header.accession_number == "A1"
    assert header.modality == "IO"
    assert header.taken_at == TAKEN_AT
    assert (header.rows, header.columns, header.frames) == (60, 40, 1)
    assert (header.bits_stored, header.photometric) == (12, "MONOCHROME2")
    assert header.transfer_syntax_uid == "1.2.840.10008.1.2.1"
    assert header.manufacturer == "Quenotte"
    assert header.model == "Capteur inventé"
    assert header.teeth == (ToothMark(36, "sct", confirmed=True), ToothMark(37, "sct", True))
    assert header.laterality == "L"
    assert header.description == "Rétroalvéolaire"
    assert header.pixel_spacing_mm == (0.02, 0.02)
    assert header.spacing_is_detector_plane
    assert (header.window_center, header.window_width) == (2048.0, 4096.0)
    assert header.kind == "image"


def test_json_is_safe_and_names_nobody(radiograph: Radiograph):
    text = json.dumps(to_json(read_header(radiograph())), ensure_ascii=False)

    assert "GALL" not in text
    assert "Éloïse" not in text
    known = json.loads(text)
    assert known["born_on"] == "1980-02-03"
    assert known["taken_at"] == "2026-01-02T10:30:15"
    assert known["teeth"][0] == {"tooth": 36, "source": "sct", "confirmed": True}
    assert known["pixel_spacing_mm"] == [0.02, 0.02]


def test_json_of_an_almost_empty_header(radiograph: Radiograph, tmp_path: Path):
    header = header_with(
        radiograph(),
        tmp_path / "x.dcm",
        PatientBirthDate="",
        ImagerPixelSpacing=None,
        **{f"{name}Date": None for name in ("Content", "Acquisition", "Series", "Study")},
    )

    known = to_json(header)

    assert known["born_on"] is None
    assert known["taken_at"] is None
    assert known["pixel_spacing_mm"] is None


@pytest.mark.parametrize("syntax", variants.UNCOMPRESSED, ids=lambda uid: uid.name)
def test_header_is_the_same_in_every_transfer_syntax(
    radiograph: Radiograph, tmp_path: Path, syntax: pydicom.uid.UID
):
    source = radiograph()
    other = read_header(variants.rewritten(source, tmp_path / "x.dcm", syntax))

    assert other.transfer_syntax_uid == syntax
    assert to_json(other) | {"transfer_syntax_uid": ""} == to_json(read_header(source)) | {
        "transfer_syntax_uid": ""
    }


@pytest.mark.parametrize("keeps_group_two", [True, False])
def test_header_without_preamble_is_read(
    radiograph: Radiograph, tmp_path: Path, keeps_group_two: bool
):
    content = radiograph().read_bytes()
    (length,) = struct.unpack("<L", content[140:144])
    bare = tmp_path / "bare.dcm"
    bare.write_bytes(content[132 if keeps_group_two else 144 + length :])

    header = read_header(bare)

    assert header.patient_id == "1042"
    assert header.transfer_syntax_uid == "1.2.840.10008.1.2.1"


def test_header_of_bare_big_and_implicit_files_guesses_the_syntax(tmp_path: Path):
    implicit = tmp_path / "implicit.dcm"
    implicit.write_bytes(struct.pack("<HHL", 8, 0x18, 6) + b"1.2.3\0")

    big = read_header(BUNDLED / "ExplVR_BigEndNoMeta.dcm")

    assert big.transfer_syntax_uid == ExplicitVRBigEndian
    assert read_header(implicit).transfer_syntax_uid == ImplicitVRLittleEndian


@pytest.mark.parametrize(
    ("coding", "teeth", "marks"),
    [
        ("SCT", (36,), (ToothMark(36, "sct", True),)),
        ("SRT", (36,), (ToothMark(36, "srt", False),)),
        ("SRT", (15, 14), (ToothMark(15, "srt", True), ToothMark(14, "srt", True))),
        ("text", (36, 37), (ToothMark(36, "text", False), ToothMark(37, "text", False))),
        ("none", (36,), ()),
        ("SCT", (85,), (ToothMark(85, "sct", True),)),
    ],
)
def test_teeth_are_read_from_codes_then_from_text(
    radiograph: Radiograph, coding: str, teeth: tuple[int, ...], marks: tuple[ToothMark, ...]
):
    assert read_header(radiograph(coding=coding, teeth=teeth)).teeth == marks


def test_code_without_dentition_is_only_proposed(radiograph: Radiograph, tmp_path: Path):
    def older_code(dataset: Dataset) -> None:
        dataset.PrimaryAnatomicStructureSequence[0].CodeValue = "5140004"
        dataset.PrimaryAnatomicStructureSequence[1].CodeValue = "5140004"

    path = variants.changed(radiograph(), tmp_path / "x.dcm", older_code)

    assert read_header(path).teeth == (ToothMark(16, "sct_also", False),)


def test_unknown_codes_leave_the_text_to_speak(radiograph: Radiograph, tmp_path: Path):
    def unknown(dataset: Dataset) -> None:
        for item in dataset.PrimaryAnatomicStructureSequence:
            item.CodeValue = "12345"
        dataset.SeriesDescription = "RA 46"

    path = variants.changed(radiograph(), tmp_path / "x.dcm", unknown)

    assert read_header(path).teeth == (ToothMark(46, "text", False),)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({"ContentDate": "20260102", "ContentTime": "090807.123"}, datetime(2026, 1, 2, 9, 8, 7)),
        ({"AcquisitionDate": "2026.01.02", "AcquisitionTime": "09:08"}, datetime(2026, 1, 2, 9, 8)),
        ({"SeriesDate": "20260102", "SeriesTime": "09"}, datetime(2026, 1, 2, 9)),
        ({"StudyDate": "20260102", "StudyTime": "090860"}, datetime(2026, 1, 2, 9, 8, 59)),
        (
            {"ContentDate": "20260103", "StudyDate": "20260102", "StudyTime": "0908"},
            datetime(2026, 1, 2, 9, 8),
        ),
        ({"ContentDate": "20260103"}, datetime(2026, 1, 3)),
        ({"ContentDate": "20260230", "ContentTime": "0908"}, None),
        ({"ContentDate": "00010101", "ContentTime": "0908"}, None),
        ({"ContentDate": "yesterday", "ContentTime": "late"}, None),
        ({"ContentDate": "20260103", "ContentTime": "2590"}, datetime(2026, 1, 3)),
    ],
)
def test_moment_is_the_first_with_a_date_and_a_time(
    radiograph: Radiograph, tmp_path: Path, present: dict[str, str], expected: datetime | None
):
    names = ("Content", "Acquisition", "Series", "Study")
    absent: dict[str, object] = dict.fromkeys(
        [f"{name}{what}" for name in names for what in ("Date", "Time")]
    )

    assert header_with(radiograph(), tmp_path / "x.dcm", **absent | present).taken_at == expected


@pytest.mark.parametrize(
    ("changes", "spacing", "is_detector_plane"),
    [
        ({}, (0.02, 0.02), True),
        ({"PixelSpacing": ["0.018", "0.019"]}, (0.018, 0.019), True),
        (
            {"PixelSpacing": ["0.018", "0.019"], "PixelSpacingCalibrationType": "FIDUCIAL"},
            (0.018, 0.019),
            False,
        ),
        ({"PixelSpacing": ["0.3", "0.3"], "Modality": "CT"}, (0.3, 0.3), False),
        ({"ImagerPixelSpacing": None}, None, False),
        (
            {"ImagerPixelSpacing": None, "NominalScannedPixelSpacing": ["0.1", "0.1"]},
            (0.1, 0.1),
            True,
        ),
        ({"ImagerPixelSpacing": ["0", "0.02"]}, None, False),
        ({"ImagerPixelSpacing": "0.02"}, None, False),
        ({"ImagerPixelSpacing": ["1000", "1000"]}, None, False),
    ],
)
def test_spacing_says_where_it_was_measured(
    radiograph: Radiograph,
    tmp_path: Path,
    changes: dict[str, object],
    spacing: tuple[float, float] | None,
    is_detector_plane: bool,
):
    header = header_with(radiograph(), tmp_path / "x.dcm", **changes)

    assert header.pixel_spacing_mm == spacing
    assert header.spacing_is_detector_plane == is_detector_plane


@pytest.mark.parametrize(
    ("charset", "raw", "expected"),
    [
        ("ISO_IR 192", "Évrard".encode(), "Évrard"),
        ("ISO_IR 192", "Évrard".encode("latin-1"), "Évrard"),
        ("ISO_IR 100", "Évrard".encode("latin-1"), "Évrard"),
        ("ISO_IR 100", "Évrard".encode(), "Évrard"),
        (None, "Évrard".encode("latin-1"), "Évrard"),
        ("ISO_IR 101", "Čapek".encode("iso8859_2"), "Čapek"),
        ("ISO_IR 999", "Évrard".encode("latin-1"), "Évrard"),
        ("\\ISO 2022 IR 87", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "Yamada^Tarou"),
        ("ISO_IR 100", b"DUPONT^Jean\0\0", "DUPONT^Jean"),
        ("ISO_IR 100", b"  DUPONT^^^^ ", "DUPONT"),
        ("ISO_IR 100", b"DU\r\nPONT^Jean", "DU PONT^Jean"),
        ("ISO_IR 100", b"A" * 9000, "A" * 194),
    ],
)
def test_names_are_decoded_cleaned_and_bounded(
    tmp_path: Path, charset: str | None, raw: bytes, expected: str
):
    path = tmp_path / "x.dcm"
    path.write_bytes(_with_raw_name(charset, raw))

    assert read_header(path).patient_name == expected


def _with_raw_name(charset: str | None, raw: bytes) -> bytes:
    """Return the smallest file with this name, byte for byte."""

    def element(group: int, number: int, vr: bytes, value: bytes, pad: bytes) -> bytes:
        value += pad * (len(value) % 2)
        return struct.pack("<HH2sH", group, number, vr, len(value)) + value

    body = b""
    if charset is not None:
        body += element(8, 5, b"CS", charset.encode(), b" ")
    body += element(8, 0x18, b"UI", b"1.2.3", b"\0") + element(0x10, 0x10, b"PN", raw, b" ")
    meta = element(2, 0x10, b"UI", b"1.2.840.10008.1.2.1", b"\0")
    return bytes(128) + b"DICM" + meta + body


@pytest.mark.parametrize(
    ("class_uid", "kind"),
    [
        ("1.2.840.10008.5.1.4.1.1.104.1", "document"),
        ("1.2.840.10008.5.1.4.1.1.104.3", "mesh"),
        ("1.2.840.10008.5.1.4.1.1.88.67", "report"),
        ("1.2.840.10008.5.1.4.1.1.88.59", "other"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "other"),
        ("1.2.3.4.5", "other"),
    ],
)
def test_kind_follows_the_class_when_there_are_no_pixels(
    radiograph: Radiograph, tmp_path: Path, class_uid: str, kind: str
):
    header = header_with(
        radiograph(),
        tmp_path / "x.dcm",
        SOPClassUID=class_uid,
        Rows=None,
        Columns=None,
        PixelData=None,
    )

    assert header.kind == kind


def test_odd_values_are_dropped_not_fatal(tmp_path: Path, radiograph: Radiograph):
    content = radiograph().read_bytes()
    content = content.replace(b"IS\x03\x00120", b"IS\x03\x00abc").replace(b"65", b"xx")
    path = tmp_path / "x.dcm"
    path.write_bytes(content.replace(b"19800203", b"1980AB03").replace(b"2048", b"20,5"))

    header = read_header(path)

    assert header.born_on is None
    assert header.window_center == 20.5


@pytest.mark.parametrize("value", ["nan", "inf", "", "x"])
def test_window_that_is_no_number_is_no_window(radiograph: Radiograph, tmp_path: Path, value: str):
    content = radiograph().read_bytes().replace(b"2048", value.ljust(4).encode())
    path = tmp_path / "x.dcm"
    path.write_bytes(content)

    assert read_header(path).window_center is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\xff\xd8\xff\xe0" + bytes(2000),
        b"%PDF-1.7" + bytes(2000),
        bytes(5000),
        bytes(128) + b"DICM",
        bytes(128) + b"DICM" + bytes(10),
        bytes(128) + b"DICM\x02\x00\x10\x00OB\x00\x00\x01",
        b"\x08\x00",
    ],
)
def test_what_is_not_dicom_is_unreadable(tmp_path: Path, content: bytes):
    path = tmp_path / "x.dcm"
    path.write_bytes(content)

    with pytest.raises(Unreadable) as refusal:
        read_header(path)

    assert not isinstance(refusal.value, Truncated)
    assert "DICOM" in str(refusal.value)


@pytest.mark.parametrize("read", [read_header, meta_of])
def test_missing_file_is_unreadable(read: Callable[[Path], object], tmp_path: Path):
    with pytest.raises(Unreadable):
        read(tmp_path / "nowhere.dcm")


@pytest.mark.parametrize("cut", [1, 10, 1000, 4799, 4802, 4805])
def test_truncated_pixels_are_detected(radiograph: Radiograph, tmp_path: Path, cut: int):
    path = tmp_path / "x.dcm"
    path.write_bytes(radiograph().read_bytes()[:-cut])

    with pytest.raises(Truncated, match="incomplet"):
        read_header(path)


def test_header_that_the_parser_finds_cut_is_truncated(monkeypatch: pytest.MonkeyPatch):
    def cut(*args: object, **options: object) -> None:
        raise EOFError

    monkeypatch.setattr(pydicom, "dcmread", cut)
    path = BUNDLED / "CT_small.dcm"

    with pytest.raises(Truncated):
        read_header(path)


def test_missing_pad_byte_is_forgiven(tmp_path: Path):
    path = variants.plain(tmp_path / "x.dcm", np.zeros((3, 3), np.uint8))
    path.write_bytes(path.read_bytes()[:-1])

    assert read_header(path).rows == 3


def test_pixels_shorter_than_the_picture_are_truncated(radiograph: Radiograph, tmp_path: Path):
    with pytest.raises(Truncated):
        header_with(radiograph(), tmp_path / "x.dcm", Rows=61)


def test_picture_without_pixels_is_truncated(radiograph: Radiograph, tmp_path: Path):
    with pytest.raises(Truncated):
        header_with(radiograph(), tmp_path / "x.dcm", PixelData=None)


@pytest.mark.parametrize("cut", [9, 12, 40])
def test_truncated_fragments_are_detected(radiograph: Radiograph, tmp_path: Path, cut: int):
    path = variants.recompressed(radiograph(), tmp_path / "x.dcm", JPEG2000Lossless)
    path.write_bytes(path.read_bytes()[:-cut])

    with pytest.raises(Truncated):
        read_header(path)


def test_missing_end_mark_is_forgiven(radiograph: Radiograph, tmp_path: Path):
    path = variants.recompressed(radiograph(), tmp_path / "x.dcm", JPEG2000Lossless)
    path.write_bytes(path.read_bytes()[:-8])

    assert read_header(path).transfer_syntax_uid == JPEG2000Lossless


def test_garbage_between_fragments_is_truncated(radiograph: Radiograph, tmp_path: Path):
    path = variants.recompressed(radiograph(), tmp_path / "x.dcm", JPEG2000Lossless)
    content = path.read_bytes()
    path.write_bytes(content[:-8] + b"garbage!" + content[-8:])

    with pytest.raises(Truncated):
        read_header(path)


def test_subsampled_colour_needs_two_bytes_a_pixel():
    assert read_header(BUNDLED / "SC_ybr_full_422_uncompressed.dcm").kind == "image"


def test_every_bundled_file_gives_a_header_or_a_refusal():
    kinds = set()
    for path in sorted(BUNDLED.rglob("*")):
        if path.is_file():
            try:
                header = read_header(path)
            except Unreadable as refusal:
                kinds.add(type(refusal).__name__)
                continue
            json.dumps(to_json(header))
            kinds.add(header.kind)
    assert kinds >= {"image", "report", "other", "Truncated", "Unreadable"}


SEEDS = [path for path in sorted(BUNDLED.glob("*.dcm")) if path.stat().st_size < 12_000]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_damaged_files_never_do_more_than_refuse(data: st.DataObject, tmp_path: Path):
    content = bytearray(data.draw(st.sampled_from(SEEDS)).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    path = tmp_path / "damaged.dcm"
    path.write_bytes(bytes(content[: len(content) - cut // 4]))

    try:
        header = read_header(path)
    except Unreadable:
        return
    assert json.dumps(to_json(header))
    assert len(header.patient_name) <= 194
