"""One small site, closed after each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.journal.server import Server
from tests.devices.journal.site import Site


@pytest.fixture(autouse=True)
def _disk_that_answers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is cut here: that we wait for the disk is seen where each wait is counted."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A database with a table, a journal that has not begun, one carrier."""
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server of PostgreSQL that is made up."""
    return Server(tmp_path, monkeypatch)
