from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.agenda import rules
from quenotte.care.agenda.rules import Period

PARIS = ZoneInfo("Europe/Paris")
#: The nights in which the clock of 2026 is set forward, and back.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ZERO = datetime(2026, 3, 17, tzinfo=UTC)


def minutes(start, end):
    return Period(ZERO + timedelta(minutes=start), ZERO + timedelta(minutes=end))


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: minutes(*sorted(pair))),
    max_size=6,
)


def covered(periods):
    return {
        n
        for n in range(61)
        if any(p.starts_at <= ZERO + timedelta(minutes=n) < p.ends_at for p in periods)
    }


@given(SPANS)
def test_merged_covers_the_same_in_periods_apart(periods):
    found = rules.merged(periods)
    assert covered(found) == covered(periods)
    assert all(a.ends_at < b.starts_at for a, b in pairwise(found))
    assert all(p.starts_at < p.ends_at for p in found)


@given(SPANS, SPANS)
def test_subtracted_covers_what_the_cuts_leave(periods, cuts):
    found = rules.subtracted(periods, cuts)
    assert covered(found) == covered(periods) - covered(cuts)
    assert found == sorted(found)


@given(SPANS, SPANS)
def test_overlaps_is_to_share_a_minute(some, others):
    for a in some:
        for b in others:
            if a.starts_at < a.ends_at and b.starts_at < b.ends_at:
                assert a.overlaps(b) == bool(covered([a]) & covered([b]))
                assert a.holds(b) == (covered([b]) <= covered([a]))


def test_periods_that_touch_do_not_overlap():
    assert not minutes(0, 30).overlaps(minutes(30, 60))


def test_period_compares_instants_and_not_wall_clocks():
    """02:30 comes twice on 25 October: Python alone would call the two equal."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    assert second - first == timedelta(0)
    assert rules.minutes_between(first, second) == 60
    assert Period(first, second).overlaps(Period(first + timedelta(minutes=10), second))


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2028, 2, 29), 24)])
def test_day_has_its_hours(day, hours):
    period = rules.day_period(day, PARIS)
    assert rules.minutes_between(period.starts_at, period.ends_at) == hours * 60


def test_time_that_the_clock_jumps_over_does_not_exist():
    with pytest.raises(rules.NoSuchTime):
        rules.instant_of(datetime(2026, 3, 29, 2, 30), PARIS)


def test_time_that_comes_twice_is_the_first():
    found = rules.instant_of(datetime(2026, 10, 25, 2, 30), PARIS)
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "utc_hour"), [(date(2026, 3, 28), 8), (SPRING, 7), (date(2026, 10, 24), 7), (AUTUMN, 8)]
)
def test_nine_o_clock_is_nine_o_clock_on_the_wall(day, utc_hour):
    assert rules.instant_at(day, 540, PARIS).hour == utc_hour
    assert rules.instant_of(datetime.combine(day, datetime.min.time()), PARIS) == (
        rules.day_period(day, PARIS).starts_at
    )


def test_hours_in_the_night_of_spring_last_less():
    hours = {6: [(60, 240)]}
    (found,) = rules.open_periods(SPRING, hours, PARIS)
    assert rules.minutes_between(found.starts_at, found.ends_at) == 120


def test_hours_in_the_night_of_autumn_end_the_second_time():
    hours = {6: [(60, 150)]}
    (found,) = rules.open_periods(AUTUMN, hours, PARIS)
    assert rules.minutes_between(found.starts_at, found.ends_at) == 150


def test_hours_within_the_hour_that_the_clock_jumps_over_still_last_no_less():
    (found,) = rules.open_periods(SPRING, {6: [(125, 175)]}, PARIS)
    assert rules.minutes_between(found.starts_at, found.ends_at) == 50


def test_hours_that_end_as_the_clock_jumps_over_their_start_are_none():
    assert rules.open_periods(SPRING, {6: [(150, 180)]}, PARIS) == []


@pytest.mark.parametrize(
    ("instant", "minute"),
    [
        (datetime(2026, 3, 29, 3, 0, tzinfo=PARIS), 180),
        (datetime(2026, 3, 30, 0, 0, tzinfo=PARIS), 1440),
        (datetime(2026, 3, 28, 23, 0, tzinfo=PARIS), -60),
    ],
)
def test_minute_of_the_wall_clock_counts_from_a_midnight(instant, minute):
    assert rules.local_minute(instant, SPRING, PARIS) == minute


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 1440))
def test_minute_of_a_day_comes_back(day, minute):
    instant = rules.instant_at(day, minute, PARIS)
    back = rules.local_minute(instant, day, PARIS)
    assert back == minute or (day == instant.astimezone(PARIS).date() and back == minute + 60)
