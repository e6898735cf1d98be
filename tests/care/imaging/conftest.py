"""A data folder of one test, and a device that the practice recognised."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device
from quenotte.config import data_folder
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
