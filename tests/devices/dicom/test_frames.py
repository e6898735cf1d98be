"""Frames: the same numbers whatever the transfer syntax; no surprise from broken files."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.pixels.utils import pixel_array
from pydicom.uid import JPEGLosslessSV1

from quenotte.devices.dicom import pixels as pixel_reading
from quenotte.devices.dicom.frames import Frame, Undecodable, read_frame, thumbnail
from quenotte.devices.dicom.reading import Truncated, Unreadable
from quenotte.devices.dicom.synthetic import intraoral
from tests.devices.dicom import variants
from tests.devices.dicom.conftest import BUNDLED

Radiograph = Callable[..., Path]


def pixels_of(path: Path) -> np.ndarray:
    return pydicom.dcmread(path).pixel_array


def test_frame_of_a_radiograph_says_how_to_show_it(radiograph: Radiograph):
    path = radiograph()

    frame = read_frame(path)

    assert (frame.rows, frame.columns, frame.samples) == (60, 40, 1)
    assert (frame.bits_allocated, frame.bits_stored, frame.is_signed) == (16, 12, False)
    assert (frame.photometric, frame.inverse) == ("MONOCHROME2", False)
    assert (frame.slope, frame.intercept) == (1.0, 0.0)
    assert frame.windows == [(2048.0, 4096.0)]
    assert frame.spacing_mm == (0.02, 0.02)
    assert frame.spacing_is_detector_plane
    assert len(frame.data) == 60 * 40 * 2
    assert (frame.pixels() == pixels_of(path)).all()


@pytest.mark.parametrize("syntax", variants.UNCOMPRESSED, ids=lambda uid: uid.name)
def test_uncompressed_syntaxes_give_the_same_pixels(
    radiograph: Radiograph, tmp_path: Path, syntax: pydicom.uid.UID
):
    source = radiograph()
    other = variants.rewritten(source, tmp_path / "other.dcm", syntax)

    assert read_frame(other).data == read_frame(source).data


@pytest.mark.parametrize("syntax", variants.COMPRESSED, ids=lambda uid: uid.name)
def test_compressed_syntaxes_give_the_same_pixels(
    radiograph: Radiograph, tmp_path: Path, syntax: pydicom.uid.UID
):
    source = radiograph()
    other = variants.recompressed(source, tmp_path / "other.dcm", syntax)

    assert read_frame(other).data == read_frame(source).data


def test_rle_gives_the_same_pixels(radiograph: Radiograph, tmp_path: Path):
    source = radiograph()

    assert read_frame(variants.rle(source, tmp_path / "rle.dcm")).data == read_frame(source).data


@pytest.mark.parametrize("name", ["MR_small_bigendian.dcm", "liver_expb_1frame.dcm"])
def test_big_endian_files_of_others_are_read(name: str):
    assert (read_frame(BUNDLED / name).pixels() == pixel_reference(name)).all()


def pixel_reference(name: str) -> np.ndarray:
    return pixel_array(BUNDLED / name, index=0)


def test_grey_jpeg_baseline_is_read(tmp_path: Path):
    picture = np.full((32, 48), 90, np.uint8)

    frame = read_frame(variants.baseline(tmp_path / "jpeg.dcm", picture))

    assert abs(int(frame.pixels().mean()) - 90) <= 1
    assert frame.bits_allocated == 8


def test_colour_jpeg_baseline_becomes_rgb(tmp_path: Path):
    picture = np.full((32, 48, 3), (200, 60, 20), np.uint8)
    path = variants.baseline(
        tmp_path / "jpeg.dcm", picture, PhotometricInterpretation="YBR_FULL_422"
    )

    frame = read_frame(path)

    assert frame.photometric == "RGB"
    assert np.abs(frame.pixels().astype(int).mean(axis=(0, 1)) - (200, 60, 20)).max() <= 3


def test_planar_colour_becomes_interleaved(tmp_path: Path):
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    planes = np.moveaxis(picture, -1, 0).tobytes()
    path = variants.plain(tmp_path / "planar.dcm", picture, planes, PlanarConfiguration=1)

    assert (read_frame(path).pixels() == picture).all()


def test_uncompressed_ybr_becomes_rgb(tmp_path: Path):
    grey = np.full((4, 6, 3), (100, 128, 128), np.uint8)
    path = variants.plain(tmp_path / "ybr.dcm", grey, PhotometricInterpretation="YBR_FULL")

    assert (read_frame(path).pixels() == 100).all()


def test_subsampled_uncompressed_ybr_becomes_rgb():
    name = "SC_ybr_full_422_uncompressed.dcm"

    assert (read_frame(BUNDLED / name).pixels() == pixel_reference(name)).all()


def test_sixteen_bit_colour_keeps_its_high_byte(tmp_path: Path):
    picture = np.full((4, 6, 3), (0xFF00, 0x8000, 0x0100), np.uint16)

    frame = read_frame(variants.plain(tmp_path / "deep.dcm", picture))

    assert frame.bits_allocated == 8
    assert tuple(frame.pixels()[0, 0]) == (255, 128, 1)


def test_palette_becomes_rgb():
    frame = read_frame(BUNDLED / "examples_palette.dcm")

    assert (frame.samples, frame.photometric) == (3, "RGB")


def test_eight_bit_big_endian_words_are_put_in_order():
    name = "SC_rgb_small_odd_big_endian.dcm"

    assert (read_frame(BUNDLED / name).pixels() == pixel_reference(name)).all()


def test_dirty_high_bits_are_masked(tmp_path: Path):
    clean = np.arange(24, dtype=np.uint16).reshape(4, 6)
    path = variants.plain(tmp_path / "dirty.dcm", clean | 0xF000, BitsStored=12, HighBit=11)

    assert (read_frame(path).pixels() == clean).all()


def test_bits_stored_high_are_brought_down(tmp_path: Path):
    clean = np.arange(24, dtype=np.uint16).reshape(4, 6)
    path = variants.plain(tmp_path / "high.dcm", clean << 4, BitsStored=12, HighBit=15)

    assert (read_frame(path).pixels() == clean).all()


def test_signed_pixels_keep_their_sign(tmp_path: Path):
    signed = np.array([[-5, 0], [5, 100]], np.int16)
    path = variants.plain(tmp_path / "signed.dcm", signed & 0x0FFF, BitsStored=12, HighBit=11)
    path = variants.changed(
        path, tmp_path / "marked.dcm", lambda each: setattr(each, "PixelRepresentation", 1)
    )

    frame = read_frame(path)

    assert frame.is_signed
    assert (frame.pixels() == signed).all()
    assert Image.open(BytesIO(thumbnail(frame))).size == (2, 2)


def test_wide_pixels_keep_their_values_on_sixteen_bits(tmp_path: Path):
    wide = np.array([[1_000_000, 2_000_000], [3_000_000, 4_000_000]], np.uint32)
    path = variants.plain(tmp_path / "wide.dcm", wide, RescaleSlope="2", RescaleIntercept="10")

    frame = read_frame(path)

    values = frame.pixels() * frame.slope + frame.intercept
    assert np.abs(values - (wide * 2.0 + 10)).max() < 100
    assert frame.bits_allocated == 16


def test_one_bit_pixels_are_spread(tmp_path: Path):
    picture = np.array([[1, 0, 1], [0, 1, 1]], np.uint8)
    raw = np.packbits(picture.ravel(), bitorder="little").tobytes()
    path = variants.plain(
        tmp_path / "bit.dcm", picture, raw, BitsAllocated=1, BitsStored=1, HighBit=0
    )

    assert (read_frame(path).pixels() == picture).all()


def test_second_frame_is_found(tmp_path: Path):
    frames = np.arange(2 * 4 * 6, dtype=np.uint16).reshape(2, 4, 6)
    path = variants.plain(tmp_path / "two.dcm", frames[0], frames.tobytes(), NumberOfFrames=2)

    assert (read_frame(path, 1).pixels() == frames[1]).all()


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_frame_that_does_not_exist_is_refused(radiograph: Radiograph, index: int):
    with pytest.raises(Undecodable, match="n’existe pas"):
        read_frame(radiograph(), index)


@pytest.mark.parametrize(
    ("changes", "inverse"),
    [
        ({"PhotometricInterpretation": "MONOCHROME1"}, True),
        ({"PresentationLUTShape": "INVERSE"}, True),
        ({"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}, True),
        ({"PresentationLUTShape": "IDENTITY"}, False),
    ],
)
def test_inverse_is_told(tmp_path: Path, changes: dict[str, Any], inverse: bool):
    picture = np.zeros((4, 6), np.uint8)

    assert read_frame(variants.plain(tmp_path / "x.dcm", picture, **changes)).inverse == inverse


def test_missing_window_is_computed_from_the_pixels(tmp_path: Path):
    picture = np.linspace(100, 1100, 10_000).astype(np.uint16).reshape(100, 100)
    path = variants.plain(tmp_path / "x.dcm", picture, RescaleSlope="2", RescaleIntercept="-50")

    [(center, width)] = read_frame(path).windows

    assert abs(center - (2 * 600 - 50)) < 60
    assert 1900 < width < 2000


def test_all_written_windows_are_kept_and_bad_ones_dropped(tmp_path: Path):
    picture = np.zeros((4, 6), np.uint16)
    path = variants.plain(
        tmp_path / "x.dcm", picture, WindowCenter=["40", "300", "1"], WindowWidth=["80", "0", "9"]
    )

    assert read_frame(path).windows == [(40.0, 80.0), (1.0, 9.0)]


def test_zero_slope_counts_as_none(tmp_path: Path):
    picture = np.zeros((4, 6), np.uint16)

    assert read_frame(variants.plain(tmp_path / "x.dcm", picture, RescaleSlope="0")).slope == 1.0


@pytest.mark.parametrize(
    "changes",
    [
        {"Rows": 0},
        {"SamplesPerPixel": 4},
        {"BitsAllocated": 12},
        {"Rows": 60_000, "Columns": 60_000},
        {"Rows": 61},
    ],
)
def test_impossible_layouts_are_refused(radiograph: Radiograph, tmp_path: Path, changes: dict):
    path = variants.changed(
        radiograph(),
        tmp_path / "x.dcm",
        variants.setting(**changes),
    )

    with pytest.raises(Undecodable):
        read_frame(path)


def test_file_without_pixels_is_refused(radiograph: Radiograph, tmp_path: Path):
    path = variants.changed(
        radiograph(), tmp_path / "x.dcm", lambda dataset: delattr(dataset, "PixelData")
    )

    with pytest.raises(Undecodable, match="ne contient pas"):
        read_frame(path)


def test_codestream_of_another_size_is_refused_before_decoding(
    radiograph: Radiograph, tmp_path: Path
):
    path = variants.recompressed(radiograph(), tmp_path / "x.dcm", JPEGLosslessSV1)
    lying = variants.changed(path, tmp_path / "y.dcm", lambda dataset: setattr(dataset, "Rows", 59))

    with pytest.raises(Undecodable):
        read_frame(lying)


def test_broken_codestream_is_refused(radiograph: Radiograph, tmp_path: Path):
    path = variants.recompressed(radiograph(), tmp_path / "x.dcm", JPEGLosslessSV1)
    content = path.read_bytes()
    path.write_bytes(content[:-400] + bytes(400))

    with pytest.raises(Undecodable):
        read_frame(path)


def test_video_is_refused(radiograph: Radiograph, tmp_path: Path):
    path = variants.rle(radiograph(), tmp_path / "x.dcm")
    video = path.read_bytes().replace(b"1.2.840.10008.1.2.5\0", b"1.2.840.10008.1.2.4\0")
    path.write_bytes(video)

    with pytest.raises(Undecodable):
        read_frame(path)


def test_deflate_bomb_is_refused(
    radiograph: Radiograph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = variants.rewritten(radiograph(), tmp_path / "x.dcm", variants.UNCOMPRESSED[2])
    monkeypatch.setattr("quenotte.devices.dicom.reading.LARGEST_INFLATED_BYTES", 1000)

    with pytest.raises(Unreadable, match="anormalement"):
        read_frame(path)


def test_cap_on_pixels_is_applied(radiograph: Radiograph, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pixel_reading, "LARGEST_FRAME_SAMPLES", 2399)

    with pytest.raises(Undecodable, match="trop de pixels"):
        read_frame(radiograph())


def picture_of(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(("rows", "columns", "size"), [(150, 100, (67, 100)), (50, 20, (20, 50))])
def test_thumbnail_fits_a_square(
    radiograph: Radiograph, rows: int, columns: int, size: tuple[int, int]
):
    picture = picture_of(thumbnail(radiograph(rows=rows, columns=columns), side_px=100))

    assert picture.format == "WEBP"
    assert picture.size == size


def test_thumbnail_of_a_radiograph_is_small(radiograph: Radiograph):
    path = radiograph(pixels=intraoral(1, teeth=(36,)))

    assert 1000 < len(thumbnail(path)) < 8000


def test_thumbnail_inverts_when_the_smallest_is_white():
    pixels = np.array([[0, 4095]], "<u2")

    def drawn(*, inverse: bool) -> list[int]:
        frame = Frame(
            rows=1,
            columns=2,
            samples=1,
            bits_allocated=16,
            bits_stored=12,
            is_signed=False,
            photometric="MONOCHROME2",
            slope=1.0,
            intercept=0.0,
            windows=[(2048.0, 4096.0)],
            inverse=inverse,
            spacing_mm=None,
            spacing_is_detector_plane=False,
            data=pixels.tobytes(),
        )
        return [int(value) for value in np.asarray(picture_of(thumbnail(frame)).convert("L"))[0]]

    dark, bright = drawn(inverse=False)
    assert dark < bright
    assert drawn(inverse=True)[0] > drawn(inverse=True)[1]


def test_thumbnail_of_colour_stays_in_colour(tmp_path: Path):
    path = variants.plain(tmp_path / "x.dcm", np.full((20, 20, 3), (250, 10, 10), np.uint8))

    red, green, _ = np.asarray(picture_of(thumbnail(path)).convert("RGB"))[10, 10]
    assert red > 200
    assert green < 60


def test_every_bundled_file_gives_a_frame_or_a_refusal():
    seen: set[type] = set()
    for path in sorted(BUNDLED.rglob("*")):
        if not path.is_file():
            continue
        try:
            frame = read_frame(path)
        except (Undecodable, Unreadable, Truncated) as refusal:
            seen.add(type(refusal))
            continue
        seen.add(Frame)
        assert len(frame.data) == frame.pixels().nbytes
        assert thumbnail(frame)
    assert seen >= {Frame, Undecodable, Unreadable}
