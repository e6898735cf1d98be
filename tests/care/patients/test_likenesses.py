from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.patients.likenesses import (
    Level,
    Reason,
    Traits,
    birth_likeness,
    likeness,
    near_births,
)

BORN = date(1985, 4, 3)
MARIE = Traits(("Durand",), ("Marie",), BORN, ("+33639980001",), "F")


def level(other: Traits, one: Traits = MARIE) -> Level | None:
    found = likeness(one, other)
    return found.level if found else None


def somebody(surname="Durand", first="Marie", born=BORN, phone="", sex="F") -> Traits:
    return Traits((surname,), (first,), born, (phone,) if phone else (), sex)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (somebody(), Level.SAME),
        (somebody("DURAND", "MARIE"), Level.SAME),
        (somebody("Duran", "Mari"), Level.LIKELY),
        (somebody("Durant", "Marie"), Level.LIKELY),
        (somebody("Durand-Petit", "Marie"), Level.LIKELY),
        (somebody("Durand", "Marie-Louise"), Level.LIKELY),
        (somebody(born=date(1985, 3, 4)), Level.LIKELY),
        (somebody(born=date(1986, 4, 3)), Level.LIKELY),
        (somebody(born=date(1961, 9, 30)), Level.POSSIBLE),
        (somebody(born=None), Level.POSSIBLE),
        (somebody(born=date(1961, 9, 30), phone="06 39 98 00 01"), Level.LIKELY),
        (somebody("Petit"), Level.POSSIBLE),
        (somebody("Petit", phone="0639980001"), Level.LIKELY),
        (somebody("Petit", born=date(1985, 3, 4), phone="0639980001"), Level.LIKELY),
        (somebody("Petit", born=date(1985, 3, 4)), None),
        (somebody("Petit", "Léon", phone="0639980001"), None),
        (somebody("Durand", "Léon", born=None, phone="0639980001"), Level.HOUSEHOLD),
        (somebody("Marie", "Durand"), Level.LIKELY),
        (somebody("Durant", born=date(1961, 9, 30)), None),
        (somebody("Durant", born=None), Level.POSSIBLE),
        (somebody("Durant", "Marine", born=None), None),
        (somebody("Petit", "Paul"), None),
    ],
)
def test_level_of_two_descriptions(other, expected):
    assert level(other) == expected


def test_twins_are_two_people():
    assert level(somebody("Durand", "Léa"), somebody("Durand", "Léo", sex="M")) is None


def test_other_sex_is_no_changed_surname():
    assert level(somebody("Petit", "Dominique", sex="M"), somebody("Durand", "Dominique")) is None


def test_birth_name_and_used_name_both_count():
    married = Traits(("Kermarec", "Durand"), ("Marie",), BORN)
    assert level(married) == Level.SAME


def test_misspelled_first_name_is_near_when_it_is_long_enough():
    assert level(somebody(first="Dominqiue"), somebody(first="Dominique")) == Level.LIKELY


def test_particles_and_hyphens_are_no_difference():
    assert level(somebody("Le Gall", "Anne-Laure"), somebody("LEGALL", "anne laure")) == Level.SAME


def test_reasons_are_told_once():
    found = likeness(MARIE, somebody("Marie", "Durand", phone="0639980001"))
    assert found
    assert found.reasons == (Reason.NAMES_SWAPPED, Reason.SAME_BIRTH, Reason.SAME_PHONE)


def test_nothing_known_is_like_nobody():
    assert likeness(Traits((), ()), MARIE) is None


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_a_birth_is_among_those_near_it(born):
    assert f"{born:%Y%m%d}" in near_births(born)
    assert birth_likeness(born, born) == Reason.SAME_BIRTH


def test_swapped_day_and_month_are_near():
    assert "19850304" in near_births(BORN)
    assert birth_likeness(BORN, date(1985, 3, 4)) == Reason.DAY_AND_MONTH_SWAPPED
    assert birth_likeness(BORN, None) is None
