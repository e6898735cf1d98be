"""What became of each finding agrees with the mouth, and with the day on which it changed."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from quenotte.care.chart.rules.histories import Entry, What, history
from quenotte.care.chart.rules.mouths import chart_of
from quenotte.care.chart.rules.outcomes import Outcome, outcomes
from tests.care.chart.charts import START, TODAY, entries_of
from tests.care.chart.test_mouths import FEW, actions, told

NEXT = START + timedelta(days=1)


def _outcomes(entries):
    return outcomes(history(entries).acts, date.max)


def _first(*lines):
    return _outcomes(entries_of(*lines))["k1"]


@pytest.mark.parametrize(
    ("lines", "ended_on", "is_again", "is_fulfilled"),
    [
        (["16 M carie", "16 MOD composite fait"], NEXT, False, False),
        (["16 M carie", "16 MO carie profonde"], NEXT, True, False),
        (["16 O icdas 2", "16 O icdas 0"], NEXT, False, False),
        (["16 M carie", "16 extraite"], NEXT, False, False),
        (["28 incluse", "28 absente"], NEXT, False, False),
        (["28 absente", "28 absente"], NEXT, True, False),
        (["28 absente", "28 implant titane fait"], NEXT, False, False),
        (["surveiller 38 incluse", "38 présente"], NEXT, False, False),
        (["16 O composite", "16 couronne"], NEXT, False, False),
        (["à faire 16 couronne", "16 couronne faite"], NEXT, False, True),
        (["à faire 16 couronne", "à faire 16 couronne"], NEXT, True, False),
        (["16 extraction", "16 absente"], NEXT, False, True),
        (["16 extraction faite", "16 implant titane fait"], None, False, False),
        (["à faire 18 O composite", "18 extraite"], None, False, False),
    ],
)
def test_what_ended(lines, ended_on, is_again, is_fulfilled):
    found = _first(*lines)
    assert (found.left, found.ended_on) == (None, ended_on)
    assert (found.is_told_again, found.is_fulfilled) == (is_again, is_fulfilled)


@pytest.mark.parametrize(
    "lines", [["28 absente"], ["16 M carie", "26 M carie"], ["38 racine restante"]]
)
def test_what_stands(lines):
    found = _first(*lines)
    assert found == Outcome(left=entries_of(*lines)[0].finding)


def test_what_is_left_of_a_caries_is_what_was_not_filled():
    found = _first("16 MOD carie", "16 O composite fait")
    assert found.left is not None
    assert (found.left.surfaces, found.ended_on) == ("MD", None)


def test_what_cannot_be_true_is_aside():
    found = _outcomes(entries_of("18 absente", "18 O composite"))["k2"]
    assert (found.is_aside, found.left, found.ended_on) == (True, None, None)


def test_intention_that_was_given_up_ended_by_nothing():
    given_up = Entry(9, "w", "w", What.WITHDRAW, TODAY, target="k1")
    found = _outcomes([*entries_of("à faire 16 couronne"), given_up])["k1"]
    assert (found.ended_on, found.by, found.is_fulfilled) == (TODAY, None, False)


@FEW
@given(actions)
def test_outcomes_agree_with_the_mouth(actions):
    entries = told(actions)
    now, found = chart_of(history(entries)).standing, _outcomes(entries)
    assert found.keys() >= now.marks.keys()
    for key, mark in now.marks.items():
        assert found[key].left == mark.finding
    aside = {one.mark.key for one in now.aside if not one.is_moot}
    assert {key for key, one in found.items() if one.is_aside} == aside
    assert all(one.left is None for one in found.values() if one.ended_on or one.is_aside)
