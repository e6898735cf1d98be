"""Raw frames: straight from the blob when they lie there, decoded once otherwise."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import RLELossless

from quenotte.base.files import operations as files
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import frames
from quenotte.care.imaging.operations.arrivals import receive
from quenotte.care.patients.models import Patient
from quenotte.kernel.errors import Refusal
from tests.care.imaging.objects import incoming, radiograph

pytestmark = pytest.mark.django_db


def stored(path: Path) -> Picture:
    return Picture.objects.select_related("blob").get(id=receive(incoming(path)).picture_id)


def bytes_of(raw: frames.RawFrame) -> bytes:
    return raw.path.read_bytes()[raw.offset : raw.offset + raw.length]


def compressed(path: Path) -> Path:
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless)
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_plain_pixels_are_served_from_the_blob(folder: Path, device: Device, patient: Patient):
    path = radiograph(folder / "incoming" / "a.part", patient)
    pixels = pydicom.dcmread(path).PixelData
    picture = stored(path)

    raw = frames.raw_frame(picture)

    assert raw.path == files.local_path(picture.blob)
    assert bytes_of(raw) == pixels
    assert list((folder / "cache" / "frames").glob("*/*.raw")) == []


def test_compressed_pixels_are_decoded_once(
    folder: Path, device: Device, patient: Patient, monkeypatch: pytest.MonkeyPatch
):
    path = radiograph(folder / "incoming" / "a.part", patient)
    pixels = pydicom.dcmread(path).PixelData
    picture = stored(compressed(path))

    assert bytes_of(frames.raw_frame(picture)) == pixels

    monkeypatch.setattr("quenotte.devices.dicom.frames.read_frame", None)
    assert bytes_of(frames.raw_frame(picture)) == pixels


@pytest.mark.parametrize("command", [["dcmcjpeg", "+e1"], ["dcmcjpls"], ["dcmcrle"]])
def test_what_real_encoders_wrote_gives_the_same_pixels(
    folder: Path, device: Device, patient: Patient, command: list[str]
):
    plain = radiograph(folder / "plain.dcm", patient)
    path = folder / "incoming" / "a.part"
    subprocess.run([*command, str(plain), str(path)], check=True)

    assert bytes_of(frames.raw_frame(stored(path))) == pydicom.dcmread(plain).PixelData


def test_cache_may_be_emptied_at_any_time(folder: Path, device: Device, patient: Patient):
    picture = stored(compressed(radiograph(folder / "incoming" / "a.part", patient)))
    frames.raw_frame(picture).path.unlink()

    assert frames.raw_frame(picture).path.exists()


@pytest.mark.parametrize("content", ["{", json.dumps({"version": 0})])
def test_strange_cache_is_made_again(folder: Path, device: Device, patient: Patient, content: str):
    picture = stored(radiograph(folder / "incoming" / "a.part", patient))
    known = folder / "cache" / "frames" / picture.blob_id[:2] / f"{picture.blob_id}.json"
    known.parent.mkdir(parents=True)
    known.write_text(content)

    assert frames.description(picture)["rows"] == 60


def test_description_says_what_the_viewer_needs(folder: Path, device: Device, patient: Patient):
    picture = stored(radiograph(folder / "incoming" / "a.part", patient))

    said = frames.description(picture)

    assert (said["rows"], said["columns"], said["samples"]) == (60, 40, 1)
    assert (said["bits_allocated"], said["bits_stored"], said["is_signed"]) == (16, 12, False)
    assert (said["slope"], said["intercept"], said["inverse"]) == (1.0, 0.0, False)
    assert len(said["windows"][0]) == 2
    assert json.loads(json.dumps(said)) == said


def test_frame_of_what_holds_no_picture_is_refused(folder: Path, device: Device, patient: Patient):
    path = radiograph(folder / "incoming" / "a.part", patient)
    dataset = pydicom.dcmread(path)
    del dataset.PixelData
    del dataset.Rows
    dataset.save_as(path, enforce_file_format=True)
    picture = stored(path)

    with pytest.raises(Refusal):
        frames.description(picture)


def test_prune_takes_the_longest_unused_first(folder: Path):
    place = folder / "cache" / "frames" / "ab"
    place.mkdir(parents=True)
    for number in range(3):
        raw = place / f"{number}.raw"
        raw.write_bytes(np.zeros(10, np.uint8).tobytes())
        os.utime(raw, (number, number))

    assert frames.prune(limit_bytes=25) == 1
    assert sorted(each.name for each in place.iterdir()) == ["1.raw", "2.raw"]
    assert frames.prune(limit_bytes=25) == 0
