"""Fixtures of the provider's suite: its cast, the clock, a journal that tests may empty.

A suite of its own, for the provider's site has other settings and another database: it runs
without any app of the practice (``--ds=quenotte.config.settings.test_provider``).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.provider.charter.models import Signature
from tests.support import emptying
from tests_provider import factories

emptying.begin()

#: A Tuesday morning; every test lives in it unless marked ``real_clock``.
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

#: Folders of few tests that take long: sites, processes, weeks of incidents.
_LONG = frozenset({"real", "station", "isolation", "config", "incidents"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: the worker that ended with it would keep the others idle."""
    items.sort(key=lambda item: _LONG.isdisjoint(item.path.parts))


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
def house(db: None) -> Practice:
    """The provider itself, in which the cast works."""
    return factories.HouseFactory.create(name="Dentaire Services")


@pytest.fixture
def diane(house: Practice) -> Person:
    """Diane: runs the provider."""
    return factories.PersonFactory.create(practice=house, username="diane", role="gestionnaire")


@pytest.fixture
def tom(house: Practice) -> Person:
    """Tom: a technician."""
    return factories.PersonFactory.create(practice=house, username="tom", role="technicien")


@pytest.fixture
def actor(tom: Person) -> Actor:
    """Tom, as operations know him."""
    return Actor(
        person_id=tom.id,
        person_label=tom.full_name,
        practice_id=tom.practice_id,
        workstation="",
        source="web",
        roles=tom.roles,
    )


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Return a browser in which the given person is logged in; she signed the charter before."""

    def login(person: Person, *, has_signed: bool = True) -> Client:
        client = Client()
        if has_signed and not Signature.objects.filter(person=person).exists():
            factories.SignatureFactory.create(person=person)
        client.force_login(person, backend="quenotte.base.people.backends.Backend")
        return client

    return login
