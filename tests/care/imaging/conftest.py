"""A data folder of one test, and a device that the practice recognised."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
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
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that several threads write to, each through a connection of its own.

    The suite's SQLite lives in memory, where a second writer is refused instead of made to
    wait: this puts a copy of it in a file, as a practice has it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    memory, name = connection.connection, connection.settings_dict["NAME"]
    with contextlib.closing(sqlite3.connect(tmp_path / "shared.sqlite3")) as copy:
        memory.backup(copy)
    connection.connection = None
    connection.settings_dict["NAME"] = tmp_path / "shared.sqlite3"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = memory


@pytest.fixture
def handler(shared_database: None, folder: Path) -> Iterator[PictureHandler]:
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
