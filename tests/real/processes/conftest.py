"""Real processes: each test on an installation of its own."""

from collections.abc import Iterator

import pytest

from tests.support.installations import Installation, Workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Where installations are made."""
    made = Workshop(tmp_path_factory.mktemp("installations"))
    yield made
    made.close()


@pytest.fixture
def installation(workshop: Workshop) -> Installation:
    """A fresh installation."""
    return workshop.make()
