"""What is graver, or on another machine, is told although its incident is known already."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.incidents import operations
from quenotte.provider.incidents.models import Incident, Outgoing, Step
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


def tool(found: Found, customer: Any, name: str = "AnyDesk") -> Any:
    return found(
        machine=MachineFactory.create(customer=customer), rule="remote_tools", cause="remote",
        severity="critical", reason="foreign", values={"names": [name]},
    )  # fmt: skip


def texts() -> list[str]:
    return list(Outgoing.objects.order_by("created_at", "id").values_list("text", flat=True))


def test_second_machine_with_a_critical_fault_is_told(tom: Person, found: Found, frozen_clock: Any):
    DutyFactory.create(person=tom)
    customer = CustomerFactory.create()
    for minutes in range(3):
        tool(found, customer)
        frozen_clock.shift(timedelta(minutes=minutes))
        look()
        look()
    assert len(texts()) == 3
    assert texts()[1] == "Autre urgence de même cause : prise en main non convenue : AnyDesk (×2)"
    kinds = list(Step.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["opened", "joined", "joined"]


def test_second_machine_is_told_when_the_first_is_borne(
    tom: Person, actor: Actor, found: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    customer = CustomerFactory.create()
    first = tool(found, customer)
    look()
    operations.grant(
        finding_id=first.id, why="Convenu", ends_at=timezone.now() + timedelta(days=9), actor=actor
    )
    look()
    assert (Incident.objects.get().standing, len(texts())) == ("borne", 1)
    frozen_clock.shift(timedelta(minutes=5))
    tool(found, customer, "TeamViewer")
    look()
    assert (Incident.objects.get().standing, len(texts())) == ("told", 2)
    assert "TeamViewer" in texts()[1]


def test_machine_that_comes_and_goes_is_not_told_again(
    tom: Person, found: Found, mend: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    customer = CustomerFactory.create()
    tool(found, customer)
    second = tool(found, customer)
    look()
    for is_open in (False, True, False, True):
        frozen_clock.shift(timedelta(minutes=5))
        mend(second, is_open=is_open)
        look()
    assert len(texts()) == 1


def test_graver_fault_is_told_though_its_incident_comes_and_goes(
    tom: Person, found: Found, mend: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    customer = CustomerFactory.create()
    one = found(customer=customer, machine=None, rule="backup_fresh", cause="backup")
    look()
    for turn in range(10):
        frozen_clock.shift(timedelta(minutes=30))
        mend(one, is_open=bool(turn % 2))
        look()
    assert Step.objects.filter(kind="unstable").count() == 1
    assert texts() == []
    assert Incident.objects.get().told_severity == "important"
    found(
        customer=customer, machine=None, rule="backup_overdue", cause="backup",
        severity="critical", reason="none", values={},
    )  # fmt: skip
    look()
    assert texts() == ["Plus grave : aucune sauvegarde"]
    assert Incident.objects.get().told_severity == "critical"
    look()
    assert len(texts()) == 1
