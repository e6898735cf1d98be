from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.reminders.rules import timing
from quenotte.care.reminders.rules.timing import Quiet

PARIS = ZoneInfo("Europe/Paris")
NEVER = Quiet(0, 0, days_off=False)
NIGHTS = Quiet(20, 8, days_off=False)
USUAL = Quiet()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("starts", "hours", "expected"),
    [
        ("2026-03-17T14:30", 24, "2026-03-16T14:30"),
        # The day before the clock changes, 9:00 is 9:00 although 23 hours lie between.
        ("2026-03-29T09:00", 24, "2026-03-28T09:00"),
        ("2026-10-25T09:00", 24, "2026-10-24T09:00"),
        ("2026-03-30T02:30", 24, "2026-03-29T03:30"),
        ("2028-03-01T10:00", 24, "2028-02-29T10:00"),
    ],
)
def test_a_day_before_is_the_same_hour_on_the_wall(starts, hours, expected):
    assert timing.before(at(starts), hours, PARIS) == at(expected)


@pytest.mark.parametrize(
    ("starts", "hours", "quiet", "expected"),
    [
        ("2026-03-18T14:30", 24, USUAL, "2026-03-17T14:30"),
        # At 7:00 the day before: the quiet ends at 8:00.
        ("2026-03-18T07:00", 24, USUAL, "2026-03-17T08:00"),
        # Sunday, all day long: Monday morning, still in time.
        ("2026-03-16T14:00", 24, USUAL, "2026-03-16T08:00"),
        # Monday at 8:30: on Monday it would be too late, so Saturday evening.
        ("2026-03-16T08:30", 24, USUAL, "2026-03-14T19:59"),
        # 1 May, a Friday, then Saturday.
        ("2026-05-02T14:00", 24, USUAL, "2026-05-02T08:00"),
        ("2026-05-02T09:00", 24, USUAL, "2026-04-30T19:59"),
        ("2026-03-16T08:30", 24, NEVER, "2026-03-15T08:30"),
        ("2026-03-18T21:00", 24, NIGHTS, "2026-03-18T08:00"),
        ("2026-03-18T14:30", 24, Quiet(12, 16, days_off=False), "2026-03-17T16:00"),
        ("2026-03-18T14:30", 4, Quiet(9, 13, days_off=False), "2026-03-18T08:59"),
    ],
)
def test_reminder_waits_for_the_quiet_to_end_or_comes_before_it(starts, hours, quiet, expected):
    assert timing.due_at(at(starts), hours, quiet, PARIS) == at(expected)


def test_quiet_that_never_ends_holds_nothing_up():
    always = Quiet(0, 23, days_off=True)
    moment = at("2026-03-17T10:00")
    assert timing.first_allowed(moment, always, PARIS) == at("2026-03-17T23:00")
    for step in (timing.first_allowed, timing.last_allowed):
        assert step(moment, _Always(), PARIS) == moment


class _Always(Quiet):
    def holds(self, local):
        return True


@pytest.mark.parametrize("day", [date(2026, 3, 15), date(2026, 5, 1), date(2026, 4, 6)])
def test_sundays_and_holidays_are_off(day):
    assert timing.is_day_off(day)
    assert not timing.is_day_off(date(2026, 3, 17))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda it: it.replace(tzinfo=UTC)
)
quiets = st.builds(Quiet, st.integers(0, 23), st.integers(0, 23), st.booleans())


@given(moments, quiets)
def test_allowed_moments_are_outside_the_quiet_and_on_their_side(moment, quiet):
    later = timing.first_allowed(moment, quiet, PARIS)
    earlier = timing.last_allowed(moment, quiet, PARIS)
    assert not quiet.holds(later.astimezone(PARIS))
    assert not quiet.holds(earlier.astimezone(PARIS))
    assert earlier <= moment <= later
    assert later - moment < timedelta(days=6)


@given(moments, st.integers(3, 336), quiets)
def test_reminder_always_leaves_before_the_appointment(starts_at, hours, quiet):
    due = timing.due_at(starts_at, hours, quiet, PARIS)
    assert due < starts_at
    assert due >= starts_at - timedelta(hours=hours + 1 + 24 * 7)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 15), (3, 45), (4, 135), (5, 240), (90, 240)]
)
def test_wait_grows_up_to_four_hours(attempts, minutes):
    assert timing.wait_after(attempts) == timedelta(minutes=minutes)


def test_news_are_worth_telling_until_the_appointment_reminders_two_hours_before():
    start = at("2026-03-17T14:00")
    assert timing.too_late_at("reminder", start) == at("2026-03-17T12:00")
    assert timing.too_late_at("cancelled", start) == start


def test_who_booked_after_the_moment_needs_no_reminder():
    due = at("2026-03-17T14:00")
    assert timing.was_booked_in_time(due - timedelta(minutes=1), due)
    assert not timing.was_booked_in_time(due, due)
