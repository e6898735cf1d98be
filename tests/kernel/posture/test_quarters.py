from datetime import UTC, date, datetime, timedelta

import pytest

from quenotte.kernel.posture.quarters import moments, slot_of, slots


@pytest.mark.parametrize(
    ("hour", "minute", "place"), [(0, 0, 0), (11, 59, 47), (12, 0, 48), (23, 59, 95)]
)
def test_quarter_of_an_hour_has_a_bit_of_its_own(hour: int, minute: int, place: int):
    early, late = slot_of(datetime(2026, 3, 17, hour, minute, tzinfo=UTC))
    assert [at for at, seen in enumerate(slots(early, late)) if seen] == [place]


def test_bits_of_a_day_are_moments_of_it():
    at = datetime(2026, 3, 17, 18, 45, tzinfo=UTC)
    early, late = slot_of(at + timedelta(minutes=7))
    assert list(moments(date(2026, 3, 17), early, late)) == [at]
