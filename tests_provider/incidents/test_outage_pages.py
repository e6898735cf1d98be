"""Pages while a general outage stands: nobody is told that all is well, and what to do is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.provider.incidents.jobs import look
from quenotte.provider.incidents.models import Incident
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory, IncidentFactory, MachineFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _looked(db: None) -> None:
    Run.objects.create(name=look.name, state=Run.State.DONE, finished_at=timezone.now())


def outage(name: str = "Orange", **told: Any) -> Incident:
    values = {"name": name, "machines": 12, "practices": 3}
    made: Incident = IncidentFactory.create(
        customer=None, cause="storm", severity="critical", rule="storm", reason="network",
        values=values, machines=12, **told,
    )  # fmt: skip
    return made


def held(count: int) -> list[Any]:
    """Return practices that an outage silenced."""
    silent = {"cause": "silence", "rule": "silence", "reason": "silent", "standing": "held"}
    made = [CustomerFactory.create() for _number in range(count)]
    for one in made:
        IncidentFactory.create(customer=one, **silent)
    return made


def test_practices_of_an_outage_are_not_those_that_need_nothing(tom: Person, client_of: Login):
    first, *_others = held(3)
    # Another thing is wrong there: it is counted once, as one that needs somebody.
    IncidentFactory.create(customer=first)
    CustomerFactory.create()
    client = client_of(tom)
    outage()
    assert "1 n’a besoin de rien" in client.get("/parc/").content.decode()
    Incident.objects.filter(customer=None).update(closed_at=timezone.now())
    Incident.objects.filter(standing="held").update(closed_at=timezone.now())
    assert "3 n’ont besoin de rien" in client.get("/parc/").content.decode()


def test_morning_without_needs_says_no_word_of_calm_in_an_outage(tom: Person, client_of: Login):
    held(2)
    outage()
    page = client_of(tom).get("/parc/").content.decode()
    assert "Personne n’a besoin de vous" not in page
    assert "Aucun autre cabinet n’a besoin de vous" in page
    assert "besoin de rien" not in page
    Incident.objects.update(closed_at=timezone.now())
    assert "Personne n’a besoin de vous" in client_of(tom).get("/parc/").content.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [("Orange", "Demandez à Orange s’il a une panne"), ("", "Vérifiez d’abord la ligne")],
)
def test_page_of_an_outage_says_what_to_do(tom: Person, client_of: Login, name: str, said: str):
    one = outage(name)
    client = client_of(tom)
    page = client.get(f"/parc/incidents/{one.id}/").content.decode()
    assert said in page
    assert page.count("Noter ce qui a été fait") == 1
    Incident.objects.update(closed_at=timezone.now())
    assert "Que faire" not in client.get(f"/parc/incidents/{one.id}/").content.decode()


def test_what_is_quiet_is_headed_by_why(tom: Person, client_of: Login):
    IncidentFactory.create(customer=MachineFactory.create().customer, standing="muted")
    client = client_of(tom)
    heads = '<th scope="col">Pourquoi</th>'
    assert heads in client.get("/parc/incidents/?vue=calmes").content.decode()
    assert heads not in client.get("/parc/incidents/").content.decode()
    page = client.get("/parc/incidents/?vue=fermes").content.decode()
    assert heads not in page


def test_page_of_an_outage_leaves_a_row_at_each_practice_that_it_names(
    tom: Person, client_of: Login
):
    storm, machines = outage(), [MachineFactory.create() for _number in range(2)]
    for one in machines:
        storm.machines_blown.create(machine=one)
    page = client_of(tom).get(f"/parc/incidents/{storm.id}/")
    assert all(one.customer.name in page.content.decode() for one in machines)
    rows = Look.objects.values_list("customer_id", "what", "machines")
    assert set(rows) == {(one.customer_id, "incident", 1) for one in machines}
