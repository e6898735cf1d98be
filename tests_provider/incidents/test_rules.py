"""Duties, waits, ranks: decisions on plain values."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.gravity import LAST
from quenotte.kernel.posture.terms import Severity
from quenotte.provider.incidents import rules
from quenotte.provider.incidents.rules import Shift

PARIS = ZoneInfo("Europe/Paris")
WEEK = frozenset(range(5))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of March 2026; the 16th is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("shift", "when", "holds"),
    [
        (Shift(WEEK, 8, 19), at(16, 8), True),
        (Shift(WEEK, 8, 19), at(16, 19), False),
        (Shift(WEEK, 8, 19), at(21, 10), False),
        (Shift(WEEK, 0, 0), at(16, 3), True),
        (Shift(WEEK, 0, 0), at(22, 3), False),
        (Shift(frozenset({4}), 20, 6), at(20, 22), True),
        (Shift(frozenset({4}), 20, 6), at(21, 5), True),
        (Shift(frozenset({4}), 20, 6), at(21, 6), False),
        (Shift(frozenset({4}), 20, 6), at(20, 5), False),
        (Shift(frozenset({6}), 20, 6), at(23, 5), True),
    ],
)
def test_shift(shift: Shift, when: datetime, holds: bool):
    assert shift.holds(when, PARIS) is holds


def test_next_shift_is_found_over_a_weekend_and_a_night_of_summer_time():
    assert Shift(WEEK, 8, 19).next_start(at(20, 19, 30), PARIS) == at(23, 8)
    assert Shift(frozenset({6}), 8, 19).next_start(at(28, 22, 10), PARIS) == at(29, 8)
    assert Shift(frozenset(), 8, 19).next_start(at(20, 10), PARIS) is None


def test_who_is_on_duty_is_told_and_others_only_when_nobody_is():
    day, night, never = Shift(WEEK, 8, 19), Shift(WEEK, 19, 8), Shift(frozenset(), 8, 19)
    assert rules.due_of([day, night], at(16, 10), PARIS) == [at(16, 10), None]
    assert rules.due_of([day, day], at(21, 10), PARIS) == [at(23, 8), at(23, 8)]
    assert rules.due_of([never], at(21, 10), PARIS) == [at(21, 10)]
    assert rules.due_of([], at(21, 10), PARIS) == []


@given(
    st.sampled_from(list(Severity)), st.sampled_from(list(Severity)),
    st.integers(0, 2_000_000_000), st.integers(0, 2_000_000_000),
)  # fmt: skip
def test_rank_sorts_by_severity_then_age(one: Severity, two: Severity, first: int, second: int):
    ranks = [
        rules.rank(severity, datetime.fromtimestamp(since, UTC))
        for severity, since in ((one, first), (two, second))
    ]
    assert (ranks[0] < ranks[1]) is ((one.weight, first) < (two.weight, second))
    first_of, last_of = rules.ranks_of(one)
    assert first_of <= ranks[0] < last_of
    # The last level of gravity stays within its severity, and no age reaches the next level.
    assert ranks[0] + LAST * rules.LEVEL < last_of
    assert abs(first - second) < rules.LEVEL


def test_waits_grow_and_are_bounded():
    waits = [rules.wait_after(attempts) for attempts in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=2))
    rests = [rules.rest_after(timedelta(minutes=minutes)) for minutes in (0, 4, 20, 600)]
    assert [rest.total_seconds() / 60 for rest in rests] == [1, 2, 10, 15]
