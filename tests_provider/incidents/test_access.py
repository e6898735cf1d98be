"""The door of incidents: a page of no practice."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from quenotte.base.people.models import Person
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
