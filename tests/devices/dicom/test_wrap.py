"""Pictures dropped on a record become DICOM objects."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image

from quenotte.devices.dicom import wrap
from quenotte.devices.dicom.frames import read_frame
from quenotte.devices.dicom.headers import read_header
from quenotte.devices.dicom.wrap import NotAPicture, Uids, wrap_photo
from tests.devices.dicom.conftest import TAKEN_AT

RED = (200, 30, 30)


def wrapped(source: Path, **changes: object) -> Path:
    target = source.with_suffix(".dcm")
    options: dict = {
        "patient_id": "1042",
        "issuer": "QUENOTTE-DEMO",
        "patient_name": "LE GALL^Éloïse",
        "taken_at": TAKEN_AT,
        **changes,
    }
    wrap_photo(source, target, **options)
    return target


def saved(folder: Path, picture: Image.Image, name: str, **options: Any) -> Path:
    path = folder / name
    picture.save(path, **options)
    return path


def test_photo_says_whose_it_is(tmp_path: Path):
    source = saved(tmp_path, Image.new("RGB", (40, 30), RED), "photo.jpg")
    uids = Uids(study="1.2.3", series="1.2.4", instance="1.2.5")

    header = read_header(
        wrapped(source, uids=uids, born_on=date(1980, 2, 3), sex="F", description="Sourire")
    )

    assert (header.patient_id, header.issuer) == ("1042", "QUENOTTE-DEMO")
    assert header.patient_name == "LE GALL^Éloïse"
    assert (header.born_on, header.sex) == (date(1980, 2, 3), "F")
    assert (header.study_uid, header.series_uid, header.sop_instance_uid) == (
        "1.2.3",
        "1.2.4",
        "1.2.5",
    )
    assert header.taken_at == TAKEN_AT
    assert header.description == "Sourire"
    assert header.modality == "XC"
    assert (header.rows, header.columns, header.kind) == (30, 40, "image")


def test_odd_names_fit_the_format(tmp_path: Path):
    source = saved(tmp_path, Image.new("L", (4, 4)), "x.png")

    header = read_header(
        wrapped(source, patient_name="A\\B=C^" + "D" * 90, patient_id="1\\2", issuer="X" * 80)
    )

    assert header.patient_name == "A B C^" + "D" * 58
    assert header.patient_id == "1 2"
    assert header.issuer == "X" * 64


def test_unknown_sex_and_birth_date_stay_empty(tmp_path: Path):
    source = saved(tmp_path, Image.new("L", (4, 4)), "x.png")

    header = read_header(wrapped(source, sex="I"))

    assert (header.sex, header.born_on) == ("", None)
    assert header.sop_instance_uid.startswith("2.25.")


def test_colour_jpeg_stays_compressed(tmp_path: Path):
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    source = saved(tmp_path, Image.fromarray(noise), "photo.jpg")

    target = wrapped(source)

    assert target.stat().st_size < 300 * 400 * 3
    assert read_header(target).transfer_syntax_uid == "1.2.840.10008.1.2.4.50"
    assert pydicom.dcmread(target).LossyImageCompression == "01"


@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x.tif"])
def test_colour_keeps_its_colour(tmp_path: Path, name: str):
    frame = read_frame(wrapped(saved(tmp_path, Image.new("RGB", (40, 30), RED), name)))

    assert frame.samples == 3
    assert np.abs(frame.pixels().reshape(-1, 3).mean(axis=0) - RED).max() <= 4


@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x.tif"])
def test_grey_stays_grey(tmp_path: Path, name: str):
    frame = read_frame(wrapped(saved(tmp_path, Image.new("L", (41, 33), 99), name)))

    assert (frame.samples, frame.bits_stored) == (1, 8)
    assert (frame.pixels() == 99).all()


@pytest.mark.parametrize("name", ["x.png", "x.tif"])
def test_sixteen_bit_grey_keeps_sixteen_bits(tmp_path: Path, name: str):
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    frame = read_frame(wrapped(saved(tmp_path, Image.fromarray(pixels), name)))

    assert frame.bits_stored == 16
    assert (frame.pixels() == pixels).all()


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("P", 0, (0, 0, 0)),
        ("LA", (80, 255), 80),
        ("1", 1, 255),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255)),
    ],
)
def test_other_modes_are_brought_to_grey_or_rgb(
    tmp_path: Path, mode: str, colour: object, expected: object
):
    picture = Image.new(mode, (6, 4), colour)  # type: ignore[arg-type]
    name = "x.tif" if mode == "CMYK" else "x.png"

    frame = read_frame(wrapped(saved(tmp_path, picture, name)))

    assert (frame.pixels()[0, 0] == expected).all()


def test_exif_turns_the_picture_and_is_not_kept(tmp_path: Path):
    picture = Image.new("RGB", (40, 20), "black")
    picture.paste("white", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret camera"
    source = saved(tmp_path, picture, "x.jpg", exif=exif, quality=95)

    target = wrapped(source)

    frame = read_frame(target)
    assert (frame.rows, frame.columns) == (40, 20)
    assert frame.pixels()[2, 10].mean() > 200
    assert frame.pixels()[37, 10].mean() < 50
    assert b"Secret camera" in source.read_bytes()
    assert b"Secret camera" not in target.read_bytes()


def test_name_does_not_matter_only_content(tmp_path: Path):
    source = saved(tmp_path, Image.new("L", (4, 4)), "x.png")
    lying = source.rename(tmp_path / "report.pdf")

    assert read_header(wrapped(lying)).rows == 4


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7", b"\xff\xd8\xff\xe0 not really", b"<svg/>", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes):
    source = tmp_path / "x.jpg"
    source.write_bytes(content)

    with pytest.raises(NotAPicture, match="JPEG, PNG ou TIFF"):
        wrapped(source)

    assert not source.with_suffix(".dcm").exists()


def test_picture_cut_short_is_refused(tmp_path: Path):
    noise = np.random.default_rng(1).integers(0, 255, (50, 50), dtype=np.uint8)
    source = saved(tmp_path, Image.fromarray(noise), "x.png")
    source.write_bytes(source.read_bytes()[:-700])

    with pytest.raises(NotAPicture):
        wrapped(source)


def test_bomb_is_refused_before_it_opens(tmp_path: Path):
    stream = BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    source = tmp_path / "bomb.png"
    source.write_bytes(stream.getvalue())

    with pytest.raises(NotAPicture, match="trop grande"):
        wrapped(source)


@pytest.mark.parametrize("cap", ["LARGEST_FILE_BYTES", "LARGEST_PICTURE_PIXELS"])
def test_caps_are_applied(tmp_path: Path, cap: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wrap, cap, 10)
    source = saved(tmp_path, Image.new("L", (40, 40)), "x.png")

    with pytest.raises(NotAPicture, match="trop grande"):
        wrapped(source)
