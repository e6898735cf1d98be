from datetime import timedelta

import pytest

from quenotte.kernel.posture.hearing import Crowd, is_deaf

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
