from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.patients import lookups
from quenotte.care.patients.lookups import lookup

TODAY = date(2026, 3, 17)


def lows(text):
    return {(one.kind, one.low) for term in lookup(text, TODAY).terms for one in term.ranges}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 avril 1985", {("d", "19850403")}),
        ("1er avril 1985", {("d", "19850401")}),
        ("03/04/1985", {("d", "19850403")}),
        ("3/4/85", {("d", "19850403")}),
        ("1985-04-03", {("d", "19850403")}),
        ("04/1985", {("d", "198504")}),
        ("1985-04", {("d", "198504")}),
        ("avril 1985", {("d", "198504")}),
        ("avril 85", {("d", "198504")}),
        ("3 avril", {("d", "j0403")}),
        ("03/04", {("d", "j0403")}),
        ("1985", {("d", "1985"), ("f", "1985")}),
        ("12/2010", {("d", "201012")}),
        ("15/03/20", {("d", "19200315"), ("d", "20200315")}),
    ],
)
def test_birth_dates_in_french_forms(text, expected):
    assert lows(text) == expected


def test_solid_date_may_be_the_beginning_of_a_telephone():
    assert lows("03041985") == {("d", "19850403"), ("t", "03041985"), ("f", "3041985")}
    assert ("d", "19850403") in lows("030485")


def test_day_that_does_not_exist_is_no_date():
    assert not any(kind == "d" and len(low) == 8 for kind, low in lows("31/02/1985"))


@pytest.mark.parametrize(
    "text", ["06 39 98 00 01", "0639980001", "06.39.98.00.01", "+33 6 39 98 00 01", "0033639980001"]
)
def test_telephone_in_any_form(text):
    assert ("t", "0639980001") in lows(text)


def test_beginning_of_a_telephone():
    assert ("t", "063998") in lows("06 39 98")


def test_file_number():
    assert ("f", "1204") in lows("1204")
    assert ("f", "12") in lows("0012")


def test_words_in_any_order_with_a_year():
    asked = lookup("dup mar 85", TODAY)
    assert set(asked.words) == {"dup", "mar"}
    assert asked.kind == "birth,name"
    assert asked.terms[0].word in {"dup", "mar"}


def test_accents_case_and_hyphens_do_not_matter():
    assert set(lookup("HÉLÈNE Le-Gall", TODAY).words) == {"helene", "le", "gall"}


def test_nothing_typed_asks_nothing():
    assert lookup("  ", TODAY).terms == ()
    assert lookup("  ", TODAY).kind == "empty"


def test_numbers_that_mean_nothing_together_are_read_apart():
    assert ("f", "12345") in lows("85 12345")
    assert lookup("99/99", TODAY).terms != ()


@given(st.text(max_size=60))
def test_lookup_of_anything_answers_a_few_terms(text):
    asked = lookup(text, TODAY)
    assert len(asked.terms) <= 6
    assert all(one.low <= one.high for term in asked.terms for one in term.ranges)


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_birth_date_is_found_by_its_own_keys(born_on):
    keys = lookups.keys_of(surnames=(), first_names=(), phones=(), born_on=born_on, file_number=1)
    for text in (f"{born_on:%d/%m/%Y}", f"{born_on:%m/%Y}", f"{born_on:%Y}", f"{born_on:%d/%m}"):
        ranges = [one for term in lookup(text, TODAY).terms for one in term.ranges]
        assert any(
            one.kind == kind and one.low <= key <= one.high for one in ranges for kind, key in keys
        ), text


def test_keys_of_a_compound_name():
    keys = lookups.keys_of(
        surnames=("Le Gall", ""),
        first_names=("Jean-Pierre",),
        phones=("+33639980001", "", "+442079460000"),
        born_on=date(1985, 4, 3),
        file_number=12,
    )
    assert {("n", "le"), ("n", "gall"), ("n", "legall"), ("g", "jeanpierre")} <= keys
    assert {("t", "0639980001"), ("t", "442079460000"), ("f", "12"), ("d", "j0403")} <= keys
    assert all(key and len(key) <= 64 for _kind, key in keys)


def test_key_of_a_very_long_name_fits_its_column():
    keys = lookups.keys_of(
        surnames=("a" * 100,), first_names=(), phones=(), born_on=TODAY, file_number=1
    )
    assert max(len(key) for _kind, key in keys) == 64
