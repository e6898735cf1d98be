from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.base.people.rules import Role
from quenotte.care.desk.rules.board import may_take_down
from quenotte.care.desk.rules.calls import (
    LINGER_S,
    Ear,
    State,
    Target,
    Told,
    is_shown_to_caller,
    is_trembling,
    reaches,
    state_of,
)
from quenotte.care.desk.rules.tasks import Due, Scope, concerns, due_of, is_mine, tidy
from quenotte.care.desk.rules.waiting import late_minutes, minutes_since, tone_of
from quenotte.care.desk.rules.whom import EVERYONE, split, written

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
ME, OTHER, POST, ROOM = (UUID(int=number) for number in range(1, 5))


def told(**changes):
    values = {
        "target": Target.EVERYONE,
        "role": "",
        "room_id": None,
        "caller_id": OTHER,
        "workstation_id": uuid4(),
    }
    return Told(**{**values, **changes})


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (told(), True),
        (told(caller_id=ME), False),
        (told(workstation_id=POST), False),
        (told(workstation_id=None), True),
        (told(target=Target.ROLE, role="assistante"), True),
        (told(target=Target.ROLE, role="secretaire"), False),
        (told(target=Target.ROOM, room_id=ROOM), True),
        (told(target=Target.ROOM, room_id=uuid4()), False),
        (told(target=Target.ROOM, room_id=None), False),
    ],
)
def test_call_reaches(call, expected):
    assert reaches(call, Ear(ME, {Role.ASSISTANT}, POST, ROOM)) is expected


def test_call_for_a_room_does_not_reach_a_screen_without_room():
    assert not reaches(told(target=Target.ROOM, room_id=None), Ear(ME, set()))


@pytest.mark.parametrize(
    ("after_s", "taken", "withdrawn", "expected"),
    [
        (0, False, False, State.OPEN),
        (59, False, False, State.OPEN),
        (60, False, False, State.OVER),
        (600, True, False, State.TAKEN),
        (10, False, True, State.WITHDRAWN),
        # A clock that was set back does not bring an answered call back.
        (-3600, True, False, State.TAKEN),
        (-3600, False, False, State.OPEN),
    ],
)
def test_state_of_a_call(after_s, taken, withdrawn, expected):
    state = state_of(
        NOW + timedelta(seconds=after_s),
        expires_at=NOW + timedelta(seconds=60),
        taken_at=NOW if taken else None,
        withdrawn_at=NOW if withdrawn else None,
    )
    assert state == expected


@pytest.mark.parametrize(("apart_s", "expected"), [(0, True), (1.9, True), (2, False), (-1, True)])
def test_trembling_finger(apart_s, expected):
    assert is_trembling(NOW, NOW + timedelta(seconds=apart_s)) is expected


@pytest.mark.parametrize(
    ("after_s", "taken", "closed", "expected"),
    [
        (0, False, False, True),
        (60 + LINGER_S - 1, False, False, True),
        (60 + LINGER_S, False, False, False),
        (LINGER_S, True, False, False),
        (LINGER_S - 1, True, False, True),
        (0, False, True, False),
    ],
)
def test_caller_sees_how_her_call_ends(after_s, taken, closed, expected):
    shown = is_shown_to_caller(
        NOW + timedelta(seconds=after_s),
        expires_at=NOW + timedelta(seconds=60),
        taken_at=NOW if taken else None,
        closed_at=NOW if closed else None,
    )
    assert shown is expected


@pytest.mark.parametrize(
    ("scope", "roles", "manages", "read", "mine"),
    [
        (Scope(ME, OTHER, ""), set(), False, True, False),
        (Scope(OTHER, ME, ""), set(), False, True, True),
        (Scope(OTHER, OTHER, ""), {Role.ASSISTANT}, True, False, False),
        (Scope(OTHER, None, ""), set(), False, True, True),
        (Scope(OTHER, None, "assistante"), {Role.ASSISTANT}, False, True, True),
        (Scope(OTHER, None, "assistante"), {Role.SECRETARY}, True, False, False),
        (Scope(OTHER, OTHER, "", is_orphan=True), {Role.MANAGER}, True, True, False),
        (Scope(OTHER, OTHER, "", is_orphan=True), {Role.SECRETARY}, False, False, False),
    ],
)
def test_task_concerns(scope, roles, manages, read, mine):
    assert concerns(scope, ME, roles, manages=manages) is read
    assert is_mine(scope, ME, roles) is mine


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, Due.LATE), (0, Due.TODAY), (1, Due.SOON), (3, Due.SOON), (4, Due.LATER)],
)
def test_due(days, expected):
    today = date(2028, 2, 29)
    assert due_of(today + timedelta(days=days), today) == expected


def test_due_without_a_day():
    assert due_of(None, date(2026, 3, 17)) == Due.OPEN_ENDED


def test_tidy_keeps_lines_and_drops_what_nobody_sees():
    assert tidy("  Gants\u200b \r\ntaille S\x00\rfin  ") == "Gants\ntaille S\nfin"


def test_tidy_keeps_french_spaces():
    assert tidy("Salle 2\u00a0: 10\u202fh") == "Salle 2\u00a0: 10\u202fh"


@given(st.text())
def test_tidy_is_done_once(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(None, "neutral"), (0, "neutral"), (14, "neutral"), (15, "attention"), (30, "danger")],
)
def test_tone_of_a_wait(minutes, expected):
    assert tone_of(minutes) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0, 0), (59, 0), (60, 1), (-600, 0)])
def test_minutes_since(seconds, expected):
    assert minutes_since(NOW, NOW + timedelta(seconds=seconds)) == expected


def test_minutes_since_nothing():
    assert minutes_since(None, NOW) is None


@pytest.mark.parametrize(("minutes", "expected"), [(-5, 0), (4, 0), (5, 5), (20, 20)])
def test_late_minutes(minutes, expected):
    assert late_minutes(NOW, NOW + timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (EVERYONE, (None, "")),
        ("role:assistante", (None, "assistante")),
        (f"person:{ME}", (ME, "")),
        (f"room:{ROOM}", (ROOM, "")),
    ],
)
def test_whom(word, expected):
    assert split(word) == expected
    kind = word.partition(":")[0]
    ids: dict[str, UUID | None] = {"person_id": None, "room_id": None}
    if f"{kind}_id" in ids:
        ids[f"{kind}_id"] = expected[0]
    assert written(role=expected[1], **ids) == word


@pytest.mark.parametrize("word", ["", "role:", "nobody", "person:me"])
def test_word_that_means_nobody(word):
    with pytest.raises(ValueError):  # noqa: PT011 - UUID words its own
        split(word)


def test_word_comes_down_by_its_author_or_the_manager():
    assert may_take_down(ME, ME, set())
    assert may_take_down(OTHER, ME, {Role.MANAGER})
    assert not may_take_down(OTHER, ME, {Role.DENTIST})
