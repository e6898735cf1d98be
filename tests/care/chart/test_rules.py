from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.chart import rules
from quenotte.care.chart.models import ToothState
from quenotte.web.odontograms import Tooth, draw

DAY = date(2026, 1, 12)


def test_mouth_shows_what_the_age_expects_and_what_was_seen():
    teeth = rules.mouth([11, 36], {36: ("missing", DAY), 18: ("unerupted", DAY)})
    assert [(one.fdi, one.state) for one in teeth] == [
        (11, "present"),
        (18, "unerupted"),
        (36, "missing"),
    ]
    assert rules.absent(teeth) == [36]


@pytest.mark.parametrize("state", ToothState.State.values)
def test_every_state_has_a_drawing_and_words(state):
    (tooth,) = rules.mouth([], {16: (state, DAY)})
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
