"""A gap of our own door that ends in opening hours: who is merely off makes no general outage."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents.models import Incident, Outgoing
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory
from tests_provider.incidents.test_gaps import HOUR, MINUTE, hear, live, servers, silent

pytestmark = pytest.mark.django_db

#: Three minutes to seven in the evening in Paris, a Monday; half past seven, then 8:15 on Tuesday.
EVENING = datetime(2026, 3, 16, 17, 57, tzinfo=UTC)
STOPPED = datetime(2026, 3, 17, 6, 30, tzinfo=UTC)
BACK = datetime(2026, 3, 17, 7, 15, tzinfo=UTC)


@pytest.fixture
def desks(tom: Person, frozen_clock: Any) -> list[Machine]:
    """Return 120 workstations of twenty practices, open from eight to seven, heard just now."""
    DutyFactory.create(person=tom)
    frozen_clock.move_to(EVENING)
    customers = [CustomerFactory.create(internet_provider="") for _ in range(20)]
    for one in customers:
        for weekday in range(5):
            one.openings.create(weekday=weekday, starts_at="08:00", ends_at="19:00")
    found = [MachineFactory.create(customer=customers[number % 20]) for number in range(120)]
    hear(*found)
    return found


def come_back(clock: Any) -> None:
    clock.move_to(BACK)
    fleet.attend(now=timezone.now())


def test_workstations_that_are_off_after_our_gap_are_those_of_their_practices(
    desks: list[Machine], frozen_clock: Any
):
    live(frozen_clock, STOPPED, step=6 * HOUR)
    come_back(frozen_clock)
    # A tenth of them, of twelve practices, are not switched on that morning.
    live(frozen_clock, BACK + HOUR, *desks[12:])
    assert silent() == 12
    assert not Incident.objects.filter(customer=None).exists()
    told = Incident.objects.exclude(told_at=None)
    assert [(one.cause, one.severity) for one in told] == [("silence", "important")] * 12
    assert not Outgoing.objects.exists()


def test_server_that_died_in_our_gap_is_told_by_itself(desks: list[Machine], frozen_clock: Any):
    frozen_clock.move_to(STOPPED - 5 * MINUTE)
    (server,) = servers(1)
    fleet.attend(now=timezone.now())
    come_back(frozen_clock)
    live(frozen_clock, BACK + 2 * HOUR, *desks[12:], step=10 * MINUTE)
    assert silent() == 13
    assert not Incident.objects.filter(customer=None).exists()
    one = Incident.objects.get(customer=server.customer)
    assert (one.severity, one.standing) == ("critical", "told")
    assert one.told_at is not None
    assert one.told_at - BACK < HOUR + 10 * MINUTE
    assert [one.incident for one in Outgoing.objects.all()] == [one]


def test_line_that_was_cut_in_our_gap_is_still_one_outage(desks: list[Machine], frozen_clock: Any):
    begun = BACK + 3 * HOUR
    frozen_clock.move_to(begun)
    hear(*desks)
    fleet.attend(now=timezone.now())
    # We restart at a quarter past eleven, and a tenth of them are not heard again.
    frozen_clock.shift(timedelta(minutes=15))
    fleet.attend(now=timezone.now())
    live(frozen_clock, begun + 2 * HOUR, *desks[12:])
    storm = Incident.objects.get(customer=None)
    assert (storm.machines, storm.findings, storm.severity) == (12, 12, "critical")
    assert Outgoing.objects.count() == 1
