"""A machine that is a folder."""

from pathlib import Path

import pytest

from tests.station.fakes import FakeMachine


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    """A machine with nothing in it."""
    return FakeMachine(tmp_path)
