from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.hours import Hours
from quenotte.kernel.posture.silence import LONGEST, Watch, silence
from tests.kernel.posture.samples import DAY, HOUR, HOURS, PARIS
from tests.kernel.posture.test_hours import MOMENTS, WEEKS

MINUTE = timedelta(minutes=1)
DESK = Watch(5 * MINUTE, 2 * HOUR, HOURS)
SERVER = Watch(5 * MINUTE, 15 * MINUTE)


def paris(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def test_silence_at_night_is_good_news():
    found = silence(paris(16, 18, 58), DESK, paris(16, 22))
    assert not found.is_silent
    assert found.since == paris(17, 8)
    assert found.alert_after == paris(17, 10)
    assert not found.is_sudden


def test_machine_that_does_not_come_back_in_the_morning_is_silent():
    assert silence(paris(16, 18, 58), DESK, paris(17, 10)).is_silent


def test_machine_that_stops_in_opening_hours_stops_suddenly():
    found = silence(paris(17, 9), DESK, paris(17, 11, 5))
    assert found.is_silent
    assert found.is_sudden
    assert found.since == paris(17, 9, 5)


def test_server_is_awaited_at_any_hour():
    found = silence(paris(16, 23), SERVER, paris(16, 23, 20))
    assert found.is_silent
    assert found.is_sudden


def test_practice_on_holiday_is_no_silence():
    away = Hours(
        PARIS, HOURS.openings, frozenset((paris(16, 1) + n * DAY).date() for n in range(14))
    )
    found = silence(paris(13, 19), Watch(5 * MINUTE, 2 * HOUR, away), paris(27, 20))
    assert not found.is_silent
    assert found.since == paris(30, 8)


@pytest.mark.parametrize("hours", [Hours(PARIS, ()), Hours(PARIS, HOURS.openings[:1])])
def test_hours_that_are_wrong_hide_nothing_for_ever(hours):
    watch = Watch(5 * MINUTE, 500 * HOUR, hours)
    found = silence(paris(1, 10), watch, paris(1, 10) + LONGEST + 5 * MINUTE)
    assert found.is_silent
    assert found.since <= found.alert_after


@given(WEEKS | st.none(), MOMENTS, st.integers(0, 50), st.integers(0, 60))
def test_looking_again_when_told_finds_what_looking_always_would(hours, seen, patience, later):
    watch = Watch(5 * MINUTE, patience * HOUR, hours)
    first = silence(seen, watch, seen)
    assert seen < first.since <= first.alert_after <= seen + 5 * MINUTE + LONGEST
    now = seen + later * 15 * HOUR
    assert silence(seen, watch, now).is_silent is (now >= first.alert_after)
    assert silence(seen, watch, first.alert_after).is_silent
