"""The page of who opened a practice."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.people.models import Person
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory, MachineFactory

pytestmark = pytest.mark.django_db


def test_page_names_who_opened_what(tom: Person, diane: Person, client_of: Callable[..., Client]):
    machine = MachineFactory.create(name="ACCUEIL")
    other = MachineFactory.create(name="AILLEURS")
    for one in (machine, other):
        client_of(diane).get(f"/parc/machines/{one.id}/")
    page = client_of(tom).get(f"/parc/cabinets/{machine.customer_id}/ouvertures/")
    for words in (diane.full_name, tom.full_name, "ACCUEIL", "Page d’une machine"):
        assertContains(page, words)
    assertNotContains(page, "AILLEURS")
    assert Look.objects.filter(customer=machine.customer).count() == 2


def test_pages_are_bounded(tom: Person, client_of: Callable[..., Client]):
    customer = CustomerFactory.create()
    client = client_of(tom)
    for _each in range(51):
        client.get(f"/parc/cabinets/{customer.id}/")
    first = client.get(f"/parc/cabinets/{customer.id}/ouvertures/")
    second = client.get(f"/parc/cabinets/{customer.id}/ouvertures/?page=2")
    assert (len(first.context["openings"]), len(second.context["openings"])) == (50, 3)
