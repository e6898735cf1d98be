from collections import Counter
from datetime import date, datetime, time
from itertools import pairwise
from random import Random

import pytest
from django.db.models import F, Q
from django.utils import timezone

from quenotte.base.practice.models import Practice
from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.models import Appointment
from quenotte.config.demo import practice, visits

TODAY = date(2026, 3, 17)
SMALL = practice.Size(patients=80, years=0, days_ahead=25)


@pytest.mark.django_db
def test_demo_agenda_is_one_that_its_own_rules_would_accept() -> None:
    practice.prepare(lambda _what, _share: None, size=SMALL, today=TODAY)
    made = Practice.objects.get()
    assert len(queries.types(made.id)) == 8
    assert not Appointment.objects.filter(Q(kind=None) | ~Q(kind__name=F("title"))).exists()
    assert len(queries.waiting_list(made.id)) == 4
    assert len(queries.pinboard(made.id)) == 1
    assert queries.leaves(made.id).count() == 2
    for columns in ("practitioner", "chair"):
        _nobody_overlaps(columns)
    opened = queries.hours_of(made.id)[None]
    for it in Appointment.objects.all():
        local = timezone.localtime(it.starts_at)
        periods = rules.open_periods(local.date(), opened, timezone.get_default_timezone())
        assert any(one.holds(rules.Period(it.starts_at, it.ends_at)) for one in periods)
    room = queries.waiting_room(made.id)
    assert [len(room.waiting), len(room.in_chair), len(room.late)] == [2, 2, 0]
    assert all(one.waited_minutes and one.waited_minutes < 30 for one in room.waiting)


def _nobody_overlaps(column: str) -> None:
    rows = Appointment.objects.order_by(column, "starts_at")
    for before, after in pairwise(rows.values_list(f"{column}_id", "starts_at", "ends_at")):
        assert before[0] != after[0] or before[2] <= after[1]


def test_demo_rests_on_holidays() -> None:
    days = list(visits.working_days(date(2026, 5, 14), years=0, days_ahead=12))
    assert date(2026, 5, 14) in days
    assert not {date(2026, 5, 16), date(2026, 5, 17), date(2026, 5, 25)} & set(days)


@pytest.mark.parametrize(
    ("clock", "place"),
    [(time(7), 4), (time(10, 29), 4), (time(11, 15), 2), (time(15, 5), 5), (time(22), 5)],
)
def test_demo_day_follows_the_clock(clock: time, place: int) -> None:
    hours = (9, 10, 11, 12, 13, 14, 15, 16)
    starts = [datetime.combine(TODAY, time(hour), visits.ZONE) for hour in hours]
    now = datetime.combine(TODAY, clock, visits.ZONE)
    assert visits._place_of_now(starts, now) == place


def test_demo_statuses_of_the_past_are_over() -> None:
    drawn = Counter(visits._status(Random(n), date(2026, 3, 1), TODAY, place=n) for n in range(200))
    assert set(drawn) == {"done", "missed", "cancelled"}
