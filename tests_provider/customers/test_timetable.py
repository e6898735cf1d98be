"""Hours and closed days are read as people type them, and shown so that they read the same."""

from datetime import date, time

import pytest

from quenotte.provider.customers.rules import USUAL, Stretch
from quenotte.provider.customers.timetable import (
    Unreadable,
    closed_days,
    let_go,
    shown_days,
    shown_stretches,
    stretches,
)

TODAY = date(2026, 3, 17)
DAY = [Stretch(1, time(8, 30), time(12, 30)), Stretch(1, time(14), time(19))]


@pytest.mark.parametrize(
    "typed",
    [
        "8:30-12:30, 14:00-19:00",
        "8h30 – 12h30 et 14h-19h",
        " 14 à 19 ; 8H30 à 12H30 ",
        "8 h 30 - 12 h 30 / 14 h - 19 h",
        "8.30-12.30, 14.00-19.00",
        "8h30-12h30, 14h-19h",
    ],
)
def test_hours_are_read_as_they_are_typed(typed: str) -> None:
    assert stretches(1, typed) == DAY


@pytest.mark.parametrize("typed", ["fermé", "Fermé", " FERME ", "fermée", "-", "–"])
def test_day_that_is_said_to_be_closed_is(typed: str) -> None:
    assert stretches(1, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "03/08/2026-21/08/2026",
        "03/08/2026–21/08/2026",
        "03/08/2026 - 21/08/2026",
        "3.8.2026-21.8.2026",
        "du 3 au 21 août 2026",
        "Du 3 août au 21 août 2026",
        "3/8 au 21/8/2026",
        "3 – 21 août 2026",
        "du 03/08/2026 au 21 août 2026",
    ],
)
def test_period_is_read_as_it_is_typed(typed: str) -> None:
    days = closed_days(typed, today=TODAY)
    assert (days[0], days[-1], len(days)) == (date(2026, 8, 3), date(2026, 8, 21), 19)


def test_period_over_two_months_names_the_year_once() -> None:
    days = closed_days("du 28 juillet au 1er août 2026", today=TODAY)
    assert (days[0], days[-1]) == (date(2026, 7, 28), date(2026, 8, 1))


def test_lines_of_which_nothing_is_kept_are_told() -> None:
    typed = "01/01/2026\n28/12/2025 – 20/01/2026\n24/12/2026"
    assert let_go(typed, today=TODAY) == ["01/01/2026"]


def test_what_is_shown_reads_the_same() -> None:
    assert shown_stretches(USUAL, 1) == "08:30-12:30, 14:00-19:00"
    assert stretches(1, shown_stretches(USUAL, 1)) == DAY
    assert shown_stretches(USUAL, 6) == ""
    assert stretches(6, " ") == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("matin", "no_stretch"),
        ("8:30", "no_stretch"),
        ("8:30-25:00", "no_stretch"),
        ("19-14", "backwards"),
        ("9-9", "backwards"),
        ("8-13, 12-19", "overlap"),
    ],
)
def test_hours_that_mean_nothing_say_why(typed: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        stretches(1, typed)
    assert refused.value.reason == reason


def test_closed_days_are_single_ones_and_periods() -> None:
    typed = "24/12/2026\n\n du 3/8/26 au 05/08/2026\n05/08/2026 – 06/08/2026\n"
    found = closed_days(typed, today=TODAY)
    assert found == [date(2026, 8, day) for day in (3, 4, 5, 6)] + [date(2026, 12, 24)]
    shown = shown_days(found, today=TODAY)
    assert shown == "03/08/2026 – 06/08/2026\n24/12/2026"
    assert closed_days(shown, today=TODAY) == found


def test_days_long_past_are_let_go() -> None:
    assert closed_days("01/01/2026\n20/01/2026", today=TODAY) == [date(2026, 1, 20)]
    assert shown_days([date(2026, 1, 1), date(2026, 1, 20)], today=TODAY) == "20/01/2026"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Noël", "no_day"),
        ("31/02/2026", "no_day"),
        ("01/04/2026 – 02/04/2026 – 03/04/2026", "no_day"),
        ("21/08/2026 – 03/08/2026", "backwards"),
        ("01/04/2026 – 30/06/2027", "too_many"),
        ("01/04/2026 – 31/12/2026\n01/01/2027 – 31/12/2027", "too_many"),
    ],
)
def test_closed_days_that_mean_nothing_say_why(typed: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        closed_days(typed, today=TODAY)
    assert refused.value.reason == reason
    assert refused.value.part in typed
