"""A network that is down is one incident of the provider, whatever the number of its practices."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.incidents import queries
from quenotte.provider.incidents.models import Blown, Incident, Outgoing
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory, TokenFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db

PARIS_TUESDAY_AT_SIX_PM = datetime(2026, 3, 17, 17, tzinfo=UTC)


def practices(count: int, network: str, *, machines: int = 5) -> list[Machine]:
    """Return the machines of many practices behind one network, heard just now."""
    found = []
    for _number in range(count):
        customer = CustomerFactory.create(internet_provider=network)
        token = TokenFactory.create(customer=customer, machines=machines)
        found += [MachineFactory.create(customer=customer, token=token) for _ in range(machines)]
    return found


def hear(machines: list[Machine], at: datetime) -> None:
    State.objects.bulk_create(
        [State(machine=one, source="station", seen_at=at, day=at.date()) for one in machines],
        update_conflicts=True,
        unique_fields=["machine", "source"],
        update_fields=["seen_at"],
    )
    Posture.objects.bulk_create(
        [Posture(machine=one, judged_at=at, alert_after=at) for one in machines],
        ignore_conflicts=True,
    )


def listen(now: datetime | None = None) -> None:
    fleet.sweep(now=now or timezone.now())
    look(now)


def test_network_that_is_down_is_one_incident_and_one_message(tom: Any, frozen_clock: Any):
    DutyFactory.create(person=tom)
    down, up = practices(60, "Orange"), practices(40, "Free")
    begun = timezone.now()
    # Each is heard at a moment of its own within five minutes.
    for number in range(5):
        hear(down[number::5], begun + timedelta(minutes=number))
    for minute in range(38, 62):
        now = begun + timedelta(minutes=minute)
        frozen_clock.move_to(now)
        hear(up, now)
        listen(now)
    assert Posture.objects.filter(silent_since__isnull=False).count() == 300
    storm = Incident.objects.get(customer=None, closed_at=None)
    # A twentieth of the fleet was silent before half of the network was.
    assert (storm.network, storm.machines, storm.findings) == ("", 300, 60)
    assert queries.needing().count() == 0
    assert set(Incident.objects.exclude(customer=None).values_list("standing", flat=True)) == {
        "held"
    }
    (message,) = Outgoing.objects.all()
    assert message.title == "Panne générale"
    assert message.text.startswith("Orange, 60 machines muettes à la fois")
    assert [one.words for one in queries.storms()] == [
        "Orange, 300 machines muettes à la fois, 60 cabinets"
    ]

    # The line is back, but for one practice.
    now += timedelta(minutes=5)
    frozen_clock.move_to(now)
    hear([*up, *down[5:]], now)
    listen(now)
    # The last ones come back within minutes: nobody is told of them in the meantime.
    storm.refresh_from_db()
    assert (storm.closed_at, storm.machines) == (None, 5)
    assert queries.needing().count() == 0
    now += timedelta(minutes=10)
    frozen_clock.move_to(now)
    hear([*up, *down[5:]], now)
    listen(now)
    listen(now)
    storm.refresh_from_db()
    assert storm.closed_at == now
    assert not Blown.objects.exists()
    (left,) = queries.needing()
    assert (left.customer, left.machines, left.standing) == (down[0].customer, 5, "told")
    assert Outgoing.objects.count() == 1


def test_open_storm_swallows_no_later_silence(tom: Any, frozen_clock: Any):
    DutyFactory.create(person=tom)
    down, up = practices(12, "Orange"), practices(4, "Orange")
    begun = timezone.now()
    hear(down, begun)
    hear(up, begun)

    def at(minutes: int, heard: list[Machine]) -> None:
        now = begun + timedelta(minutes=minutes)
        frozen_clock.move_to(now)
        hear(heard, now)
        listen(now)

    for minute in range(30, 61, 5):
        at(minute, up)
    assert Incident.objects.get(customer=None, closed_at=None).machines == 60
    assert queries.needing().count() == 0
    # An hour later one other practice of that network falls silent, for a cause of its own.
    for minute in range(65, 131, 5):
        at(minute, up[5:])
    assert [one.customer for one in queries.needing()] == [up[0].customer]
    assert Incident.objects.get(customer=None, closed_at=None).machines == 60
    # However long it lasts, that is all.
    for minute in range(235, 301, 5):
        at(minute, up[5:])
    assert Incident.objects.get(customer=None, closed_at=None).machines == 60
    assert [one.customer for one in queries.needing()] == [up[0].customer]


def test_outage_of_two_days_is_told_twice_and_never_practice_by_practice(
    tom: Any, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    down = practices(12, "Orange", machines=1)
    begun = timezone.now()
    hear(down, begun)
    for minute in [*range(40, 80, 5), *range(230, 260, 5), 24 * 60, 48 * 60]:
        now = begun + timedelta(minutes=minute)
        frozen_clock.move_to(now)
        listen(now)
    storm = Incident.objects.get(customer=None)
    assert (storm.closed_at, storm.machines) == (None, 12)
    assert queries.needing().count() == 0
    said = [one.text for one in Outgoing.objects.order_by("created_at")]
    assert said == [
        "Orange, 12 machines muettes à la fois, 12 cabinets",
        "Toujours en panne : Orange, 12 machines muettes à la fois, 12 cabinets",
    ]
    kinds = list(storm.steps.values_list("kind", flat=True))
    assert kinds == ["opened", "lasting"]
    # The first report was missed five minutes after the last one.
    assert storm.steps.get(kind="lasting").at - begun == timedelta(hours=4, minutes=5)


def test_storm_of_workstations_is_told_again_when_they_are_expected_again(
    tom: Any, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    down = practices(12, "Orange", machines=1)
    for one in down:
        # Open from nine to seven in Paris on each working day.
        for weekday in range(5):
            one.customer.openings.create(weekday=weekday, starts_at="09:00", ends_at="19:00")
    begun = PARIS_TUESDAY_AT_SIX_PM
    frozen_clock.move_to(begun)
    hear(down, begun)
    for minute in [*range(40, 60, 5), *range(240, 900, 30)]:
        frozen_clock.move_to(begun + timedelta(minutes=minute))
        listen()
    assert Outgoing.objects.count() == 1
    for minute in range(900, 1000, 5):
        frozen_clock.move_to(begun + timedelta(minutes=minute))
        listen()
    told = Outgoing.objects.order_by("created_at").last()
    assert told is not None
    assert told.text.startswith("Toujours en panne")
    # At a quarter to ten, when who is on would have been heard.
    assert told.created_at - begun == timedelta(minutes=945)
    assert Outgoing.objects.count() == 2


def test_fuse_of_one_practice_waits_ten_minutes_and_is_told(tom: Any, frozen_clock: Any):
    DutyFactory.create(person=tom)
    down, up = practices(1, "Orange"), practices(30, "Orange", machines=2)
    begun = timezone.now()
    hear(down, begun)
    seen = []
    for minute in range(40, 60):
        now = begun + timedelta(minutes=minute)
        frozen_clock.move_to(now)
        hear(up, now)
        listen(now)
        seen.append(queries.needing().count())
    assert seen.index(1) + 40 == 55
    assert not Incident.objects.filter(customer=None).exists()
    assert Incident.objects.get().machines == 5


def test_names_of_one_network_are_one(frozen_clock: Any):
    first = practices(3, "Orange  Pro", machines=4)
    others = practices(3, "orange pro", machines=4)
    begun = timezone.now()
    hear([*first, *others], begun)
    now = begun + timedelta(minutes=46)
    frozen_clock.move_to(now)
    listen(now)
    assert Incident.objects.get(customer=None).values["practices"] == 6
    assert Customer.objects.count() == 6
    assert Finding.objects.filter(is_open=True).count() == 24


def test_network_cut_in_the_night_is_one_incident_in_the_morning(tom: Any, frozen_clock: Any):
    DutyFactory.create(person=tom)
    down, up = practices(60, "Orange", machines=1), practices(40, "Free", machines=1)
    for one in [*down, *up]:
        for weekday in range(5):
            one.customer.openings.create(weekday=weekday, starts_at="09:00", ends_at="19:00")
    evening = PARIS_TUESDAY_AT_SIX_PM + timedelta(minutes=57)
    hear([*down, *up], evening)
    morning = PARIS_TUESDAY_AT_SIX_PM + timedelta(hours=15)
    for minute in range(0, 60, 5):
        frozen_clock.move_to(morning + timedelta(minutes=minute))
        hear(up, timezone.now())
        listen()
    storm = Incident.objects.get(customer=None, closed_at=None)
    assert storm.values == {"name": "Orange", "machines": 60, "practices": 60}
    assert queries.needing().count() == 0
    assert Outgoing.objects.count() == 1

    # One practice is heard again: what is off there is off, and the storm goes on.
    hear(down[:1], timezone.now() + timedelta(minutes=1))
    frozen_clock.shift(timedelta(minutes=2))
    listen()
    assert Incident.objects.get(customer=None, closed_at=None).machines == 59


def test_workstations_that_stay_off_beside_a_server_that_is_heard_are_no_storm(frozen_clock: Any):
    off, servers = practices(12, "Orange", machines=2), practices(1, "Free", machines=1)
    for one in off[::2]:
        for weekday in range(5):
            one.customer.openings.create(weekday=weekday, starts_at="09:00", ends_at="19:00")
    servers += off[1::2]
    hear(off, PARIS_TUESDAY_AT_SIX_PM + timedelta(minutes=57))
    for minute in range(0, 60, 5):
        frozen_clock.move_to(PARIS_TUESDAY_AT_SIX_PM + timedelta(hours=15, minutes=minute))
        hear(servers, timezone.now())
        listen()
    assert not Incident.objects.filter(customer=None).exists()
    assert queries.needing().count() == 12
