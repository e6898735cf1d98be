from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from quenotte.care.agenda import rules

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=PARIS)
TODAY = NOW.date()
NO_TIMES = dict.fromkeys(rules.TIME_FIELDS.values())


def test_every_status_has_its_moves_and_no_move_leads_nowhere():
    assert set(rules.MOVES) == set(rules.STATUSES)
    assert set().union(*rules.MOVES.values()) <= set(rules.STATUSES)
    assert set(rules.TIME_FIELDS) == set(rules.STATUSES) - {"booked"}


def test_no_status_follows_itself():
    assert not any(rules.may_become(status, status) for status in rules.STATUSES)


@pytest.mark.parametrize(
    ("status", "wanted", "is_legal"),
    [
        ("booked", "arrived", True),
        ("confirmed", "missed", True),
        ("missed", "arrived", True),
        ("cancelled", "booked", True),
        ("arrived", "missed", False),
        ("in_chair", "cancelled", False),
        ("done", "booked", False),
        ("cancelled", "arrived", False),
        ("nonsense", "booked", False),
        ("booked", "nonsense", False),
    ],
)
def test_steps_that_may_follow(status, wanted, is_legal):
    assert rules.may_become(status, wanted) is is_legal


@pytest.mark.parametrize("wanted", ["arrived", "in_chair", "done"])
def test_nobody_arrives_on_a_day_to_come(wanted):
    tomorrow = NOW + timedelta(days=1)
    fault = rules.when_fault(
        wanted, starts_at=tomorrow, now=NOW, starts_on=tomorrow.date(), today=TODAY
    )
    assert fault == "day"


@pytest.mark.parametrize(
    ("minutes", "fault"), [(1, "start"), (0, ""), (-30, "")], ids=["before", "at", "after"]
)
def test_nobody_is_missed_before_the_time(minutes, fault):
    starts_at = NOW + timedelta(minutes=minutes)
    found = rules.when_fault("missed", starts_at=starts_at, now=NOW, starts_on=TODAY, today=TODAY)
    assert found == fault


@pytest.mark.parametrize("wanted", ["confirmed", "cancelled", "booked"])
def test_what_is_said_by_telephone_may_be_noted_ahead(wanted):
    later = NOW + timedelta(days=30)
    assert not rules.when_fault(
        wanted, starts_at=later, now=NOW, starts_on=later.date(), today=TODAY
    )


@pytest.mark.parametrize(
    ("status", "same_day", "another_day"),
    [
        ("booked", True, True),
        ("confirmed", True, True),
        ("arrived", True, False),
        ("in_chair", True, False),
        ("done", False, False),
        ("missed", False, False),
        ("cancelled", False, False),
    ],
)
def test_what_has_begun_does_not_go_to_another_day(status, same_day, another_day):
    assert rules.may_move(status, is_same_day=True) is same_day
    assert rules.may_move(status, is_same_day=False) is another_day


def test_patient_who_comes_early_today_has_arrived():
    later = NOW + timedelta(hours=3)
    assert not rules.when_fault("arrived", starts_at=later, now=NOW, starts_on=TODAY, today=TODAY)


def test_step_keeps_its_time_and_what_to_come_back_to():
    step = rules.step_to("booked", "arrived", times=NO_TIMES, now=NOW)
    assert step == rules.Step("arrived", "booked", {"arrived_at": NOW})


def test_step_under_a_clock_set_back_is_not_before_the_last_one():
    times = NO_TIMES | {"arrived_at": NOW}
    step = rules.step_to("arrived", "in_chair", times=times, now=NOW - timedelta(hours=1))
    assert step.times == {"seated_at": NOW}


def test_missed_patient_who_comes_after_all_is_no_longer_missed():
    times = NO_TIMES | {"missed_at": NOW - timedelta(minutes=20)}
    step = rules.step_to("missed", "arrived", times=times, now=NOW)
    assert step.times == {"missed_at": None, "arrived_at": NOW}


def test_cancelled_appointment_that_is_booked_again_forgets_its_steps():
    times = NO_TIMES | {"confirmed_at": NOW, "cancelled_at": NOW}
    step = rules.step_to("cancelled", "booked", times=times, now=NOW)
    assert step.status == "booked"
    assert step.times == dict.fromkeys(
        ["cancelled_at", "confirmed_at", "arrived_at", "seated_at", "done_at"]
    )


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(a, b) for a, b in product(rules.STATUSES, repeat=2) if rules.may_become(a, b)],
)
def test_undo_comes_back_once_and_forgets_the_time(status, wanted):
    step = rules.step_to(status, wanted, times=NO_TIMES, now=NOW)
    times = {**NO_TIMES, **step.times}
    back = rules.undo_of(step.status, step.previous, times=times, now=NOW)
    assert back is not None
    assert (back.status, back.previous) == (status, "")
    if wanted in rules.TIME_FIELDS:
        assert back.times[rules.TIME_FIELDS[wanted]] is None
    assert rules.undo_of(back.status, back.previous, times=NO_TIMES, now=NOW) is None


