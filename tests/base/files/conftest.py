"""A shelf of its own for each test."""

from pathlib import Path
from typing import Any

import pytest

from quenotte.config import data_folder


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """An empty data folder in which blobs are kept locally."""
    data = data_folder.prepare(tmp_path / "data")
    settings.DATA_DIR = data
    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": data / "blobs"},
        },
    }
    return data
