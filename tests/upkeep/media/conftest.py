from pathlib import Path

import pytest

from quenotte.devices.media.disks.fake import FakeSystem


@pytest.fixture
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, for pages and for commands."""
    monkeypatch.setenv("QUENOTTE_DATA", str(folder))
    return folder


@pytest.fixture
def machine(tmp_path: Path) -> FakeSystem:
    """A machine into which disks are plugged by a test."""
    return FakeSystem(tmp_path / "disks")


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """Where the machine links each filesystem: nothing is there."""
    made = tmp_path / "by-uuid"
    made.mkdir()
    return made
