"""The hours in which a machine was heard, and those of its practice behind them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from quenotte.kernel.posture.hours import Hours, Opening
from quenotte.kernel.posture.quarters import slot_of
from quenotte.provider.fleet import operations
from quenotte.provider.fleet.models import PastDay
from quenotte.provider.fleet.nights import Stretch, nights_of
from tests_provider.factories import MachineFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
HOURS = Hours(PARIS, tuple(Opening(day, 9 * 60, 12 * 60) for day in range(5)))


def heard(machine: Any, *moments: datetime) -> None:
    early = late = 0
    for at in moments:
        first, second = slot_of(at)
        early, late = early | first, late | second
    PastDay.objects.create(
        machine=machine, source="station", day=moments[0].date(), early=early, late=late
    )


def test_what_was_heard_while_closed_is_told_apart():
    machine = MachineFactory.create()
    monday = datetime(2026, 3, 16, 11, 45, tzinfo=PARIS)
    heard(machine, monday, monday + timedelta(minutes=15), monday + timedelta(minutes=30))
    monday_night = nights_of(machine.id, HOURS, PARIS, timezone.now())[-1]
    assert monday_night.stretches == (Stretch(47, 1), Stretch(48, 2, is_outside=True))
    assert monday_night.openings == (Stretch(36, 12),)
    assert (monday_night.words, monday_night.outside) == ("11 h 45–12 h 30", "0 h 30")


def test_server_is_on_at_night_and_nothing_is_told_apart():
    machine = MachineFactory.create()
    monday = datetime(2026, 3, 16, 11, 45, tzinfo=PARIS)
    heard(machine, monday, monday + timedelta(minutes=15))
    one = nights_of(machine.id, HOURS, PARIS, timezone.now(), is_server=True)[-1]
    assert (one.stretches, one.outside) == ((Stretch(47, 2),), "")
    assert one.openings == (Stretch(36, 12),)


def test_silent_days_and_days_of_closure_are_drawn_too():
    machine = MachineFactory.create()
    heard(machine, datetime(2026, 3, 13, 10, 0, tzinfo=PARIS))
    found = nights_of(machine.id, HOURS, PARIS, timezone.now())
    assert [one.day.day for one in found] == [17, 16, 15, 14, 13]
    assert [bool(one.openings) for one in found] == [True, True, False, False, True]
    assert found[1].words == "pas entendue"


def test_clock_is_the_practices_own():
    machine = MachineFactory.create()
    heard(machine, datetime(2026, 3, 16, 10, 0, tzinfo=PARIS))
    cayenne = ZoneInfo("America/Cayenne")
    assert nights_of(machine.id, None, cayenne, timezone.now())[-1].stretches == (Stretch(24, 1),)


def test_without_hours_nothing_is_outside():
    machine = MachineFactory.create()
    heard(machine, datetime(2026, 3, 16, 3, 0, tzinfo=PARIS))
    one = nights_of(machine.id, None, PARIS, timezone.now())[-1]
    assert (one.has_hours, one.outside, one.stretches) == (False, "", (Stretch(12, 1),))


def test_time_in_which_our_own_door_did_not_listen_is_drawn_as_such(frozen_clock: Any):
    machine = MachineFactory.create()
    evening = datetime(2026, 3, 15, 22, 10, tzinfo=PARIS)
    morning = datetime(2026, 3, 16, 7, 5, tzinfo=PARIS)
    for at in (evening - timedelta(minutes=5), evening, morning):
        frozen_clock.move_to(at)
        operations.attend(now=at)
    heard(machine, evening)
    frozen_clock.move_to(morning)
    monday, sunday = nights_of(machine.id, HOURS, PARIS, timezone.now())
    # It was heard in the quarter in which the gap began.
    assert (sunday.gaps, sunday.unheard) == ((Stretch(89, 7),), "1 h 45")
    assert (monday.gaps, monday.unheard) == ((Stretch(0, 29),), "7 h 15")
    assert monday.words == "pas entendue"


def test_never_heard_has_no_days():
    assert nights_of(MachineFactory.create().id, HOURS, PARIS, timezone.now()) == []
