"""A machine without disks, and the disks of one installation."""

import os

import pytest

from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.visits import Disks

SECRET = bytes(range(32))


@pytest.fixture(autouse=True)
def _disk_that_answers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def system(tmp_path) -> FakeSystem:
    return FakeSystem(tmp_path / "machine")


@pytest.fixture
def disks(system) -> Disks:
    return Disks(system, SECRET)
