from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import holidays


@pytest.mark.parametrize(
    ("year", "day"),
    [(2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter_of_known_years(year: int, day: date) -> None:
    assert holidays.easter(year) == day


@given(st.integers(min_value=1900, max_value=2200))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    sunday = holidays.easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("year", "easter", "monday", "ascension", "whit_monday"),
    [
        (2026, "05/04", "06/04", "14/05", "25/05"),
        (2027, "28/03", "29/03", "06/05", "17/05"),
        (2028, "16/04", "17/04", "25/05", "05/06"),
        (2029, "01/04", "02/04", "10/05", "21/05"),
    ],
)
def test_movable_holidays_of_the_calendar(
    year: int, easter: str, monday: str, ascension: str, whit_monday: str
) -> None:
    days = {name: f"{day:%d/%m}" for day, name in holidays.public_holidays(year).items()}
    assert f"{holidays.easter(year):%d/%m}" == easter
    assert days["Lundi de Pâques"] == monday
    assert days["Ascension"] == ascension
    assert days["Lundi de Pentecôte"] == whit_monday


@pytest.mark.parametrize(
    ("year", "day", "name"),
    [
        (1997, date(1997, 5, 8), "Ascension et Victoire de 1945"),
        (2008, date(2008, 5, 1), "Ascension et Fête du Travail"),
    ],
)
def test_two_holidays_of_one_day_share_it(year: int, day: date, name: str) -> None:
    assert holidays.public_holidays(year)[day] == name


def test_holidays_come_in_order() -> None:
    days = list(holidays.public_holidays(2026, territory=holidays.ALSACE_MOSELLE))
    assert days == sorted(days)


def test_holidays_follow_easter() -> None:
    days = holidays.public_holidays(2026)
    assert len(days) == 11
    assert days[date(2026, 5, 14)] == "Ascension"
    assert days[date(2026, 5, 25)] == "Lundi de Pentecôte"


def test_alsace_moselle_has_two_holidays_more() -> None:
    added = holidays.public_holidays(
        2026, territory=holidays.ALSACE_MOSELLE
    ).keys() - holidays.public_holidays(2026)
    assert added == {holidays.easter(2026) - timedelta(days=2), date(2026, 12, 26)}


@pytest.mark.parametrize(
    ("postcode", "territory"),
    [
        ("44000", holidays.METROPOLE),
        ("", holidays.METROPOLE),
        ("pas un code", holidays.METROPOLE),
        ("67 000", holidays.ALSACE_MOSELLE),
        ("57000", holidays.ALSACE_MOSELLE),
        ("68100", holidays.ALSACE_MOSELLE),
        ("97400", "974"),
        ("97133", "977"),
        ("97150", "978"),
        ("97110", "971"),
    ],
)
def test_territory_of_a_postcode(postcode: str, territory: str) -> None:
    assert holidays.territory_of(postcode) == territory


@pytest.mark.parametrize(
    ("territory", "day"),
    [
        ("971", date(2026, 5, 27)),
        ("972", date(2026, 5, 22)),
        ("973", date(2026, 6, 10)),
        ("974", date(2026, 12, 20)),
        ("976", date(2026, 4, 27)),
        ("977", date(2026, 10, 9)),
        ("978", date(2026, 5, 28)),
    ],
)
def test_overseas_remembers_the_end_of_slavery(territory: str, day: date) -> None:
    added = holidays.public_holidays(2026, territory=territory)
    assert added[day] == "Abolition de l’esclavage"
    assert len(added) == 12


def test_territory_that_nobody_knows_adds_nothing() -> None:
    assert holidays.public_holidays(2026, territory="999") == holidays.public_holidays(2026)
