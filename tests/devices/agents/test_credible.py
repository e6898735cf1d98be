from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.devices.agents import credible
from quenotte.kernel.posture.facts import Unknown

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


def answer(told):
    return told.unknown or told.value


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Éclat \n 5\x00.2 ", "Éclat 5 .2"),
        ("a\ud800b\u2028c", "a b c"),
        ("x" * 500, "x" * 120),
        ("\x00\n", None),
        ("", None),
        (None, None),
    ],
)
def test_texts_are_clean(raw, expected):
    assert credible.clean(raw) == expected


@given(st.text(max_size=400))
def test_any_text_can_be_kept(raw):
    found = credible.clean(raw) or ""

    assert len(found) <= credible.TEXT_MAX
    assert "\0" not in found
    found.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("EX-0042", "EX-0042"),
        ("Default string", Unknown.NOT_CREDIBLE),
        ("0000000", Unknown.NOT_CREDIBLE),
        ("................", Unknown.NOT_CREDIBLE),
        ("None", Unknown.NOT_CREDIBLE),
        ("0", Unknown.NOT_CREDIBLE),
        ("", Unknown.NOT_REPORTED),
    ],
)
def test_placeholders_are_no_serial_number(raw, expected):
    assert answer(credible.identity(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("4C4C4544-0042-3510-8051-B7C04F564E32", "4c4c4544-0042-3510-8051-b7c04f564e32"),
        ("00000000-0000-0000-0000-000000000000", Unknown.NOT_CREDIBLE),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", Unknown.NOT_CREDIBLE),
        ("03000200-0400-0500-0006-000700080009", Unknown.NOT_CREDIBLE),
        ("4C4C4544", Unknown.NOT_CREDIBLE),
        (None, Unknown.NOT_REPORTED),
    ],
)
def test_identifiers_that_many_machines_bear_are_none(raw, expected):
    assert answer(credible.uuid(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12", 12),
        ("12.5", 12.5),
        ("0", 0),
        ("-1", Unknown.NOT_CREDIBLE),
        ("101", Unknown.NOT_CREDIBLE),
        ("nan", Unknown.NOT_CREDIBLE),
        ("inf", Unknown.NOT_CREDIBLE),
        ("1e400", Unknown.NOT_CREDIBLE),
        ("douze", Unknown.NOT_CREDIBLE),
        ("", Unknown.NOT_REPORTED),
    ],
)
def test_numbers_keep_within_their_bounds(raw, expected):
    told = credible.number(raw, most=100)

    assert answer(told) == expected
    assert not isinstance(told.value, bool)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1", True),
        ("Yes", True),
        ("off", False),
        ("0", False),
        ("Unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_flags(raw, expected):
    assert credible.flag(raw) is expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, True), (-3000, True), (-3650, False), (0.5, True), (2, False), (3650, False)],
)
def test_moments_ten_years_off_are_not_believed(days, expected):
    told = credible.moment(NOW + timedelta(days=days), seen_at=NOW)

    assert (told.unknown is None) is expected


def test_no_moment_was_not_reported():
    assert credible.moment(None, seen_at=NOW).unknown is Unknown.NOT_REPORTED
    assert credible.boot(None, seen_at=NOW).unknown is Unknown.NOT_REPORTED


def test_boots_are_told_to_the_minute():
    assert credible.boot(NOW.replace(second=59), seen_at=NOW).value == "2026-03-17T08:30:00Z"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1773736200", "2026-03-17T08:30:00Z"),
        ("0", Unknown.NOT_CREDIBLE),
        ("", Unknown.NOT_REPORTED),
        ("999999999999", Unknown.NOT_CREDIBLE),
        ("9999999999", Unknown.NOT_CREDIBLE),
    ],
)
def test_seconds_since_1970(raw, expected):
    assert answer(credible.seconds(raw, seen_at=NOW)) == expected


@pytest.mark.parametrize(
    ("maker", "name", "expected"),
    [
        ("Exemple", "Tour 9", "Exemple Tour 9"),
        ("Exemple", "EXEMPLE Tour 9", "EXEMPLE Tour 9"),
        ("Default string", "Tour 9", "Tour 9"),
        ("Exemple", "To be filled by O.E.M.", Unknown.NOT_CREDIBLE),
        (None, None, Unknown.NOT_REPORTED),
    ],
)
def test_maker_is_said_once(maker, name, expected):
    assert answer(credible.model(maker, name)) == expected
