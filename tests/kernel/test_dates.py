from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import dates

TODAY = date(2026, 3, 17)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "3/4/1985",
        "03.04.85",
        "03-04-1985",
        "3 4 1985",
        "03041985",
        "030485",
        "3 avril 1985",
        "3 AVR 1985",
        " 1985-04-03 ",
    ],
)
def test_date_typed_in_any_french_form_is_read(text: str) -> None:
    assert dates.parse_french_date(text, today=TODAY) == date(1985, 4, 3)


def test_first_of_the_month_may_be_written_1er() -> None:
    assert dates.parse_french_date("1er mars 2001", today=TODAY) == date(2001, 3, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/1985", "impossible"),
        ("31/04/1985", "impossible"),
        ("29/02/2023", "impossible"),
        ("18/03/2026", "future"),
        ("01/01/1700", "too_old"),
        ("hier", "format"),
        ("3 xxx 1985", "format"),
        ("3 ju 1985", "format"),
        ("", "format"),
    ],
)
def test_date_that_cannot_be_says_why(text: str, reason: str) -> None:
    with pytest.raises(dates.InvalidDate) as caught:
        dates.parse_french_date(text, today=TODAY)
    assert caught.value.reason == reason


@pytest.mark.parametrize(("typed", "year"), [("01/01/26", 2026), ("01/01/27", 1927)])
def test_two_digit_year_is_never_in_the_future(typed: str, year: int) -> None:
    assert dates.parse_french_date(typed, today=TODAY).year == year


@given(DAYS)
def test_date_shown_is_read_back(day: date) -> None:
    assert dates.parse_french_date(dates.format_french_date(day), today=TODAY) == day


def test_today_is_asked_of_the_clock() -> None:
    assert dates.parse_french_date("17/03/2026") == TODAY


@pytest.mark.parametrize(("text", "is_date"), [("3/4/85", True), ("31/02/85", True), ("du", False)])
def test_looks_like_date_judges_the_form_alone(text: str, is_date: bool) -> None:
    assert dates.looks_like_date(text) is is_date


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("1985", (date(1985, 1, 1), date(1986, 1, 1))),
        ("04/1985", (date(1985, 4, 1), date(1985, 5, 1))),
        ("12/1985", (date(1985, 12, 1), date(1986, 1, 1))),
        ("3/4/1985", (date(1985, 4, 3), date(1985, 4, 4))),
        ("13/1985", None),
        ("01/1700", None),
        ("1700", None),
        ("2050", None),
        ("03/04", None),
        ("dup", None),
    ],
)
def test_partial_date_means_a_period(text: str, period: tuple[date, date] | None) -> None:
    assert dates.partial_date_range(text, today=TODAY) == period


def test_long_date_is_said_in_french() -> None:
    assert dates.format_long_date(date(1985, 4, 3)) == "mercredi 3 avril 1985"
    assert dates.format_long_date(date(2026, 5, 1)) == "vendredi 1er mai 2026"


@pytest.mark.parametrize(
    ("born_on", "on", "years"),
    [
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(1985, 4, 3), date(2026, 4, 2), 40),
        (date(1985, 4, 3), date(2026, 4, 3), 41),
    ],
)
def test_age_turns_on_the_birthday(born_on: date, on: date, years: int) -> None:
    assert dates.age_years(born_on, on) == years


@pytest.mark.parametrize(
    ("born_on", "text"),
    [
        (date(2019, 3, 1), "7 ans"),
        (date(2025, 12, 17), "3 mois"),
        (date(2025, 12, 18), "2 mois"),
        (date(2026, 3, 5), "12 jours"),
        (date(2026, 3, 16), "1 jour"),
    ],
)
def test_age_of_the_very_young_is_said_in_months_or_days(born_on: date, text: str) -> None:
    assert dates.age_text(born_on, TODAY) == text


@pytest.mark.parametrize(
    ("year", "day"),
    [(2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter_of_known_years(year: int, day: date) -> None:
    assert dates.easter(year) == day


@given(st.integers(min_value=1900, max_value=2200))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    sunday = dates.easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def test_holidays_follow_easter() -> None:
    holidays = dates.public_holidays(2026)
    assert len(holidays) == 11
    assert holidays[date(2026, 5, 14)] == "Ascension"
    assert holidays[date(2026, 5, 25)] == "Lundi de Pentecôte"


def test_alsace_moselle_has_two_holidays_more() -> None:
    added = dates.public_holidays(2026, alsace_moselle=True).keys() - dates.public_holidays(2026)
    assert added == {dates.easter(2026) - timedelta(days=2), date(2026, 12, 26)}
