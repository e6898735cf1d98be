"""A radiograph in the record, and one that waits."""

from pathlib import Path

import pytest

from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import arrivals, thumbnails
from quenotte.care.patients.models import Patient
from tests.care.imaging.objects import incoming, radiograph


@pytest.fixture
def filed(folder: Path, device: Device, patient: Patient) -> Picture:
    """A radiograph in the record, with its thumbnail."""
    path = radiograph(folder / "incoming" / "a.part", patient)
    outcome = arrivals.receive(incoming(path))
    thumbnails.draw_thumbnail(outcome.picture_id)
    return Picture.objects.get(id=outcome.picture_id)


@pytest.fixture
def waiting(folder: Path, device: Device, patient: Patient) -> Picture:
    """The same one, whose birth date contradicts the record."""
    path = radiograph(folder / "incoming" / "a.part", patient, PatientBirthDate="19850304")
    outcome = arrivals.receive(incoming(path))
    thumbnails.draw_thumbnail(outcome.picture_id)
    return Picture.objects.get(id=outcome.picture_id)
