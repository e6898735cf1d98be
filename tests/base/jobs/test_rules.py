import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.base.jobs.rules import JITTER, LONGEST_DELAY_S, delay_before_next, period_key


@pytest.mark.parametrize(("attempts", "expected"), [(1, 10), (2, 20), (4, 80), (30, 3600)])
def test_delay_doubles_up_to_an_hour(attempts: int, expected: float):
    assert delay_before_next(attempts, backoff_s=10, chance=0) == expected


def test_wait_of_somebody_before_the_page_stays_short():
    waits = [delay_before_next(one, backoff_s=5, chance=0, longest_s=20) for one in range(1, 6)]
    assert waits == [5, 10, 20, 20, 20]


@given(st.integers(1, 1000), st.floats(0.1, 1e4), st.floats(0, 1, exclude_max=True))
def test_delay_is_never_longer_than_an_hour_and_a_quarter(
    attempts: int, backoff_s: float, chance: float
):
    wait = delay_before_next(attempts, backoff_s=backoff_s, chance=chance)
    assert 0 < wait <= LONGEST_DELAY_S * (1 + JITTER)


def test_period_key_changes_with_the_period():
    assert period_key("purge", at_s=7199, every_s=3600) == "purge@1"
    assert period_key("purge", at_s=7200, every_s=3600) == "purge@2"
