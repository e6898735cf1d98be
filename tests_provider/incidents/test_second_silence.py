"""A second machine falls silent where the silence of another is known: it is told in its time."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Inventory, Posture, State
from quenotte.provider.incidents.models import Incident, Outgoing
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db


def server(customer: Any) -> Machine:
    """Return a server: its silence counts at night as well, and is urgent."""
    made: Machine = MachineFactory.create(customer=customer)
    facts = {"machine.is_server": {"value": True}}
    Inventory.objects.create(
        machine=made, source="station", reported_at=timezone.now(), facts=facts
    )
    return made


def hear(machine: Machine) -> None:
    at = timezone.now()
    State.objects.update_or_create(
        machine=machine, source="station", defaults={"seen_at": at, "day": at.date()}
    )
    Posture.objects.get_or_create(machine=machine, defaults={"judged_at": at, "alert_after": at})


def test_second_servers_silence_is_told_ten_minutes_after_it_is_one(tom: Person, frozen_clock: Any):
    DutyFactory.create(person=tom)
    customer = CustomerFactory.create()
    first, second = server(customer), server(customer)
    begun = timezone.now()
    hear(first)
    told_at: list[int] = []
    for minute in range(200):
        frozen_clock.move_to(begun + timedelta(minutes=minute))
        if minute <= 80:
            hear(second)
        fleet.sweep(now=timezone.now())
        look()
        if Outgoing.objects.count() > len(told_at):
            told_at.append(minute)
    # Silent after 45 minutes, and ten more because it might be one of many.
    assert told_at == [55, 135]
    incident = Incident.objects.get()
    assert (incident.machines, incident.standing, incident.ripens_at) == (2, "told", None)
    assert len(incident.told_of) == 2
