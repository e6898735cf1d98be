"""The hours of a practice as who judges machines wants them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from quenotte.base import openings
from quenotte.care.agenda.queries import week_of
from tests import factories

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, month: int = 3) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, hour))


def test_practice_without_hours_has_no_week(practice):
    assert week_of(practice.id, timezone.now()) is None


def test_hours_of_all_practitioners_are_open_but_on_leave_and_holidays(practice, alice):
    for weekday in range(5):
        factories.OpeningPeriodFactory.create(
            practice=practice, weekday=weekday, opens_minute=540, closes_minute=720
        )
        factories.OpeningPeriodFactory.create(
            practice=practice,
            practitioner=alice,
            weekday=weekday,
            opens_minute=840,
            closes_minute=1080,
        )
    factories.LeaveFactory.create(
        practice=practice, practitioner=None, starts_at=at(19, 0), ends_at=at(20, 0)
    )
    week = openings.hours_of(practice.id, timezone.now())
    assert week is not None
    assert week.is_open(at(17, 10))
    assert week.is_open(at(17, 15))
    assert not week.is_open(at(17, 13))
    assert not week.is_open(at(21, 10))
    assert not week.is_open(at(19, 10))
    # Easter Monday.
    assert not week.is_open(at(6, 10, month=4))
    assert week.last_closure(at(20, 10), timedelta(hours=6)) is not None
