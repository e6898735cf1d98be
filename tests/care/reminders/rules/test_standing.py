from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quenotte.care.reminders.rules.standing import Addressee, Standing, blocked, is_redundant
from quenotte.care.reminders.rules.states import Blocked

START = datetime(2026, 3, 20, 9, tzinfo=UTC)
NOW = START - timedelta(days=1)
MARIE = Addressee("marie@courriel.example", refuses=False, is_let_alone=False)


def standing(kind="reminder", status="booked", **changes):
    values: dict[str, Any] = {"about": START, "starts_at": START, "is_switched_on": True}
    values |= changes
    return Standing(kind=kind, status=status, **values)


@pytest.mark.parametrize(
    ("one", "who", "now", "expected"),
    [
        (standing(), MARIE, NOW, None),
        (standing(status="confirmed"), MARIE, NOW, None),
        (standing(status="missed"), MARIE, NOW, Blocked.NOT_EXPECTED),
        (standing(status="cancelled"), MARIE, NOW, Blocked.NOT_EXPECTED),
        (standing(status="arrived"), MARIE, NOW, Blocked.NOT_EXPECTED),
        (standing(starts_at=START + timedelta(hours=1)), MARIE, NOW, Blocked.MOVED_AGAIN),
        (standing(is_switched_on=False), MARIE, NOW, Blocked.SWITCHED_OFF),
        (standing(), MARIE, START - timedelta(hours=2), Blocked.TOO_LATE),
        (standing(), Addressee("", False, False), NOW, Blocked.NO_ADDRESS),
        (standing(), Addressee("a@b.example", True, False), NOW, Blocked.REFUSES),
        (standing(), Addressee("a@b.example", True, True), NOW, Blocked.DO_NOT_CONTACT),
        (standing("cancelled", "cancelled"), MARIE, START - timedelta(hours=1), None),
        (standing("cancelled", "cancelled"), MARIE, START, Blocked.TOO_LATE),
        (standing("cancelled", "booked"), MARIE, NOW, Blocked.NOT_EXPECTED),
        (
            standing("cancelled", "cancelled", starts_at=START + timedelta(days=1)),
            MARIE, NOW, None,
        ),
    ],
)  # fmt: skip
def test_what_keeps_a_message_back(one, who, now, expected):
    assert blocked(one, who, now=now) is expected


def test_reminder_that_follows_the_news_too_closely_says_nothing_new():
    assert is_redundant(NOW - timedelta(hours=23), NOW)
    assert not is_redundant(NOW - timedelta(hours=24), NOW)
    assert not is_redundant(None, NOW)
