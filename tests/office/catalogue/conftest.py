"""A practice with its catalogue, and a data folder for what is brought."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.config import data_folder
from quenotte.office.catalogue import operations
from tests.care.people import actor as actor_of


@pytest.fixture
def shelves(practice: Practice) -> Practice:
    """The practice, its catalogue loaded."""
    operations.load(practice.id)
    return practice


@pytest.fixture
def actor(alice: Person) -> Actor:
    """Dr Alice."""
    return actor_of(alice)


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
