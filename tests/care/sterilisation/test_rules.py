from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.sterilisation import rules
from quenotte.care.sterilisation.rules import Fault, Lack, Programme, State

TODAY = date(2026, 3, 17)


@given(st.integers(1, 999_999_999))
def test_code_is_read_back_and_no_other_digit_is(number):
    code = rules.code_of(number)
    assert len(code) == 12
    assert rules.read_code(f" {code.lower()}\r\n") == code
    assert rules.read_code(f"]d1{code}") == code
    wrong = code[:-2] + str((int(code[-2]) + 1) % 10) + code[-1]
    assert rules.read_code(wrong) == ""
    assert rules.looks_like_code(wrong)


@pytest.mark.parametrize("text", ["", "ST", "Mme Stan", "ST00000000x8", "0103400930000010"])
def test_text_that_is_no_code(text):
    assert rules.read_code(text) == ""
    assert not rules.looks_like_code(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Prion 134 °C 18 min", Programme("Prion", 134, 18)),
        ("Prion · 134 °C · 18 min", Programme("Prion", 134, 18)),
        ("Doux, 121°/20", Programme("Doux", 121, 20)),
    ],
)
def test_programme_is_read(line, expected):
    assert rules.programmes_from(f"\n{line}\n") == ([expected], [])
    assert rules.programmes_from(expected.words) == ([expected], [])


@pytest.mark.parametrize("line", ["Prion", "Prion 134", "Four 500 °C 10 min", "Prion 134 °C 0 min"])
def test_programme_that_cannot_be_is_named(line):
    assert rules.programmes_from(line) == ([], [line])


@pytest.mark.parametrize(
    ("celsius", "minutes", "expected"), [(134, 18, True), (134, 4, False), (121, 20, False)]
)
def test_prions_want_their_plateau(celsius, minutes, expected):
    assert rules.is_for_prions(celsius, minutes) is expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], Lack.NO_TEST),
        ([("vacuum", True)], Lack.NO_TEST),
        ([("helix", True)], None),
        ([("bowie_dick", False)], Lack.TEST_FAILED),
        ([("bowie_dick", False), ("bowie_dick", True)], None),
        ([("bowie_dick", True), ("vacuum", False)], Lack.TEST_FAILED),
    ],
)
def test_load_wants_a_passed_test_of_its_day(results, expected):
    assert rules.lack(results) is expected


@pytest.mark.parametrize(
    ("state", "days", "is_used", "is_here", "expected"),
    [
        (State.RELEASED, 0, False, False, None),
        (State.RELEASED, -1, False, False, Fault.EXPIRED),
        (State.RELEASED, -1, True, True, Fault.HERE),
        (State.RELEASED, 5, True, False, Fault.USED),
        (State.RUNNING, 5, False, False, Fault.NOT_RELEASED),
        (State.ENDED, 5, False, False, Fault.NOT_RELEASED),
        (State.FAILED, 5, True, False, Fault.FAILED),
    ],
)
def test_pouch_is_judged(state, days, is_used, is_here, expected):
    day = TODAY + timedelta(days=days)
    found = rules.fault(state=state, expires_on=day, today=TODAY, is_used=is_used, is_here=is_here)
    assert found is expected
    if expected in {Fault.FAILED, Fault.NOT_RELEASED, Fault.EXPIRED}:
        assert rules.barred(state, day, TODAY) is expected
    opened = rules.fault(
        state=state, expires_on=day, today=TODAY, is_used=is_used, is_here=is_here, is_open=True
    )
    assert opened is ((Fault.HERE if is_here else Fault.USED) if is_used else None)
