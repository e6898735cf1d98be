"""A practice is taken under contract by who runs the provider, and by nobody else."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.provider.customers import operations, queries
from quenotte.provider.customers.models import Customer
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
PAGE = "/parc/cabinets/nouveau/"


def test_practice_is_taken_on_with_the_usual_hours(diane: Person, client_of: Login):
    client = client_of(diane)
    assertContains(client.get(PAGE), "Nouveau cabinet")
    page = client.post(PAGE, {"name": " Cabinet des Lilas ", "town": "Nantes"}, follow=True)
    assertContains(page, "Faites un jeton")
    made = Customer.objects.get()
    assert made.name == "Cabinet des Lilas"
    assert len(queries.hours_of([made.id])[made.id].openings) == 10
    assert Line.objects.filter(object_kind="customer", action="create").count() == 1


def test_second_of_the_same_name_is_refused(diane: Person, client_of: Login):
    CustomerFactory.create(name="Cabinet des Lilas", town="Nantes")
    page = client_of(diane).post(PAGE, {"name": "cabinet des lilas", "town": "nantes"})
    assertContains(page, "existe déjà dans cette ville")
    assertContains(page, "Ce que vous avez saisi est toujours là", count=1)
    assert Customer.objects.count() == 1


def test_same_name_is_the_same_in_any_capitals_and_accents(diane: Person, client_of: Login):
    CustomerFactory.create(name="Cabinet Éluard", town="Orléans")
    posted = {"name": "CABINET E\u0301LUARD", "town": "ORLÉANS"}
    assertContains(client_of(diane).post(PAGE, posted), "existe déjà dans cette ville")
    # Another letter is another name.
    client_of(diane).post(PAGE, {"name": "Cabinet Eluard", "town": "Orléans"})
    assert Customer.objects.count() == 2


def test_same_name_in_the_same_moment_is_said_in_words(
    diane: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
):
    CustomerFactory.create(name="Cabinet des Lilas", town="Nantes")
    monkeypatch.setattr(operations, "_must_be_alone", lambda *_names, **_but: None)
    page = client_of(diane).post(PAGE, {"name": "Cabinet des Lilas", "town": "Nantes"})
    assertContains(page, "existe déjà dans cette ville")
    assert Customer.objects.count() == 1


def test_wrong_postcode_says_so(diane: Person, client_of: Login):
    assert client_of(diane).post(PAGE, {"name": "A", "postcode": "44"}).status_code == 200
    assert not Customer.objects.exists()


def test_technician_may_not(tom: Person, client_of: Login):
    assert client_of(tom).get(PAGE).status_code == 403


def test_internet_providers_that_are_known_are_proposed(diane: Person, client_of: Login):
    for name in ("Fibre Bretonne", "Orange", "Orange", ""):
        CustomerFactory.create(internet_provider=name)
    page = client_of(diane).get("/parc/cabinets/nouveau/").content.decode()
    assert (
        page.count('<option value="Orange">') == page.count('<option value="Fibre Bretonne">') == 1
    )


def test_menu_of_the_manager_speaks_of_the_provider(diane: Person, client_of: Login):
    client = client_of(diane)
    page = client.get("/cabinet/").content.decode()
    assert "Nom du prestataire" in page
    for words in ("FINESS", "RPPS", "fauteuils", "Parties du cabinet"):
        assert words not in page
    house = Practice.objects.get()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    told = {"name": "Dentaire Ouest", "phone": "01 99 00 00 01", "seen": seen[1]}
    client.post("/cabinet/", told)
    house.refresh_from_db()
    assert house.name == "Dentaire Ouest"
    assert "Dentaire Ouest" in client.get("/cabinet/").content.decode()
