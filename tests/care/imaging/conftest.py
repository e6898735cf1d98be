"""A data folder of one test, and a device that the practice recognised."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device
from quenotte.care.imaging.operations.handler import PictureHandler
from quenotte.config import data_folder
from quenotte.devices.dicom.listener import Listener
from tests import factories


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """The data folder, empty."""
    path = data_folder.prepare(tmp_path / "data")
    settings.DATA_DIR = path
    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": path / "blobs"},
        },
    }
    return path


@pytest.fixture
def device(practice: Practice) -> Device:
    """A recognised sensor."""
    return factories.DeviceFactory.create(practice=practice, ae_title="CAPTEUR1", name="Capteur 1")


@pytest.fixture
def handler(transactional_db: None, folder: Path) -> Iterator[PictureHandler]:
    """What the DICOM process does with arrivals."""
    made = PictureHandler()
    yield made
    made.close()


@pytest.fixture
def listener(handler: PictureHandler, folder: Path) -> Iterator[Listener]:
    """The practice's DICOM port, on a free number."""
    made = Listener(handler=handler, incoming=folder / "incoming", port=0)
    made.start()
    yield made
    made.stop(timeout_s=2.0)
