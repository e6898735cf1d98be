from datetime import date, datetime
from pathlib import Path

import pytest
from PIL import Image

from quenotte.devices.dicom import synthetic
from quenotte.devices.dicom.synthetic import SyntheticPatient
from quenotte.upkeep.backups.pictures import pixels_of


def test_same_picture_in_another_file_shows_the_same(tmp_path: Path):
    picture = Image.effect_noise((40, 30), 50).convert("RGB")
    picture.save(tmp_path / "a.png", compress_level=1)
    picture.save(tmp_path / "b.png", compress_level=9)
    Image.effect_noise((40, 30), 50).save(tmp_path / "c.png")
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()
    assert pixels_of(tmp_path / "a.png") == pixels_of(tmp_path / "b.png") != ""
    assert pixels_of(tmp_path / "c.png") != pixels_of(tmp_path / "a.png")


def test_radiograph_shows_its_pixels(tmp_path: Path):
    for name, seed in (("a", 1), ("b", 2)):
        synthetic.write_radiograph(
            tmp_path / f"{name}.dcm",
            pixels=synthetic.intraoral(seed, teeth=(36,), rows=60, columns=40),
            bits=synthetic.INTRAORAL_BITS,
            patient=SyntheticPatient("1042", "TEST", "LE GALL", "Éloïse", date(1980, 2, 3), "F"),
            taken_at=datetime(2026, 1, 2, 10, 30),
            teeth=(36,),
            seed=seed,
        )
    assert pixels_of(tmp_path / "a.dcm") != pixels_of(tmp_path / "b.dcm")
    assert len(pixels_of(tmp_path / "a.dcm")) == 64


def test_text_shows_nothing_and_a_broken_picture_is_said(tmp_path: Path):
    (tmp_path / "a.txt").write_text("rien à voir")
    assert pixels_of(tmp_path / "a.txt") == ""
    (tmp_path / "b.png").write_bytes(b"\x89PNG and nothing more")
    with pytest.raises(OSError, match="cannot identify"):
        pixels_of(tmp_path / "b.png")