def test_undo_of_a_step_of_another_day_is_history():
    long_ago = NOW - timedelta(minutes=rules.UNDO_MINUTES + 1)
    times = NO_TIMES | {"done_at": long_ago}
    assert rules.undo_of("done", "in_chair", times=times, now=NOW) is None


def test_undo_that_comes_back_to_missed_says_since_when():
    times = NO_TIMES | {"arrived_at": NOW}
    back = rules.undo_of("arrived", "missed", times=times, now=NOW)
    assert back is not None
    assert back.times == {"arrived_at": None, "missed_at": NOW}


@pytest.mark.parametrize(
    ("arrived", "seated", "minutes"),
    [(None, None, None), (-12, None, 12), (-12, -5, 7), (5, None, 0)],
    ids=["not here", "waits", "waited", "clock set back"],
)
def test_waiting_is_counted_in_whole_minutes(arrived, seated, minutes):
    def at(offset):
        return None if offset is None else NOW + timedelta(minutes=offset, seconds=-1)

    assert rules.waited_minutes(at(arrived), at(seated), NOW) == minutes


@pytest.mark.parametrize(
    ("minutes", "fault"),
    [(-30, "short"), (0, "short"), (4, "short"), (5, ""), (720, ""), (721, "long")],
)
def test_duration_that_nobody_works(minutes, fault):
    assert rules.duration_fault(minutes) == fault
    shape = {"starts_on": TODAY, "last_day": TODAY, "today": TODAY}
    assert rules.period_fault(minutes=minutes, **shape) == fault


def test_appointment_that_goes_on_after_midnight_is_none():
    tomorrow = TODAY + timedelta(days=1)
    assert (
        rules.period_fault(minutes=60, starts_on=TODAY, last_day=tomorrow, today=TODAY) == "night"
    )


@pytest.mark.parametrize(("year", "fault"), [(2030, ""), (2206, "far")])
def test_year_mistyped_is_too_far(year, fault):
    day = date(year, 3, 17)
    assert rules.period_fault(minutes=30, starts_on=day, last_day=day, today=TODAY) == fault


@pytest.mark.parametrize(
    ("wanted", "usual", "minutes", "kept"),
    [(None, 15, 30, 15), (10, 15, 30, 10), (60, 15, 30, 30), (None, 45, 30, 30), (0, 15, 30, 0)],
)
def test_assistant_stays_within_the_appointment(wanted, usual, minutes, kept):
    assert rules.assistant_time(wanted, usual, minutes) == kept


HOURS = {1: [(540, 750), (840, 1140)], 5: [(540, 1440)]}


def test_hours_of_a_day_are_periods_of_the_wall_clock():
    found = rules.open_periods(date(2026, 3, 17), HOURS, PARIS)
    local = [(p.starts_at.astimezone(PARIS).hour, p.ends_at.astimezone(PARIS).hour) for p in found]
    assert local == [(9, 12), (14, 19)]


def test_hours_until_midnight_end_with_the_day():
    saturday = date(2026, 3, 21)
    (found,) = rules.open_periods(saturday, HOURS, PARIS)
    assert found.ends_at == rules.day_period(saturday, PARIS).ends_at


def test_day_without_hours_is_closed_and_no_hours_at_all_never_close():
    wednesday = date(2026, 3, 18)
    assert rules.open_periods(wednesday, HOURS, PARIS) == []
    assert rules.closed_minutes(wednesday, HOURS) == [(0, 1440)]
    assert rules.open_periods(wednesday, {}, PARIS) == [rules.day_period(wednesday, PARIS)]
    assert rules.closed_minutes(wednesday, {}) == []


def test_closed_minutes_are_what_the_hours_leave():
    assert rules.closed_minutes(date(2026, 3, 17), HOURS) == [(0, 540), (750, 840), (1140, 1440)]
    assert rules.closed_minutes(date(2026, 3, 21), HOURS) == [(0, 540)]
    assert rules.closed_minutes(date(2026, 3, 17), {1: [(0, 540), (540, 1440)]}) == []


def test_hours_that_overlap_are_named():
    spans = [(1, 540, 750), (1, 749, 900), (1, 900, 960), (2, 540, 1140)]
    assert rules.overlapping_hours(spans) == [(1, 749, 900)]


@pytest.mark.parametrize(
    ("part", "start", "end", "is_in"),
    [
        ("any", 0, 1440, True),
        ("morning", 540, 780, True),
        ("morning", 765, 795, False),
        ("afternoon", 780, 810, True),
        ("afternoon", 765, 795, False),
    ],
)
def test_parts_of_the_day(part, start, end, is_in):
    assert rules.falls_in(part, start, end) is is_in


def test_weekdays_are_bits():
    assert rules.weekdays_of(rules.EVERY_DAY) == list(range(7))
    assert rules.weekdays_of(rules.weekdays_from([4, 0, 4])) == [0, 4]
    assert rules.is_weekday_in(rules.weekdays_from([1]), date(2026, 3, 17))
    assert not rules.is_weekday_in(rules.weekdays_from([1]), date(2026, 3, 18))
