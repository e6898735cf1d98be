"""Fixtures of the whole suite: the cast, the clock, and a journal that tests may empty."""

import gc
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.patients.models import Patient
from quenotte.devices.repository import keyfiles
from tests import factories
from tests.support import emptying, workers
from tests.support import migrated as migration

#: A Tuesday morning; every test lives in it unless marked ``real_clock``.
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

# A busy machine is no failure: timings live in `bench/`.
settings.register_profile(
    "untimed", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
)
settings.load_profile("untimed")

emptying.begin()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with real processes: the many short tests then keep both workers busy to the end."""
    items.sort(key=lambda item: "real" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Let the collector forget what stays for the whole run: it would walk through all of it.

    It then looks after 50,000 new objects, some ten pages. A socket that only a circle of objects
    still holds may so be told with a later test, and still fails the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Where a migrated database lies; see `tests.support.migrated`."""
    return workers.made_once(tmp_path_factory, "migrated", migration.make)


@pytest.fixture(scope="session", autouse=True)
def quick_keys() -> Iterator[None]:
    """Open repositories quickly: it takes a tenth of a second on purpose, and nobody guesses."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keyfiles, "_N", 1 << 10)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database of the tests is there before Django looks: it migrates what is left."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: dict[str, Any]
) -> None:
    """Put a migrated copy where Django looks."""
    migration.copy_to_test_database(migrated)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the journal begin with the key of these settings: the copy was sealed with another."""
    with django_db_blocker.unblock():
        emptying.empty_sealed_tables_too(TransactionTestCase())


@pytest.fixture(autouse=True)
def frozen_clock(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Stop the clock at ``NOW``; tests of real processes are marked ``real_clock``."""
    if request.node.get_closest_marker("real_clock"):
        yield None
        return
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forget what other tests left in the cache: they share one minute and one address."""
    cache.clear()


@pytest.fixture
def practice(db: None) -> Practice:
    """The practice in which the cast works."""
    return factories.PracticeFactory.create(name="Cabinet des Quenottes")


@pytest.fixture
def other_practice(db: None) -> Practice:
    """Another practice of the same database."""
    return factories.PracticeFactory.create(name="Cabinet voisin")


@pytest.fixture
def alice(practice: Practice) -> Person:
    """Dr Alice: treats patients and owns the practice."""
    return factories.PersonFactory.create(
        practice=practice, username="alice", title="Dr", role="praticien", is_manager=True
    )


@pytest.fixture
def bob(practice: Practice) -> Person:
    """Bob: the assistant."""
    return factories.PersonFactory.create(practice=practice, username="bob", role="assistante")


@pytest.fixture
def sarah(practice: Practice) -> Person:
    """Sarah: the secretary."""
    return factories.PersonFactory.create(practice=practice, username="sarah", role="secretaire")


@pytest.fixture
def marc(practice: Practice) -> Person:
    """Marc: the accountant; nothing clinical is for him."""
    return factories.PersonFactory.create(practice=practice, username="marc", role="comptable")


@pytest.fixture
def chloe(other_practice: Practice) -> Person:
    """Chloe: a dentist of another practice, a stranger here."""
    return factories.PersonFactory.create(
        practice=other_practice, username="chloe", role="praticien", is_manager=True
    )


@pytest.fixture
def tom(practice: Practice) -> Person:
    """Tom: a technician who has not signed the charter, so his account is closed."""
    return factories.PersonFactory.create(
        practice=practice, username="tom", role="gestionnaire", is_active=False
    )


@pytest.fixture
def patient(practice: Practice) -> Patient:
    """A patient of the practice."""
    return factories.PatientFactory.create(practice=practice)


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """Return a browser in which the given person is logged in."""

    def login(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="quenotte.base.people.backends.Backend")
        return client

    return login
