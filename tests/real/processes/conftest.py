"""Real processes: each test on an installation of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.real.processes.people import Login, children_of
from tests.real.processes.served import Served
from tests.support.installations import Installation, Workshop, wait_until

_PATIENT = """
import sys
from quenotte.base.practice.models import Practice
from tests.factories import PatientFactory
print(PatientFactory.create(
    practice=Practice.objects.get(pk=sys.argv[1]), file_number=9000
).pk)
"""


@pytest.fixture(scope="session")
def workshop(
    tmp_path_factory: pytest.TempPathFactory, migrated: dict[str, Any]
) -> Iterator[Workshop]:
    """Where installations are made."""
    made = Workshop(tmp_path_factory.mktemp("installations"), migrated)
    yield made
    made.close()


@pytest.fixture
def installation(workshop: Workshop) -> Iterator[Installation]:
    """A fresh installation."""
    made = workshop.make()
    yield made
    made.close()


@pytest.fixture(scope="session")
def served(workshop: Workshop) -> Iterator[Served]:
    """One installation that serves while tests look at it, and kill its processes."""
    installation = workshop.make()
    with installation.serving() as server:
        wait_until(lambda: len(children_of(server.pid)) == 4)
        yield installation, server


@pytest.fixture(scope="session")
def login(served: Served) -> Login:
    """Somebody of it."""
    return Login(served[0])


@pytest.fixture(scope="session")
def patient_id(login: Login) -> str:
    """A patient of her practice."""
    return login.installation.script(_PATIENT, login.practice_id).strip()
