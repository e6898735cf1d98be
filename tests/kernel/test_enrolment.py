from datetime import UTC, datetime, timedelta

import pytest

from quenotte.kernel import enrolment as rules
from quenotte.kernel.enrolment import Doubt, Hardware, Use

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)


def test_token_is_legible_long_and_never_the_same():
    made = {rules.new_token() for _ in range(50)}
    assert len(made) == 50
    assert all(rules.plain_token(one.lower().replace("-", "  ")) == one for one in made)
    assert all(len(one) == 29 for one in made)


def test_key_is_of_256_bits_and_its_digest_of_32_bytes():
    key = rules.new_key()
    assert len(bytes.fromhex(key)) == len(rules.digest(key)) == 32


def test_bound_key_hangs_on_token_and_name():
    keys = {rules.bound_key(token, name) for token in ("AAAAA", "BBBBB") for name in ("a", "b")}
    assert len(keys) == 4
    assert rules.bound_key("aaaaa", "a") == rules.bound_key("AAAAA", "a")


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (("To Be Filled By O.E.M.", "Default string"), ("", "")),
        (("03000200-0400-0500-0006-000700080009", "0123456789"), ("", "")),
        (("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "0"), ("", "")),
        (("", ""), ("", "")),
        ((" 4C4C4544-0042 ", "ABC123"), ("4C4C4544-0042", "ABC123")),
    ],
)
def test_what_makers_leave_unfilled_recognises_nobody(told: tuple, meant: tuple):
    found = Hardware.of(*told)
    assert (found.uuid, found.serial) == meant


@pytest.mark.parametrize(
    ("typed", "may_be"),
    [(rules.new_token(), True), ("AAAAA", False), ("", False)],
    ids=["new", "short", "empty"],
)
def test_what_is_no_token_is_not_looked_up(typed: str, may_be: bool):
    assert rules.is_token(typed) is may_be


@pytest.mark.parametrize(
    ("named", "use"),
    [
        ({}, Use.GOOD),
        ({"used": 2}, Use.SPENT),
        ({"expires_at": NOW}, Use.EXPIRED),
        ({"revoked_at": NOW - timedelta(days=9)}, Use.REVOKED),
    ],
)
def test_token_is_worth_something_until_it_is_not(named: dict, use: Use):
    told = {
        "machines": 2,
        "used": 1,
        "expires_at": NOW + timedelta(hours=1),
        "revoked_at": None,
        "now": NOW,
    }
    assert rules.use_of(**{**told, **named}) is use


@pytest.mark.parametrize(
    ("told", "live", "doubt"),
    [
        (Hardware("a", "1"), [Hardware("b", "1")], Doubt.NEW),
        (Hardware("A", "1"), [Hardware("a", "2")], Doubt.TWICE),
        (Hardware("", "sn1"), [Hardware("a", "SN1")], Doubt.TWICE),
        (Hardware("", "sn2"), [Hardware("a", "SN1")], Doubt.NEW),
        (Hardware("a", ""), [Hardware("", "")], Doubt.NEW),
        (Hardware(), [Hardware()], Doubt.NEW),
        (Hardware("a"), [], Doubt.NEW),
    ],
)
def test_hardware_that_is_there_already_is_doubted(told: Hardware, live: list, doubt: Doubt):
    assert rules.doubt_of(told, live) is doubt


@pytest.mark.parametrize(
    ("before", "now", "jumped"),
    [
        (Hardware("a", "1"), Hardware("A", "1"), False),
        (Hardware("a", "1"), Hardware("b", "1"), True),
        (Hardware("a", "1"), Hardware("a", "2"), True),
        (Hardware("a", ""), Hardware("a", "2"), False),
        (Hardware("a", "1"), Hardware("", ""), False),
    ],
)
def test_key_on_another_hardware_is_seen(before: Hardware, now: Hardware, jumped: bool):
    assert rules.has_jumped(before, now) is jumped
