"""The practice of a new token is found by typing, among thousands."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.people.models import Person
from quenotte.provider.customers import queries
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment.models import Token
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Any]


@pytest.fixture
def forge() -> Customer:
    made: Customer = CustomerFactory.create(
        name="Cabinet de la Forgé", town="Nantes", postcode="44000"
    )
    return made


def test_page_names_no_practice_until_one_is_typed(tom: Person, client_of: Login, forge: Customer):
    page = client_of(tom).get("/inscriptions/")
    assertNotContains(page, "Forgé")
    assertNotContains(page, "<option")
    assertNotContains(page, "Faire un jeton")


@pytest.mark.parametrize(
    "typed", ["forge", "FORGÉ nant", "44000", "  nantes  cabinet ", "la forge nantes 44"]
)
def test_practice_is_found_whatever_the_accents(typed: str, forge: Customer):
    CustomerFactory.create(
        name="Cabinet de la Forge", town="Brest", postcode="29200", is_active=False
    )
    CustomerFactory.create(name="Cabinet du Canal", town="Vannes", postcode="56000")
    assert queries.named(typed, most=5) == ([forge], 1)


@pytest.mark.parametrize("typed", ["", "   ", "forge brest", "%", "_"])
def test_nothing_is_found_where_nothing_fits(typed: str, forge: Customer):
    assert queries.named(typed, most=5) == ([], 0)


def test_too_many_are_counted_and_those_that_begin_so_come_first():
    for number in range(7):
        CustomerFactory.create(name=f"Cabinet Lilas {number}")
    first = CustomerFactory.create(name="Lilas (groupe)")
    found, count = queries.named("lilas", most=3)
    assert (found[0], len(found), count) == (first, 3, 8)


def test_token_is_made_for_who_was_found(tom: Person, client_of: Login, forge: Customer):
    client = client_of(tom)
    page = client.get("/inscriptions/?q=forge")
    assertContains(page, f"?cabinet={forge.id}")
    assert Look.objects.filter(customer=forge, what="enrolment").exists()
    assertContains(client.get(f"/inscriptions/?cabinet={forge.id}"), "Cabinet de la Forgé")
    client.post("/inscriptions/", {"customer": forge.id, "machines": 3})
    assert Token.objects.get().customer == forge
    assertContains(client.get("/inscriptions/?q=zzz"), "Aucun cabinet sous contrat ne convient")


@pytest.mark.parametrize("given", ["", "zz", "0" * 32])
def test_token_of_nobody_is_refused(tom: Person, client_of: Login, forge: Customer, given: str):
    page = client_of(tom).post("/inscriptions/", {"customer": given, "machines": 3})
    assertContains(page, "cherche", status_code=page.status_code)
    assert not Token.objects.exists()


def test_token_of_a_former_practice_is_refused(tom: Person, client_of: Login, forge: Customer):
    Customer.objects.update(is_active=False)
    page = client_of(tom).post("/inscriptions/", {"customer": forge.id, "machines": 3})
    assertContains(page, "sous contrat", status_code=page.status_code)
    assert not Token.objects.exists()


def test_practice_that_its_address_names_has_its_row(
    tom: Person, client_of: Login, forge: Customer
):
    assertContains(client_of(tom).get(f"/inscriptions/?cabinet={forge.id}"), "Forgé")
    assert Look.objects.get().customer == forge
