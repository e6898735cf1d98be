"""What is done leads to where its result is seen, and a page names what waits elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.people.models import Person
from quenotte.provider.asking.models import Question
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment.models import Machine
from tests_provider.factories import CustomerFactory, MachineFactory, TokenFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
_NOBODY = "00000000-0000-4000-8000-000000000000"
_WAITS = "attend que quelqu’un la reconnaisse"


def test_new_practice_is_chosen_already_for_its_token(diane: Person, client_of: Login):
    client = client_of(diane)
    page = client.post("/parc/cabinets/nouveau/", {"name": "Cabinet des Lilas", "town": "Nantes"})
    made = Customer.objects.get()
    expected = f"/inscriptions/?cabinet={made.id}"
    assertRedirects(page, expected, fetch_redirect_response=False)
    assertContains(client.get(expected), "Faire un jeton")


def test_agent_that_is_revoked_from_its_machine_leads_back_to_it(tom: Person, client_of: Login):
    machine = MachineFactory.create(name="ACCUEIL")
    second = MachineFactory.create(customer=machine.customer, host=machine, agent="osquery")
    client, address = client_of(tom), f"/parc/machines/{machine.id}/"
    assertContains(client.get(address), f'name="machine" value="{machine.id}"')
    done = client.post(f"/inscriptions/machines/{second.id}/revoquer/", {"machine": machine.id})
    assertRedirects(done, address)
    assert Machine.objects.get(pk=second.pk).standing == "revoked"


@pytest.mark.parametrize("told", ["", "ailleurs", _NOBODY])
def test_machine_that_is_refused_in_quarantine_leads_to_the_quarantine(
    told: str, tom: Person, client_of: Login
):
    machine = MachineFactory.create(standing="quarantine")
    done = client_of(tom).post(f"/inscriptions/machines/{machine.id}/revoquer/", {"machine": told})
    assertRedirects(done, "/inscriptions/")


def test_practice_says_who_waits_there(tom: Person, client_of: Login):
    machine = MachineFactory.create()
    address = f"/parc/cabinets/{machine.customer_id}/"
    client = client_of(tom)
    assertNotContains(client.get(address), _WAITS)
    MachineFactory.create(customer=machine.customer, standing="quarantine")
    MachineFactory.create(standing="quarantine")
    assertContains(client.get(address), f"1 machine {_WAITS}")


def test_practice_without_a_machine_is_not_said_to_be_well(tom: Person, client_of: Login):
    customer = CustomerFactory.create()
    page = client_of(tom).get(f"/parc/cabinets/{customer.id}/")
    assertContains(page, "Rien n’est regardé ici")
    assertContains(page, f"/inscriptions/?cabinet={customer.id}")
    assertNotContains(page, "n’a besoin de personne")


def test_page_of_enrolments_opens_the_practices_that_it_names(tom: Person, client_of: Login):
    waits = MachineFactory.create(standing="quarantine")
    token = TokenFactory.create()
    page = client_of(tom).get("/inscriptions/")
    for one in (waits, token):
        assertContains(page, f'href="/parc/cabinets/{one.customer_id}/"')


def test_question_says_whom_it_is_for(tom: Person, client_of: Login):
    customer = CustomerFactory.create(name="Cabinet des Lilas", town="Nantes")
    machine = MachineFactory.create(customer=customer, name="ACCUEIL")
    client = client_of(tom)
    ask = "/parc/questions/nouvelle/"
    assertNotContains(client.get(f"/parc/cabinets/{customer.id}/"), ask)
    assertNotContains(client.get(f"/parc/machines/{machine.id}/"), ask)
    # A second agent on the machine takes questions.
    MachineFactory.create(customer=customer, host=machine, agent="osquery", name="ACCUEIL")
    assertContains(client.get(f"/parc/cabinets/{customer.id}/"), f"{ask}?cabinet={customer.id}")
    assertContains(client.get(f"/parc/machines/{machine.id}/"), f"{ask}?machine={machine.id}")
    assertContains(client.get(f"{ask}?machine={machine.id}"), "<strong>ACCUEIL</strong>")
    assertContains(
        client.get(f"{ask}?cabinet={customer.id}"), f"<strong>{customer.full_name}</strong>"
    )
    client.post(ask, {"subject": "disks", "machine": machine.id})
    assert Question.objects.get().whom == f"ACCUEIL, {customer.full_name}"


@pytest.mark.parametrize("told", ["machine=ailleurs", "cabinet=ailleurs", f"machine={_NOBODY}"])
def test_question_for_nobody_who_is_here_is_not_found(told: str, tom: Person, client_of: Login):
    assert client_of(tom).get(f"/parc/questions/nouvelle/?{told}").status_code == 404


def test_preview_of_the_digest_leads_to_what_it_lacks(tom: Person, diane: Person, client_of: Login):
    customer = CustomerFactory.create()
    address = f"/parc/cabinets/{customer.id}/bilan/"
    assertContains(client_of(tom).get(address), "Noter son courriel")
    assertNotContains(client_of(tom).get(address), "Régler les envois")
    page = client_of(diane).get(address)
    assertContains(page, "Régler les envois")
    # A letter about nothing counts nothing.
    assertContains(page, "<strong>Votre informatique cette semaine</strong>", html=True)


def test_older_tokens_are_on_further_pages(tom: Person, client_of: Login, frozen_clock: Any):
    first = TokenFactory.create(hint="PREMI")
    frozen_clock.shift(timedelta(minutes=1))
    TokenFactory.create_batch(20, customer=first.customer)
    client = client_of(tom)
    assertNotContains(client.get("/inscriptions/"), "PREMI")
    assertContains(client.get("/inscriptions/?page=2"), "PREMI")


def test_keys_go_where_the_next_step_is(tom: Person, client_of: Login):
    customer = CustomerFactory.create(name="Cabinet des Lilas")
    client = client_of(tom)
    found = client.get("/inscriptions/?q=lilas")
    assertContains(found, f'<a href="/inscriptions/?cabinet={customer.id}" autofocus>')
    assertContains(client.get("/inscriptions/?q=rien"), "autofocus", count=1)
    assertContains(client.get(f"/inscriptions/?cabinet={customer.id}"), "autofocus", count=1)
    # Else nothing is taken away from who came to look.
    assertNotContains(client.get("/inscriptions/"), "autofocus")


def test_revoked_machine_promises_no_look_of_the_rules(tom: Person, client_of: Login):
    machine = MachineFactory.create(standing="revoked")
    page = client_of(tom).get(f"/parc/machines/{machine.id}/")
    assertContains(page, "Aucune règle n’y regarde.")
