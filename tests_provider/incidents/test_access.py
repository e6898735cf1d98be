"""The doors of incidents: a page of no practice, strangers who ask too often."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django.asserts import assertContains

from quenotte.base.people.models import Person
from quenotte.provider.incidents import access
from quenotte.provider.traces.models import Look
from tests_provider.factories import IncidentFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


def test_a_fault_of_an_internet_provider_opens_no_practice(tom: Person, client_of: Login) -> None:
    storm = IncidentFactory.create(
        customer=None, cause="storm", network="Fibre Bretonne", rule="", reason="network"
    )
    page = client_of(tom).get(f"/parc/incidents/{storm.pk}/")
    assertContains(page, "Panne générale")
    assert not Look.objects.exists()


def test_a_stranger_waits_after_some_visits_of_a_minute(rf: RequestFactory) -> None:
    request = rf.get("/r/x/", REMOTE_ADDR="192.0.2.7")
    seen = [access.is_within_rate(request) for _ in range(access.PER_MINUTE + 1)]
    assert seen == [True] * access.PER_MINUTE + [False]


def test_a_minute_that_ends_during_a_visit_lets_it_through(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(key: str) -> int:
        raise ValueError(key)

    monkeypatch.setattr(cache, "incr", ended)
    assert access.is_within_rate(rf.get("/r/x/", REMOTE_ADDR="192.0.2.8"))
