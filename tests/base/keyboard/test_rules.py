"""Decisions about who is at the keyboard, without a database."""

from datetime import UTC, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.base.keyboard.rules import (
    STEPS,
    ForbiddenStep,
    Slot,
    State,
    Step,
    after,
    froms,
    initials,
    input_step_s,
    is_factor_due,
    is_idle,
    is_over,
    is_pin,
    is_recent,
    is_weak_pin,
    is_within,
    pin_secret,
)

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
TUESDAY = [Slot(1, time(8), time(12)), Slot(1, time(14), time(19))]


def test_a_login_goes_from_open_to_closed_as_the_table_says():
    assert after(State.OPEN, Step.LOCK) is State.LOCKED
    assert after(State.LOCKED, Step.UNLOCK) is State.OPEN
    assert after(State.LOCKED, Step.SWAP) is State.SWAPPED
    assert after(State.SWAPPED, Step.RESUME) is State.OPEN
    assert {after(state, Step.CLOSE) for state in State if state is not State.CLOSED} == {
        State.CLOSED
    }


@pytest.mark.parametrize(
    ("state", "step"), [pair for pair in product(State, Step) if pair not in STEPS]
)
def test_nothing_else_happens_to_a_login(state: State, step: Step):
    with pytest.raises(ForbiddenStep):
        after(state, step)
    assert state.value not in froms(step)


def test_each_step_leads_to_one_state():
    for step in Step:
        assert len({state for (_, possible), state in STEPS.items() if possible is step}) == 1


@pytest.mark.parametrize(
    ("elapsed_s", "expected"),
    [(0, False), (299, False), (300, True), (86_400 * 400, True), (-60, False), (-61, True)],
)
def test_idle_is_five_minutes_or_a_clock_that_jumped(elapsed_s: int, expected: bool):
    last = NOW - timedelta(seconds=elapsed_s)
    assert is_idle(now=NOW, last_input_at=last, idle_s=300) is expected


@given(jump_s=st.integers(-10_000_000, 10_000_000), idle_s=st.integers(1, 7200))
def test_no_jump_of_the_clock_keeps_a_screen_open(jump_s: int, idle_s: int):
    moved = NOW + timedelta(seconds=jump_s)
    open_still = not is_idle(now=moved, last_input_at=NOW, idle_s=idle_s)
    assert open_still == (-60 <= jump_s < idle_s)


@given(idle_s=st.integers(1, 7200))
def test_input_is_written_well_before_the_lock(idle_s: int):
    assert 0 < input_step_s(idle_s) <= min(15, idle_s / 4)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, False),
        (NOW, True),
        (NOW - timedelta(seconds=299), True),
        (NOW - timedelta(seconds=300), False),
        (NOW + timedelta(seconds=60), True),
        (NOW + timedelta(seconds=61), False),
    ],
)
def test_a_proof_is_fresh_for_five_minutes(at: datetime | None, expected: bool):
    assert is_recent(now=NOW, at=at, length_s=300) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("274906", True), ("27490", False), ("2749061", False), ("٢٧٤٩٠٦", False), ("27490a", False)],
)
def test_a_pin_is_six_plain_digits(text: str, expected: bool):
    assert is_pin(text) is expected


@pytest.mark.parametrize(
    "pin",
    ["000000", "999999", "123456", "654321", "890123", "121212", "123123", "123321", "112112"],
)
def test_what_is_tried_first_is_weak(pin: str):
    assert is_weak_pin(pin)


@pytest.mark.parametrize("pin", ["274906", "815330", "190384", "100927"])
def test_other_pins_are_not(pin: str):
    assert not is_weak_pin(pin)


def test_a_pin_is_keyed_with_its_workstation_and_its_person():
    secrets = {
        pin_secret(workstation_key=key, person_id=person, pin=pin)
        for key, person, pin in product(("k1", "k2"), ("p1", "p2"), ("274906", "815330"))
    }
    assert len(secrets) == 8
    assert all(len(secret) == 64 for secret in secrets)


def test_a_pin_takes_any_cookie():
    assert pin_secret(workstation_key="\udce9", person_id="p", pin="274906")


def _at(weekday: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 16 + weekday, hour, minute)


@pytest.mark.parametrize(
    ("moment", "within", "over"),
    [
        (_at(1, 8), True, False),
        (_at(1, 7, 59), False, True),
        (_at(1, 12), False, False),
        (_at(1, 12, 29), False, False),
        (_at(1, 12, 30), False, True),
        (_at(1, 18, 59), True, False),
        (_at(1, 19, 29), False, False),
        (_at(1, 19, 30), False, True),
        (_at(2, 9), False, True),
    ],
)
def test_hours_are_half_open_and_a_locked_login_ends_half_an_hour_later(
    moment: datetime, within: bool, over: bool
):
    assert is_within(TUESDAY, moment) is within
    assert is_over(TUESDAY, moment) is over


def test_a_role_without_hours_works_when_it_likes():
    assert is_within([], _at(6, 3))
    assert not is_over([], _at(6, 3))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"runs_practice": False}, False),
        ({"has_factor": True}, False),
        ({"grace_days": 8}, False),
        ({"grace_days": 7}, True),
    ],
)
def test_who_runs_a_practice_needs_a_second_factor(changed: dict, expected: bool):
    usual = {
        "runs_practice": True,
        "has_factor": False,
        "since_days": 7,
        "grace_days": 0,
    }
    assert is_factor_due(**{**usual, **changed}) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dr Alice Kermarec", "AK"),
        ("Bob Lantier", "BL"),
        ("Nora Le Goff", "NG"),
        ("Marie-Lou", "ML"),
        ("Zoé", "Z"),
        ("", ""),
    ],
)
def test_initials_name_nobody(name: str, expected: str):
    assert initials(name) == expected
