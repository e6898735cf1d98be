"""What a licence comes to."""

from datetime import date, timedelta

import pytest

from quenotte.provider.licences.rules import Worth, worth

TODAY = date(2026, 3, 17)


@pytest.mark.parametrize(
    ("seats", "used", "days", "expected"),
    [
        (3, 3, None, Worth.GOOD),
        (3, 4, None, Worth.TOO_FEW),
        (3, 4, -1, Worth.ENDED),
        (3, 4, 10, Worth.TOO_FEW),
        (3, 2, 0, Worth.ENDING),
        (3, 2, 30, Worth.ENDING),
        (3, 2, 31, Worth.GOOD),
        (None, 2, 31, Worth.GOOD),
        (None, 2, None, Worth.UNKNOWN),
        (3, None, None, Worth.UNKNOWN),
    ],
)
def test_worth(seats: int | None, used: int | None, days: int | None, expected: Worth):
    ends_on = None if days is None else TODAY + timedelta(days=days)
    assert worth(seats=seats, used=used, ends_on=ends_on, today=TODAY) is expected
