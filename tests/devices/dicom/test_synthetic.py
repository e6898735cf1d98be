"""Invented radiographs: the same seed, the same picture; believable in numbers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from quenotte.devices.dicom.headers import read_header
from quenotte.devices.dicom.phantom.codes import region_of, sct_of, srt_of
from quenotte.devices.dicom.phantom.mouth import Grid, add_teeth, side_by_side
from quenotte.devices.dicom.phantom.projection import Shadow, Story
from quenotte.devices.dicom.phantom.stories import story_of
from quenotte.devices.dicom.phantom.teeth import ROWS, row_of, tooth
from quenotte.devices.dicom.phantom.textures import enlarged
from quenotte.devices.dicom.synthetic import (
    Device,
    SyntheticPatient,
    intraoral,
    panoramic,
    write_radiograph,
)
from quenotte.kernel.teeth import tooth_from_code
from tests.devices.dicom.conftest import JEANNE, TAKEN_AT

Radiograph = Callable[..., Path]
ALL_TEETH = [fdi for row in ROWS for fdi in row]


def test_same_seed_gives_the_same_picture_and_another_seed_another():
    first = intraoral(4, teeth=(36,), rows=300, columns=200)

    assert (first == intraoral(4, teeth=(36,), rows=300, columns=200)).all()
    assert (first != intraoral(5, teeth=(36,), rows=300, columns=200)).any()


@pytest.mark.parametrize(
    ("rows", "columns", "kind"),
    [(1500, 1000, "periapical"), (1000, 1500, "bitewing"), (1253, 961, "periapical")],
)
def test_intraoral_has_the_size_asked_and_twelve_bits(rows: int, columns: int, kind: str):
    picture = intraoral(2, teeth=(16, 46), kind=kind, rows=rows, columns=columns)  # type: ignore[arg-type]

    assert picture.shape == (rows, columns)
    assert picture.dtype == np.uint16
    assert picture.max() < 4096
    assert picture.max() - picture.min() > 2000


@pytest.mark.parametrize("teeth", [(36,), (16, 17), (11, 21), (41, 31), (75,), (55, 54), (28,)])
def test_crowns_are_denser_than_air_and_point_the_right_way(teeth: tuple[int, ...]):
    picture = intraoral(7, teeth=teeth).astype(float)
    top, bottom = picture[:80].mean(), picture[-80:].mean()

    air_is_on_top = not tooth(teeth[0]).is_upper
    assert (top < bottom) == air_is_on_top


@pytest.mark.parametrize("teeth", [(16, 46), (36,), (26,), (65, 75)])
def test_bitewing_shows_both_jaws(teeth: tuple[int, ...]):
    picture = intraoral(3, teeth=teeth, kind="bitewing", rows=1000, columns=1500).astype(float)
    rows = picture.mean(axis=1)

    assert rows[430:570].min() < rows[200:350].mean()
    assert rows[430:570].min() < rows[650:800].mean()


def test_panoramic_has_fourteen_bits_and_more_teeth_than_air():
    picture = panoramic(1, rows=768, columns=1600)

    assert picture.shape == (768, 1600)
    assert 4096 < picture.max() < 16384
    middle = picture[300:480, 500:1100].astype(float).mean()
    assert middle > picture[:100, :100].astype(float).mean()


def test_unknown_tooth_is_an_error():
    with pytest.raises(KeyError):
        intraoral(1, teeth=(99,))
    with pytest.raises(KeyError):
        row_of(99)


STORIES = [
    Story(),
    Story(filling="metal", filling_side=-1),
    Story(filling="composite"),
    Story(has_crown=True, has_root_filling=True),
    Story(has_caries=True),
    Story(has_apical_shadow=True),
]


@pytest.mark.parametrize("story", STORIES[1:])
@pytest.mark.parametrize("fdi", [11, 13, 15, 16, 36, 85])
def test_what_happened_to_a_tooth_shows(fdi: int, story: Story):
    each = tooth(fdi)
    across = np.arange(-8, 8, 0.1, dtype=np.float32)
    along = np.arange(-1, each.crown + each.root + 4, 0.1, dtype=np.float32)

    healthy, _ = Shadow(each, Story(), across, along).attenuation(each.crown + 2)
    treated, _ = Shadow(each, story, across, along).attenuation(each.crown + 2)

    assert np.isfinite(treated).all()
    assert np.abs(treated - healthy).max() > 0.05


def test_stories_are_mostly_of_health():
    rng = np.random.default_rng(1)
    stories = [story_of(tooth(fdi), rng) for fdi in ALL_TEETH * 4]

    assert sum(story.has_caries for story in stories) < len(stories) / 4
    assert any(story.filling for story in stories)
    assert any(story.has_root_filling for story in stories)
    assert {story.filling for story in stories} == {"", "metal", "composite"}


def test_stretching_to_the_same_size_changes_nothing():
    picture = np.arange(12, dtype=np.float32).reshape(3, 4)

    assert (enlarged(picture, 3, 4) == picture).all()
    assert enlarged(picture, 5, 7)[-1, -1] == picture[-1, -1]


def test_teeth_outside_the_picture_draw_nothing():
    grid = Grid(50, 40, 0.1)
    picture = np.zeros((50, 40), np.float32)
    rng = np.random.default_rng(1)
    placed = side_by_side((36,), 4.0, rng)

    add_teeth(picture, grid, placed, edge=500.0, loss=0, rng=rng)

    assert (picture == 0).all()


@pytest.mark.parametrize("fdi", ALL_TEETH)
def test_codes_written_are_read_back(fdi: int):
    sct, meaning = sct_of(fdi)
    today, older = tooth_from_code(sct, "SCT"), tooth_from_code(srt_of(fdi), "SRT")

    assert today is not None
    assert older is not None
    assert (today.tooth, older.tooth) == (fdi, fdi)
    assert "tooth" in meaning.lower()
    assert region_of(fdi)[2].endswith("region")


def test_picture_written_has_the_pixels_given(radiograph: Radiograph, tmp_path: Path):
    path = tmp_path / "x.dcm"
    pixels = intraoral(1, teeth=(36,), rows=30, columns=20)
    write_radiograph(
        path, pixels=pixels, bits=12, patient=JEANNE, taken_at=TAKEN_AT, teeth=(36,), seed=1
    )

    assert path.read_bytes().endswith(pixels.tobytes())


def test_same_seed_gives_the_same_file(radiograph: Radiograph):
    assert radiograph(3).read_bytes() == radiograph(3).read_bytes()
    assert read_header(radiograph(3)).study_uid != read_header(radiograph(4)).study_uid


def test_panoramic_is_another_class_with_another_device(radiograph: Radiograph):
    header = read_header(radiograph(modality="PX", bits=14, teeth=()))

    assert header.sop_class_uid == "1.2.840.10008.5.1.4.1.1.1.1"
    assert header.pixel_spacing_mm == (0.1, 0.1)
    assert (header.teeth, header.laterality) == ((), "B")
    assert header.model == "Panoramique inventé"


def test_patient_with_little_known_and_aware_time_and_device_of_choice(radiograph: Radiograph):
    someone = SyntheticPatient("7", "", "X", "Y", None, "I")
    moment = datetime(2026, 5, 4, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
    device = Device("Maker", "Model", 0.04, 60, 100, 6)

    header = read_header(radiograph(patient=someone, taken_at=moment, device=device))

    assert (header.issuer, header.born_on, header.sex) == ("", None, "")
    assert header.taken_at == datetime(2026, 5, 4, 8)
    assert (header.manufacturer, header.pixel_spacing_mm) == ("Maker", (0.04, 0.04))


@pytest.mark.parametrize(
    ("teeth", "laterality"), [((16,), "R"), ((26, 36), "L"), ((11, 21), "B"), ((16, 46), "R")]
)
def test_laterality_follows_the_teeth(
    radiograph: Radiograph, teeth: tuple[int, ...], laterality: str
):
    assert read_header(radiograph(teeth=teeth)).laterality == laterality
