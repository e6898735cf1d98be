from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import holidays
from quenotte.kernel.posture.hours import HORIZON, Hours, Opening, Period
from tests.kernel.posture.samples import DAY, HOUR, HOURS, PARIS

NEVER = Hours(PARIS, ())
ALWAYS = Hours(PARIS, tuple(Opening(day, 0, 1440) for day in range(7)), territory="nobody")

WEEKS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)).map(
        lambda one: Opening(one[0], min(one[1:]), max(one[1:]) + (one[1] == one[2]))
    ),
    max_size=6,
).map(lambda openings: Hours(PARIS, tuple(openings)))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


def paris(day, hour, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (paris(17, 8), True),
        (paris(17, 12), False),
        (paris(17, 14), True),
        (paris(17, 22), False),
        (paris(15, 10), False),
        (paris(20, 10), False),
        (paris(1, 10, month=5), False),
    ],
)
def test_practice_is_open_in_its_hours(at, is_open):
    assert HOURS.is_open(at) is is_open


def test_holiday_of_the_territory_is_none_elsewhere():
    second = datetime(2028, 12, 26, 10, tzinfo=PARIS)
    assert HOURS.is_open(second)
    alsace = Hours(PARIS, HOURS.openings, territory=holidays.ALSACE_MOSELLE)
    assert not alsace.is_open(second)


@pytest.mark.parametrize(
    ("at", "opens_at"),
    [
        (paris(17, 10), paris(17, 10)),
        (paris(17, 13), paris(17, 14)),
        (paris(17, 19), paris(18, 8)),
        (paris(19, 20), paris(23, 8)),
    ],
)
def test_next_opening_skips_closed_days(at, opens_at):
    assert HOURS.next_open(at) == opens_at


@pytest.mark.parametrize(
    ("at", "worked", "ends_at"),
    [
        (paris(17, 10), HOUR, paris(17, 11)),
        (paris(17, 10), 2 * HOUR, paris(17, 12)),
        (paris(17, 10), 3 * HOUR, paris(17, 15)),
        (paris(17, 22), HOUR, paris(18, 9)),
        (paris(19, 18), 2 * HOUR, paris(23, 9)),
    ],
)
def test_only_time_of_opening_counts(at, worked, ends_at):
    assert HOURS.after_open(at, worked) == ends_at


def test_practice_that_never_opens_has_no_opening():
    assert NEVER.next_open(paris(17, 10)) is None
    assert NEVER.after_open(paris(17, 10), HOUR) is None
    assert NEVER.last_closure(paris(17, 10), HOUR) is None


def test_practice_that_never_closes_has_no_closure():
    assert ALWAYS.last_closure(paris(17, 10), HOUR) is None
    assert ALWAYS.after_open(paris(17, 10), 3 * DAY) == paris(20, 10)


def test_last_closure_is_the_night_and_no_break():
    night = Period(paris(16, 19), paris(17, 8))
    assert HOURS.last_closure(paris(17, 15), 6 * HOUR) == night
    assert HOURS.last_closure(paris(17, 15), HOUR) == Period(paris(17, 12), paris(17, 14))
    assert HOURS.last_closure(paris(17, 23), 6 * HOUR) == Period(paris(17, 19), paris(18, 8))


def test_closure_of_weeks_is_found_behind_its_end():
    away = frozenset((paris(2, 1) + number * DAY).date() for number in range(14))
    back = Hours(PARIS, (Opening(0, 480, 720),), away)
    assert back.last_closure(paris(16, 9), 6 * HOUR) == Period(
        datetime(2026, 2, 23, 12, tzinfo=PARIS), paris(16, 8)
    )


def test_openings_of_two_people_are_one():
    both = Hours(PARIS, (Opening(1, 480, 720), Opening(1, 600, 900), Opening(1, 900, 960)))
    (found,) = [
        one for one in both.around(paris(17, 10), HOUR, HOUR) if both.is_open(one.starts_at)
    ]
    assert found == Period(paris(17, 8), paris(17, 16))


def test_night_of_summer_time_is_an_hour_shorter():
    sunday = Hours(PARIS, tuple(Opening(day, 0, 1440) for day in (6,)))
    at = datetime(2026, 3, 29, 12, tzinfo=PARIS)
    (found,) = sunday.around(at, timedelta(), timedelta())
    assert found.ends_at - found.starts_at == 23 * HOUR


@given(WEEKS, MOMENTS)
def test_next_opening_is_open_and_not_before(hours, at):
    found = hours.next_open(at)
    if found is not None:
        assert found >= at
        assert hours.is_open(found)
        assert hours.is_open(at) is (found == at)


@given(WEEKS, MOMENTS, st.integers(1, 50))
def test_more_work_takes_longer(hours, at, quarters):
    worked = quarters * HOUR / 4
    end = hours.after_open(at, worked)
    if end is not None:
        assert at + worked <= end <= at + HORIZON + 2 * DAY
        sooner = hours.after_open(at, worked - HOUR / 8)
        assert sooner is not None
        assert sooner < end


def test_open_time_between_two_moments_is_that_of_opening_alone():
    # A Monday evening to a Tuesday morning; closed at noon.
    assert HOURS.open_between(paris(16, 18, 30), paris(17, 8, 15)) == 3 * HOUR / 4
    assert HOURS.open_between(paris(16, 11), paris(16, 15)) == 2 * HOUR
    assert HOURS.open_between(paris(14, 1), paris(15, 23)) == timedelta()
    # Saturday and Sunday apart, and a day on which it is away.
    assert HOURS.open_between(paris(14, 0), paris(21, 0)) == 4 * 9 * HOUR


@given(WEEKS, MOMENTS)
def test_nobody_works_in_a_closure(hours, at):
    closure = hours.last_closure(at, 6 * HOUR)
    if closure is not None:
        assert closure.starts_at <= at
        assert not hours.is_open(closure.starts_at)
        assert hours.next_open(closure.starts_at) == closure.ends_at
