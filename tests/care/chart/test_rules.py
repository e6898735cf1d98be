from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.chart import rules
from quenotte.care.chart.models import ToothState
from quenotte.web.odontograms import Tooth, draw

DAY = date(2026, 1, 12)


TODAY = date(2026, 3, 17)
ADULT = date(1994, 5, 2)


def states(born_on, seen, today=TODAY):
    return {one.fdi: one.state for one in rules.mouth(born_on, today, seen)}


def test_mouth_shows_what_the_age_expects_and_what_was_seen():
    teeth = rules.mouth(date(2019, 5, 2), TODAY, {36: ("missing", DAY), 12: ("unerupted", DAY)})
    found = {one.fdi: one.state for one in teeth}
    assert (found[36], found[12]) == ("missing", "unerupted")
    assert (found[46], found[55]) == ("present", "present")
    assert [one.fdi for one in teeth] == sorted(found)
    assert rules.absent(teeth) == [36]


@pytest.mark.parametrize("state", ToothState.State.values)
def test_primary_tooth_of_a_child_is_gone_from_the_adult(state):
    seen = {55: (state, date(2000, 6, 1)), 16: ("present", date(2000, 6, 1))}
    found = states(ADULT, seen)
    assert 55 not in found
    assert found[15] == "present"


def test_primary_tooth_of_a_child_is_shown_to_the_child():
    assert states(ADULT, {55: ("root", date(2000, 6, 1))}, date(2001, 6, 1))[55] == "treated"
    assert states(ADULT, {55: ("missing", date(2000, 6, 1))}, date(2001, 6, 1))[55] == "missing"


@pytest.mark.parametrize(
    ("state", "seen_on", "is_shown"),
    [
        ("present", date(2005, 4, 1), False),  # 10 years and 11 months: 15 comes at 11
        ("present", date(2005, 6, 1), True),
        ("present", date(2024, 6, 1), True),
        ("root", date(2024, 6, 1), True),
        ("missing", date(2024, 6, 1), False),
    ],
)
def test_primary_tooth_seen_after_its_time_is_retained(state, seen_on, is_shown):
    assert (55 in states(ADULT, {55: (state, seen_on)})) is is_shown


@pytest.mark.parametrize(
    ("successor", "is_shown"),
    [("missing", True), ("unerupted", True), ("present", False), ("implant", False)],
)
def test_primary_tooth_whose_successor_never_came_is_kept(successor, is_shown):
    seen = {55: ("present", date(2000, 6, 1)), 15: (successor, date(2010, 6, 1))}
    found = states(ADULT, seen)
    assert (55 in found) is is_shown
    assert 15 in found


def test_primary_tooth_that_is_missing_leaves_one_gap_not_two():
    seen = {55: ("missing", date(2000, 6, 1)), 15: ("missing", date(2010, 6, 1))}
    assert rules.absent(rules.mouth(ADULT, TODAY, seen)) == [15]


@pytest.mark.parametrize("state", ToothState.State.values)
def test_every_state_has_a_drawing_and_words(state):
    tooth = next(one for one in rules.mouth(ADULT, TODAY, {16: (state, DAY)}) if one.fdi == 16)
    assert tooth.words
    assert f"tooth-{tooth.state}" in draw([Tooth(16, tooth.state, tooth.words)], "Dents")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Carie 16.\r\nÀ revoir.\r", "Carie 16.\nÀ revoir."),
        ("a\x00b\x1b\u0065\u0301", "ab\u00e9"),
        (" \n\t ", ""),
    ],
)
def test_tidy(typed, kept):
    assert rules.tidy(typed) == kept


@given(st.text())
def test_tidy_twice_is_tidy_once(text):
    once = rules.tidy(text)
    assert rules.tidy(once) == once
    assert "\x00" not in once
