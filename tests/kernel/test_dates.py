from datetime import date, datetime, time, timedelta

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
        "3 AVR. 85",
        "Mercredi 3 avril 1985",
        "né le 3/4/85",
        "03 / 04 / 1985",
        "03,04,1985",
        "3\u20114\u20111985",
        " 1985-04-03 ",
        "1985/4/3",
        "19850403",
        "０３/０４/１９８５",
    ],
)
def test_date_typed_in_any_french_form_is_read(text: str) -> None:
    assert dates.parse_french_date(text, today=TODAY) == date(1985, 4, 3)


@pytest.mark.parametrize("text", ["1er mars 2001", "1 er mars 01", "1ᵉʳ mars 2001", "1 mars 2001"])
def test_first_of_the_month_may_be_written_1er(text: str) -> None:
    assert dates.parse_french_date(text, today=TODAY) == date(2001, 3, 1)


def test_eight_digits_are_french_when_they_can_be() -> None:
    assert dates.parse_french_date("20111985", today=TODAY) == date(1985, 11, 20)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/1985", "impossible"),
        ("31/04/1985", "impossible"),
        ("29/02/2023", "impossible"),
        ("29/02/1900", "impossible"),
        ("00/01/1985", "impossible"),
        ("12/13/1985", "impossible"),
        ("01/00/1985", "impossible"),
        ("01/01/0000", "impossible"),
        ("31132005", "impossible"),
        ("18/03/2026", "future"),
        ("03/04/0085", "too_old"),
        ("31/12/1895", "too_old"),
        ("hier", "format"),
        ("3 xxx 1985", "format"),
        ("3 ju 1985", "format"),
        ("3 ma 1985", "format"),
        ("3 апр 1985", "format"),
        ("03/04/985", "format"),
        ("03/04", "format"),
        ("1985", "format"),
        ("0304198", "format"),
        ("3:4:1985", "format"),
        ("06 39 98 00 12", "format"),
        ("3 avril 1985" + " " * 60, "format"),
        ("", "format"),
    ],
)
def test_date_that_cannot_be_says_why(text: str, reason: str) -> None:
    with pytest.raises(dates.InvalidDate) as caught:
        dates.parse_french_date(text, today=TODAY)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "year"),
    [("17/03/26", 2026), ("18/03/26", 1926), ("01/01/27", 1927), ("29/02/00", 2000)],
)
def test_two_digit_year_is_never_in_the_future(typed: str, year: int) -> None:
    assert dates.parse_french_date(typed, today=TODAY).year == year


def test_two_digit_year_turns_with_the_century() -> None:
    assert dates.parse_french_date("29/02/00", today=date(2100, 6, 1)) == date(2000, 2, 29)
    assert dates.parse_french_date("01/06/00", today=date(2100, 6, 1)) == date(2100, 6, 1)


def test_refused_date_is_not_told_to_the_logs() -> None:
    with pytest.raises(dates.InvalidDate) as caught:
        dates.parse_french_date("31/02/1985", today=TODAY)
    assert str(caught.value) == "impossible"


@given(DAYS)
def test_date_shown_is_read_back(day: date) -> None:
    assert dates.parse_french_date(dates.format_french_date(day), today=TODAY) == day
    assert dates.parse_french_date(dates.format_long_date(day), today=TODAY) == day
    assert dates.parse_french_date(day.isoformat(), today=TODAY) == day
    assert dates.parse_french_date(f"{day:%d%m%Y}", today=TODAY) == day


@given(DAYS, st.sampled_from(["%d/%m/%y", "%d%m%y", "%d.%m.%y", "%d %m %y"]))
def test_two_digit_year_is_the_latest_that_can_be(day: date, form: str) -> None:
    read = dates.parse_french_date(day.strftime(form), today=TODAY)
    assert (read.day, read.month, read.year % 100) == (day.day, day.month, day.year % 100)
    assert day <= read <= TODAY


@given(st.text(max_size=20) | st.from_regex(r"[0-9 ./-]{1,12}", fullmatch=True))
def test_any_text_is_a_date_of_a_living_person_or_refused(text: str) -> None:
    reason, read = "", TODAY
    try:
        read = dates.parse_french_date(text, today=TODAY)
    except dates.InvalidDate as refused:
        reason = refused.reason
    assert reason in {"", "format", "impossible", "future", "too_old"}
    assert dates.looks_like_date(text) is (reason != "format")
    assert date(1896, 1, 1) <= read <= TODAY
    if not reason:
        assert dates.partial_date_range(text, today=TODAY) == (read, read + timedelta(days=1))


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
        ("1985-04", (date(1985, 4, 1), date(1985, 5, 1))),
        ("avril 1985", (date(1985, 4, 1), date(1985, 5, 1))),
        ("déc. 1985", (date(1985, 12, 1), date(1986, 1, 1))),
        ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
        ("03/2026", (date(2026, 3, 1), date(2026, 4, 1))),
        ("3/4/1985", (date(1985, 4, 3), date(1985, 4, 4))),
        ("13/1985", None),
        ("01/1700", None),
        ("1700", None),
        ("2050", None),
        ("04/2026", None),
        ("1895", None),
        ("00/1985", None),
        ("xxx 1985", None),
        ("03/04", None),
        ("31/02/1985", None),
        ("dup", None),
        ("", None),
    ],
)
def test_partial_date_means_a_period(text: str, period: tuple[date, date] | None) -> None:
    assert dates.partial_date_range(text, today=TODAY) == period


@given(DAYS)
def test_date_lies_in_the_periods_of_its_beginnings(day: date) -> None:
    for typed in (f"{day:%Y}", f"{day:%m/%Y}", f"{day:%Y-%m}", f"{day:%d/%m/%Y}"):
        period = dates.partial_date_range(typed, today=TODAY)
        assert period is not None
        assert period[0] <= day < period[1]


def test_period_asks_the_clock_for_today() -> None:
    assert dates.partial_date_range("2027") is None
    assert dates.partial_date_range("2026") is not None


def test_year_before_thousand_keeps_four_digits() -> None:
    assert dates.format_french_date(date(985, 4, 3)) == "03/04/0985"


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
        (date(2026, 3, 17), "0 jour"),
        (date(2024, 3, 18), "23 mois"),
        (date(2024, 3, 17), "2 ans"),
        (date(2026, 3, 18), ""),
    ],
)
def test_age_of_the_very_young_is_said_in_months_or_days(born_on: date, text: str) -> None:
    assert dates.age_text(born_on, TODAY) == text


@given(DAYS, st.integers(min_value=0, max_value=40_000))
def test_age_grows_by_one_a_year(born_on: date, days: int) -> None:
    on = born_on + timedelta(days=days)
    age = dates.age_years(born_on, on)
    assert age <= days / 365 < age + 1.003 + age / 365
    assert dates.age_years(born_on, on + timedelta(days=1)) - age in {0, 1}


def test_time_of_day_as_people_read_it():
    assert dates.clock(time(9, 5)) == "9 h 05"
    assert dates.clock(datetime(2026, 3, 17, 0, 30)) == "0 h 30"
    assert dates.day_and_clock(datetime(2026, 4, 3, 14, 0)) == "03/04/2026 à 14 h 00"
