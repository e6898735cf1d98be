"""The worst of what is measured and of what was signed; neither mends the other."""

import itertools
from datetime import timedelta

import pytest

from quenotte.kernel.memento.answering import Given, Reason, answered, worst
from quenotte.kernel.memento.items import BY_KEY
from quenotte.kernel.posture.terms import State
from tests.kernel.memento.samples import NOW, answer, measure

BOTH, ASKED, MEASURED = BY_KEY["remote"], BY_KEY["register"], BY_KEY["administrators"]
OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN


def rule_of(*states: State) -> dict[str, list[object]]:
    return {"remote_tools": [measure("remote_tools", one, f"P{n}") for n, one in enumerate(states)]}


def test_automatic_bad_is_never_overruled_and_both_are_told():
    found = answered(BOTH, rule_of(BAD, OK), answer(Given.YES), NOW)  # type: ignore[arg-type]
    assert (found.state, found.reason) == (BAD, Reason.MEASURED_BAD)
    assert (found.given_state, found.answer is not None) == (OK, True)


def test_no_stays_bad_whatever_is_measured():
    found = answered(BOTH, rule_of(OK), answer(Given.NO), NOW)  # type: ignore[arg-type]
    assert (found.state, found.reason) == (BAD, Reason.ANSWERED_NO)


@pytest.mark.parametrize("given", [one for one in Given if one is not Given.NO])
@pytest.mark.parametrize("states", list(itertools.product((OK, BAD, UNKNOWN), repeat=2)), ids=str)
def test_no_answer_mends_a_measure(states: tuple[State, State], given: Given):
    found = answered(BOTH, rule_of(*states), answer(given), NOW)  # type: ignore[arg-type]
    measured = worst(states)
    assert found.measured[0].state is measured
    if measured is BAD:
        assert found.state is BAD
    if measured is UNKNOWN:
        assert found.state is UNKNOWN


def test_several_machines_are_the_worst_with_their_number():
    found = answered(BOTH, rule_of(OK, BAD, UNKNOWN, BAD), None, NOW)  # type: ignore[arg-type]
    (measured,) = found.measured
    assert [measured.count(state) for state in (OK, BAD, UNKNOWN)] == [1, 2, 1]
    assert [one.subject for one in measured.measures] == ["P1", "P3", "P2", "P0"]


@pytest.mark.parametrize(
    ("given", "state", "reason"),
    [
        (Given.YES, OK, Reason.OK),
        (Given.NOT_CONCERNED, OK, Reason.OK),
        (Given.NO, BAD, Reason.ANSWERED_NO),
        (Given.NOT_KNOWN, UNKNOWN, Reason.NOT_KNOWN),
    ],
)
def test_answers(given: Given, state: State, reason: Reason):
    found = answered(ASKED, {}, answer(given), NOW)
    assert (found.state, found.reason) == (state, reason)


def test_what_nobody_answered_is_unknown():
    found = answered(ASKED, {}, None, NOW)
    assert (found.state, found.reason) == (UNKNOWN, Reason.NOT_ANSWERED)


def test_answer_expires_and_is_still_told():
    signed = answer(days_ago=ASKED.valid_days)
    assert answered(ASKED, {}, signed, NOW - timedelta(seconds=1)).state is OK
    found = answered(ASKED, {}, signed, NOW)
    assert (found.state, found.reason, found.answer) == (UNKNOWN, Reason.EXPIRED, signed)


def test_no_does_not_mend_itself_with_time():
    assert answered(ASKED, {}, answer(Given.NO, days_ago=4000), NOW).state is BAD


def test_rule_that_is_about_nobody_known_is_unknown():
    found = answered(MEASURED, {}, None, NOW)
    assert (found.state, found.reason) == (UNKNOWN, Reason.NOBODY_MEASURED)
    assert found.given_state is None


def test_answer_about_an_item_that_asks_nobody_is_not_told():
    found = answered(MEASURED, {"admin_daily": [measure("admin_daily", OK)]}, answer(), NOW)
    assert (found.state, found.answer) == (OK, None)


def test_worst_of_nothing_is_unknown():
    assert worst([]) is UNKNOWN
