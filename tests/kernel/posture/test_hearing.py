from datetime import UTC, datetime, timedelta

import pytest

from quenotte.kernel.posture.hearing import AFTER, Crowd, gaps_between, is_deaf
from quenotte.kernel.posture.hours import Period

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("crowd", "after_minutes"),
    [
        (Crowd(machines=10, servers=0, practices=3), 10),
        (Crowd(machines=3, servers=3, practices=3), 10),
        (Crowd(machines=400, servers=0, practices=2), 45),
        (Crowd(machines=9, servers=2, practices=9), 45),
        (Crowd(machines=3, servers=1, practices=1), 45),
    ],
)
def test_more_who_stop_at_once_are_believed_sooner(crowd: Crowd, after_minutes: int):
    assert not is_deaf(crowd, after_minutes * MINUTE - MINUTE / 60)
    assert is_deaf(crowd, after_minutes * MINUTE)


def test_nobody_who_is_expected_is_missed():
    assert not is_deaf(Crowd(0, 0, 0), timedelta(days=3))


EVENING = datetime(2026, 3, 17, 20, tzinfo=UTC)
MORNING = EVENING + timedelta(hours=11)


def test_what_lies_between_two_stretches_is_a_gap():
    before, after = Period(EVENING - timedelta(days=3), EVENING), Period(MORNING, MORNING + MINUTE)
    now = MORNING + 5 * MINUTE
    assert gaps_between([before, after], now) == (Period(EVENING, MORNING),)
    assert gaps_between([after, before], now) == (Period(EVENING, MORNING),)


def test_gap_that_lasts_ends_now():
    before = Period(EVENING - MINUTE, EVENING)
    assert gaps_between([before], EVENING + AFTER - MINUTE) == ()
    assert gaps_between([before], MORNING) == (Period(EVENING, MORNING),)


def test_short_break_of_the_door_is_no_gap():
    back = EVENING + AFTER - MINUTE
    assert gaps_between([Period(EVENING, EVENING), Period(back, back)], back) == ()


def test_two_doors_that_begin_at_once_leave_no_gap_between_them():
    one, other = Period(EVENING, MORNING), Period(EVENING + MINUTE, EVENING + 2 * MINUTE)
    assert gaps_between([one, other], MORNING) == ()


def test_where_nothing_was_ever_written_nobody_knows_of_a_gap():
    assert gaps_between([], MORNING) == ()


def test_what_was_written_by_a_clock_that_was_ahead_makes_no_gap():
    ahead = Period(EVENING + timedelta(days=300), EVENING + timedelta(days=301))
    assert gaps_between([Period(EVENING, EVENING), ahead], EVENING + MINUTE) == ()
