"""The days of a machine as they are drawn."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quenotte.kernel.posture.hours import Period
from quenotte.upkeep.workstations.panels import nights

PARIS = ZoneInfo("Europe/Paris")
QUARTER = timedelta(minutes=15)


def test_hours_in_which_this_server_was_off_are_drawn_as_such():
    evening = datetime(2026, 3, 16, 18, 0, tzinfo=PARIS)
    morning = datetime(2026, 3, 17, 9, 0, tzinfo=PARIS)
    heard = [evening, evening + QUARTER, morning]
    # The last quarter has begun, and the machine was heard in it.
    gap = Period(evening + 2 * QUARTER, morning + QUARTER / 3)
    tuesday, monday = nights(heard, [gap])
    assert (monday.stretches, monday.gaps) == (((72, 2),), ((74, 22),))
    assert (tuesday.stretches, tuesday.gaps) == (((36, 1),), ((0, 36),))
    assert (monday.words, tuesday.words) == ("18 h-18 h 30", "9 h-9 h 15")


def test_without_gaps_nothing_but_what_was_heard_is_drawn():
    (day,) = nights([datetime(2026, 3, 16, 18, 0, tzinfo=PARIS)])
    assert (day.stretches, day.gaps) == (((72, 1),), ())
