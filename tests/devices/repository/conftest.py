"""A small repository in a folder."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository

PASSPHRASE = "carte postale d’un été à Brive"
AT = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no medium: the order of the steps is what is looked at."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "repository")


@pytest.fixture
def repository(store: FolderStore) -> Repository:
    return Repository.create(store, PASSPHRASE, host="srv", user="q")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a picture that cannot be packed, a letter that can, and a folder."""
    folder = tmp_path / "files"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures/one.dcm").write_bytes(os.urandom(200_000))
    (folder / "letter.txt").write_text("Chère consœur, cher confrère,\n" * 200)
    (folder / "empty.txt").touch()
    return folder
