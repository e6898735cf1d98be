from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from quenotte.base.tablets import rules
from quenotte.base.tablets.rules import State

KEY = "ab" * 32
LINK = UUID(int=7)
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)


def test_token_and_code_are_drawn_from_the_number_and_the_key():
    token = rules.token_of(KEY, LINK)
    assert rules.looks_like_token(token)
    assert token == rules.token_of(KEY, LINK) != rules.token_of("cd" * 32, LINK)
    assert len(rules.code_of(KEY, LINK)) == 6
    assert rules.code_of(KEY, LINK) != rules.code_of(KEY, LINK, 1)
    assert rules.code_digest_of(KEY, "123456") != rules.code_digest_of("cd" * 32, "123456")
    assert len(rules.digest_of("\udce9")) == 64


@pytest.mark.parametrize("text", ["", "x", "a" * 21, "a" * 23, "é" * 22, "a" * 21 + "\n"])
def test_what_is_no_token(text):
    assert not rules.looks_like_token(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("12345", ""),
        ("1234567", ""),
        ("12345a", ""),
        ("１２３４５６", ""),
        ("", ""),
    ],
)
def test_typed_code(text, code):
    assert rules.typed_code(text) == code


def test_code_is_read_in_two_parts():
    assert rules.shown_code("123456") == "123 456"


@pytest.mark.parametrize(
    ("state", "minutes", "standing"),
    [
        ("open", 1, State.OPEN),
        ("open", 0, State.EXPIRED),
        ("taken", -1, State.EXPIRED),
        ("sent", -1, State.SENT),
    ],
)
def test_time_ends_a_link_that_nobody_closed(state, minutes, standing):
    assert rules.standing(state, NOW + timedelta(minutes=minutes), NOW) is standing


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000/tablette/", True),
        ("http://localhost:8000/tablette/", True),
        ("http://[::1]:8000/tablette/", True),
        ("https://192.168.1.20:8443/tablette/", False),
        ("https://quenotte.local:8443/tablette/", False),
        ("", False),
    ],
)
def test_address_of_this_machine_alone_is_no_address_for_a_tablet(address, here):
    assert rules.is_here_only(address) is here
