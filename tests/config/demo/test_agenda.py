from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest
from django.db.models import F, Q
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Chair, Practice
from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.desk.models import BoardNote
from quenotte.care.patients.models import Patient
from quenotte.config.demo import desk, practice, visits
from quenotte.office.visits.models import Visit

TODAY = date(2026, 3, 17)
COMING = {"arrived", "booked", "confirmed"}
NOW = datetime.combine(TODAY, time(9, 30), visits.ZONE)
BUSY = practice.Size(patients=80, years=0, days_ahead=25, is_always_busy=True)


@pytest.mark.django_db
def test_demo_agenda_is_one_that_its_own_rules_would_accept() -> None:
    practice.prepare(lambda _what, _share: None, size=BUSY, now=NOW)
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


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 3, 22), date(2026, 5, 1)])
def test_demo_is_open_on_the_day_it_is_first_started_and_says_so(day: date) -> None:
    now = datetime.combine(day, time(10, 40), visits.ZONE)
    size = practice.Size(patients=40, years=0, days_ahead=1)
    practice.prepare(lambda _what, _share: None, size=size, now=now)
    made = Practice.objects.get()
    assert Appointment.objects.filter(starts_at__date=day, status="in_chair").exists()
    assert Visit.objects.filter(closed_at=None).exists()
    assert not [one for one in queries.closures(made.id, day, day, []) if one.code == "holiday"]
    assert queries.hours_of(made.id)[None][day.weekday()]
    # Nobody is given an appointment on the Sundays that follow.
    after = day + timedelta(weeks=1)
    closed = [one.code for one in queries.closures(made.id, after, after, [])]
    assert ("leave" in closed) is (day.weekday() == 6)
    assert "jour de son premier démarrage" in BoardNote.objects.earliest("shown_until").text


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


def drawn_day(now: datetime) -> list[Appointment]:
    """Draw today as it is when the demo is first started at ``now``."""
    known = [Patient(born_on=date(1980, 5, 6)), Patient(born_on=date(2018, 5, 6))]
    columns = [visits.Column(Person(id=uuid4()), Chair()) for _ in range(2)]
    return list(visits.draw_appointments(Random(7), known, columns, now.date(), now))


@pytest.mark.parametrize("clock", [time(0, 5), time(8, 50), time(11, 10), time(13), time(23, 50)])
@pytest.mark.parametrize("day", [TODAY, date(2026, 3, 22), date(2026, 5, 1)])
def test_demo_day_is_one_that_the_clock_allows(day: date, clock: time) -> None:
    now = datetime.combine(day, clock, visits.ZONE)
    drawn = drawn_day(now)
    assert drawn
    for one in drawn:
        is_over, is_begun = one.ends_at <= now, one.starts_at <= now
        allowed = {"done", "missed"} if is_over else {"in_chair"} if is_begun else COMING
        assert one.status in allowed
        times = [one.confirmed_at, one.arrived_at, one.seated_at, one.done_at, one.missed_at]
        reached = [at for at in times if at is not None]
        assert all(at <= now for at in reached)
        assert reached == sorted(reached)
        if one.status == "arrived":
            assert one.arrived_at
            assert one.starts_at - now <= timedelta(minutes=12)
            assert now - one.arrived_at <= timedelta(minutes=12)
    # A Sunday or a holiday is worked as well when the demo is first started on it.
    assert len({one.practitioner_id for one in drawn}) == 2
    assert max(one.ends_at.time() for one in drawn) > time(16)


def test_demo_has_people_in_its_rooms_in_the_middle_of_a_morning() -> None:
    states = Counter(
        one.status for one in drawn_day(datetime.combine(TODAY, time(10, 55), visits.ZONE))
    )
    assert states["done"]
    assert states["in_chair"]
    assert states["booked"] + states["confirmed"] > 4


def test_demo_dentist_who_rests_on_wednesday_sees_nobody() -> None:
    wednesday = datetime(2026, 3, 18, 15, 0, tzinfo=visits.ZONE)
    assert len({one.practitioner_id for one in drawn_day(wednesday)}) == 1


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (datetime(2026, 3, 17, 11, 0, tzinfo=visits.ZONE), "17 08:40"),
        (datetime(2026, 3, 17, 7, 0, tzinfo=visits.ZONE), "16 17:40"),
        (datetime(2026, 3, 22, 11, 0, tzinfo=visits.ZONE), "22 08:40"),
        (datetime(2026, 3, 22, 7, 0, tzinfo=visits.ZONE), "20 17:40"),
    ],
)
def test_demo_team_wrote_its_words_before_now(now: datetime, written: str) -> None:
    assert f"{desk._last_words(now):%d %H:%M}" == written


def test_only_assistant_of_the_demo_is_with_one_dentist_at_a_time() -> None:
    drawn = drawn_day(datetime.combine(TODAY, time(9), visits.ZONE))
    for one in drawn:
        one.assistant_minutes = one.minutes
    practice._share_the_assistant(drawn)
    spans = [rules.assisted(it.starts_at, it.assistant_minutes) for it in drawn]
    assert any(it.assistant_minutes for it in drawn)
    for place, span in enumerate(spans):
        assert rules.shortage(span, spans[:place] + spans[place + 1 :], 1) is None


def test_demo_statuses_of_the_past_are_over() -> None:
    drawn = Counter(visits._status(Random(n), date(2026, 3, 1), TODAY, place=n) for n in range(200))
    assert set(drawn) == {"done", "missed", "cancelled"}
