"""A page asks the database each thing once, and as often for a big fleet as for a small one."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents import jobs, operations
from quenotte.provider.retention.jobs import forget
from tests_provider.factories import (
    CustomerFactory,
    DutyFactory,
    IncidentFactory,
    MachineFactory,
    StateFactory,
    SubscriptionFactory,
)
from tests_provider.fleet.test_judging import WINDOWS, tell
from tests_provider.incidents.conftest import look
from tests_provider.incidents.test_quieting import plan

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
#: No question of a page: what holds its transactions together.
_TURNS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture
def at_work(tom: Person, frozen_clock: Any) -> None:
    """A provider at which everything runs, and of whose people two have a way each."""
    for job in (jobs.look, forget):
        Run.objects.create(name=job.name, state=Run.State.DONE, finished_at=timezone.now())
    StateFactory.create()
    DutyFactory.create(person=tom, by_push=True, by_sms=True, phone="+33199000001")
    SubscriptionFactory.create(person=tom)
    DutyFactory.create()


def asked(client: Client, address: str) -> list[str]:
    """Return what a page asks the database, after it was opened before."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return [one["sql"] for one in found.captured_queries if not one["sql"].startswith(_TURNS)]


def twice(found: list[str]) -> list[str]:
    return [sql for sql, times in Counter(found).items() if times > 1]


@pytest.fixture
def practice(at_work: None, actor: Actor) -> Any:
    """A practice with a server, its copies, something borne, a window, a silent agent."""
    server = MachineFactory.create(name="SERVEUR", speaks_for_practice=True)
    tell(server, {**WINDOWS, "machine.is_server": {"value": True}})
    old = (timezone.now() - timedelta(days=11)).isoformat().replace("+00:00", "Z")
    tell(server, {"backup.proven_at": {"value": old}}, source="practice")
    machine(server.customer)
    fleet.judge_due(now=timezone.now())
    look()
    finding = server.findings.filter(is_open=True).order_by("rule").first()
    assert finding is not None
    ends_at = timezone.now() + timedelta(days=30)
    operations.grant(finding_id=finding.id, why="Remplacé en mai", ends_at=ends_at, actor=actor)
    plan(server, actor, whole=False)
    IncidentFactory.create(customer=server.customer, cause="ports", closed_at=timezone.now())
    look()
    return server


def machine(customer: Any) -> Any:
    made = MachineFactory.create(customer=customer)
    tell(made, WINDOWS)
    return made


def test_morning_asks_each_thing_once(tom: Person, client_of: Login, practice: Any):
    found = asked(client_of(tom), "/parc/")
    assert twice(found) == []
    assert len(found) <= 23


def test_practice_asks_each_thing_once_however_many_machines(
    tom: Person, client_of: Login, practice: Any
):
    client, address = client_of(tom), f"/parc/cabinets/{practice.customer_id}/"
    few = asked(client, address)
    assert twice(few) == []
    for _number in range(12):
        machine(practice.customer)
    fleet.judge_due(now=timezone.now())
    look()
    assert len(asked(client, address)) == len(few) <= 28


def test_machine_asks_each_thing_once(tom: Person, client_of: Login, practice: Any):
    found = asked(client_of(tom), f"/parc/machines/{practice.id}/")
    assert twice(found) == []
    assert len(found) <= 22


@pytest.mark.parametrize("page", ["/parc/incidents/", "/parc/alertes/"])
def test_other_pages_of_incidents_ask_each_thing_once(
    tom: Person, client_of: Login, practice: Any, page: str
):
    assert twice(asked(client_of(tom), page)) == []


def test_door_that_hears_is_known_by_one_row(tom: Person, client_of: Login, practice: Any):
    for _number in range(3):
        StateFactory.create(machine=MachineFactory.create(customer=CustomerFactory.create()))
    about = [sql for sql in asked(client_of(tom), "/parc/") if "provider_state" in sql]
    assert len(about) == 1
    assert "MAX" not in about[0]
    assert "LIMIT 1" in about[0]
