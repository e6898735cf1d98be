"""The calendar of proofs: the worst of a day shows, whole weeks, months where they begin."""

from datetime import date, timedelta

from quenotte.upkeep.backups import calendars, forecasts
from quenotte.upkeep.backups.calendars import Mark

TODAY = date(2026, 3, 17)


def test_day_shows_its_worst_proof_else_its_copy() -> None:
    yesterday, before = TODAY - timedelta(1), TODAY - timedelta(2)
    found = calendars.days(
        on=TODAY,
        count=4,
        proofs=[(TODAY, False), (TODAY, True), (yesterday, True), (date(2025, 1, 1), True)],
        copies=[yesterday, before],
    )

    assert [day.mark for day in found] == [Mark.NOTHING, Mark.COPIED, Mark.PROVEN, Mark.FAILED]
    assert found[-1].on == TODAY


def test_weeks_begin_on_mondays_and_name_each_month_once() -> None:
    weeks = calendars.weeks(calendars.days(on=TODAY, count=90, proofs=[], copies=[]))

    assert all(len(week.days) == 7 for week in weeks)
    assert all(day is None or day.on.weekday() == 0 for day in (week.days[0] for week in weeks))
    months = [week.month for week in weeks if week.month]
    assert months == [date(2025, 12, 18), *(date(2026, month, 1) for month in (1, 2, 3))]
    assert calendars.weeks([]) == []


def test_room_lasts_as_long_as_copies_grow() -> None:
    assert forecasts.days_left(1000, 100, 10) == 100
    assert forecasts.days_left(1000, 100, 2) is None
    assert forecasts.days_left(1000, 0, 10) is None
    # A whole copy each year, and a journal that is not full yet, are part of it.
    assert forecasts.days_left(1000, 100, 10, each_year=3650) == 50
    assert forecasts.days_left(-5, 100, 10) == 0
    assert forecasts.room("/nowhere", added_bytes=1, days=9) is None
    assert forecasts.Room(1, 2, 30).is_short
    assert (forecasts.Room(1, 2, 800).years_left, forecasts.Room(1, 2, 65).months_left) == (2, 2)
