"""A door that hears nobody is told, to the monitor and on the morning page; a calm one is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet.models import Inventory, State
from quenotte.provider.incidents import queries
from quenotte.provider.incidents.models import Window
from tests_provider.factories import CustomerFactory, MachineFactory

pytestmark = pytest.mark.django_db

#: Ten in Paris on a Tuesday.
AT_TEN = datetime(2026, 3, 17, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DEAF = "La porte des agents n’entend plus aucune machine"


@pytest.fixture(autouse=True)
def at_ten(frozen_clock: Any) -> None:
    frozen_clock.move_to(AT_TEN)


def fleet_of(practices: int, machines: int, *, servers: bool = False) -> list[Machine]:
    """Return machines of practices that are open on working days from nine to seven, by Paris."""
    found = []
    for _practice in range(practices):
        customer = CustomerFactory.create()
        for weekday in range(5):
            customer.openings.create(weekday=weekday, starts_at="09:00", ends_at="19:00")
        found += [MachineFactory.create(customer=customer) for _machine in range(machines)]
    facts = {"machine.is_server": {"value": servers}}
    for one in found:
        Inventory.objects.create(
            machine=one, source="station", reported_at=timezone.now(), facts=facts
        )
    return found


def hear(machines: list[Machine], at: datetime, source: str = "station") -> None:
    for one in machines:
        State.objects.create(machine=one, source=source, seen_at=at, day=at.date())


def unheard(at: datetime) -> datetime | None:
    return queries.unheard_since(at)


def test_door_that_hears_nobody_is_told(
    tom: Person, client: Any, client_of: Callable[[Person], Any], frozen_clock: Any
):
    hear(fleet_of(3, 4), AT_TEN)
    assert DEAF not in client_of(tom).get("/parc/").content.decode()
    frozen_clock.shift(10 * MINUTE)
    answer = client.get("/surveillance/")
    assert (answer.status_code, DEAF in answer.content.decode()) == (503, True)
    page = client_of(tom).get("/parc/").content.decode()
    assert DEAF in page
    # It promises nothing of practices that nobody hears.
    assert "Personne n’a besoin de vous" not in page
    assert "besoin de rien" not in page


def test_one_contact_of_any_agent_is_enough():
    machines = fleet_of(3, 4)
    hear(machines, AT_TEN)
    hear(machines[:1], AT_TEN + 8 * MINUTE, source="glpi")
    assert unheard(AT_TEN + 15 * MINUTE) is None
    assert unheard(AT_TEN + 18 * MINUTE) == AT_TEN


def test_few_machines_are_given_as_long_as_one():
    hear(fleet_of(1, 3), AT_TEN)
    assert unheard(AT_TEN + 44 * MINUTE) is None
    assert unheard(AT_TEN + 45 * MINUTE) == AT_TEN


def test_three_servers_at_night_are_enough():
    night = AT_TEN + timedelta(hours=16)
    hear(fleet_of(3, 1, servers=True), night)
    assert unheard(night + 10 * MINUTE) == night


def test_night_of_workstations_is_no_silence():
    evening = AT_TEN + timedelta(hours=8, minutes=58)
    hear(fleet_of(5, 4), evening)
    for hours in (1, 10, 13):
        assert unheard(evening + timedelta(hours=hours)) is None


def test_who_leaves_early_is_missed_by_nobody():
    # Twenty to seven: all went home within minutes of each other.
    early = AT_TEN + timedelta(hours=8, minutes=40)
    hear(fleet_of(3, 4), early - 15 * MINUTE)
    assert unheard(early) is None


def test_who_died_before_is_not_waited_for():
    hear(fleet_of(3, 4), AT_TEN - timedelta(days=3))
    hear(fleet_of(1, 1), AT_TEN)
    assert unheard(AT_TEN + 20 * MINUTE) is None


def test_inventories_of_once_a_day_say_nothing():
    hear(fleet_of(3, 4), AT_TEN, source="glpi")
    assert unheard(AT_TEN + timedelta(hours=3)) is None


def test_maintenance_is_no_silence(tom: Person):
    machines = fleet_of(3, 4)
    hear(machines, AT_TEN)
    now = AT_TEN + timedelta(hours=1)
    values = {
        "starts_at": AT_TEN, "ends_at": now + MINUTE, "why": "la box est changée",
        "planned_by": tom, "planned_at": AT_TEN,
    }  # fmt: skip
    for practice in {one.customer for one in machines[4:]}:
        Window.objects.create(customer=practice, **values)
    for one in machines[:4]:
        Window.objects.create(customer=one.customer, machine=one, **values)
    assert unheard(now) is None
    Window.objects.filter(machine=machines[0]).delete()
    assert unheard(now) == AT_TEN


def test_fleet_without_a_machine_is_not_deaf():
    assert unheard(AT_TEN) is None
