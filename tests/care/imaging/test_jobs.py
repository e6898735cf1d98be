"""What the worker does for pictures."""

import os
from pathlib import Path

import pytest

from quenotte.care.imaging import jobs
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import pending
from quenotte.care.patients.models import Patient
from tests.care.imaging.objects import radiograph


@pytest.mark.django_db
def test_catch_up_takes_in_and_draws(folder: Path, device: Device, patient: Patient):
    name = f"{b'CAPTEUR1'.hex()}.a.dcm"
    os.utime(radiograph(pending.folder() / name, patient), (1_700_000_000, 1_700_000_000))

    jobs.catch_up()

    picture = Picture.objects.get()
    assert picture.patient == patient
    assert picture.thumbnail is not None


def test_prune_keeps_a_small_cache(folder: Path):
    kept = folder / "cache" / "frames" / "ab" / "x.raw"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"pixels")

    jobs.prune_frames()

    assert kept.exists()
