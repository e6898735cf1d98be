"""Software and licences of a practice, and versions over the fleet."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.people.models import Person
from quenotte.provider.fleet import operations
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_judging import tell

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


@pytest.fixture
def practice() -> str:
    """A practice with two machines; another one has a third."""
    ours, other = CustomerFactory.create(), CustomerFactory.create()
    office = [{"name": "LibreOffice", "version": "25.2"}]
    licences = [
        {"name": "Logiciel dentaire", "count": 3, "ends_on": "2026-04-01"},
        {"name": "Autre", "ends_on": "2027-05-01"},
    ]
    for customer in (ours, ours, other):
        facts = {"software": {"value": office}, "licences": {"value": licences}}
        tell(MachineFactory.create(customer=customer), facts)
    tell(
        MachineFactory.create(customer=other),
        {"software": {"value": [{"name": "LibreOffice", "version": "7.0"}]}},
    )
    operations.judge_due(now=timezone.now())
    return str(ours.id)


def test_practice_counts_versions_and_says_what_ends(tom: Person, client_of: Login, practice: str):
    page = client_of(tom).get(f"/parc/cabinets/{practice}/logiciels/")
    rows = [(one["phrase__shown"], one["machines"]) for one in page.context["page"].object_list]
    assert rows == [("LibreOffice 25.2", 2)]
    licences = [(one.name, one.is_ending) for one in page.context["licences"]]
    assert licences == [("Logiciel dentaire", True)] * 2 + [("Autre", False)] * 2
    assertContains(page, "1 avril 2026")
    assert Look.objects.get().what == "software"


def test_fleet_counts_the_versions_of_one_name(tom: Person, client_of: Login, practice: str):
    client = client_of(tom)
    page = client.get("/parc/logiciels/?nom=libreoffice")
    rows = [(one["phrase__shown"], one["machines"]) for one in page.context["page"].object_list]
    assert rows == [("LibreOffice 25.2", 3), ("LibreOffice 7.0", 1)]
    assertNotContains(client.get("/parc/logiciels/"), "LibreOffice")
    assertContains(client.get("/parc/logiciels/?nom=rien"), "Aucun logiciel connu")
