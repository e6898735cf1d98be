"""What an address asks for, however it was written."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from quenotte.web.addresses import (
    FIRST_YEAR,
    LAST_PAGE,
    LAST_YEAR,
    instant_of,
    page_of,
)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("", 1),
        ("2", 2),
        ("0", 1),
        ("-3", 1),
        ("deux", 1),
        ("²", 1),
        ("99999999999999999999", 1),
        ("999999", LAST_PAGE),
        ("9" * 5000, 1),
    ],
)
def test_page_stays_in_its_bounds(text: str, page: int) -> None:
    assert page_of(RequestFactory().get("/", {"page": text})) == page


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hier",
        "2026-03-17",
        "2026-02-30T10:00:00+01:00",
        "2026-03-17T09:30:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1899-12-31T23:59:59Z",
    ],
)
def test_instant_out_of_reach_is_none(text: str) -> None:
    assert instant_of(RequestFactory().get("/", {"avant": text}), "avant") is None


@pytest.mark.parametrize("text", ["2026-03-17T09:30:00+01:00", "2026-03-17T09:30:00 01:00"])
def test_instant_is_read_in_utc(text: str) -> None:
    at = instant_of(RequestFactory().get("/", {"avant": text}), "avant")

    assert at == datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


@given(
    st.one_of(
        st.text(max_size=40),
        st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
        st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00[+-][0-2][0-9]:[0-9]{2}"),
    )
)
def test_anything_written_gives_an_instant_of_a_record_or_none(text: str) -> None:
    at = instant_of(RequestFactory().get("/", {"avant": text}), "avant")

    assert at is None or FIRST_YEAR <= at.year <= LAST_YEAR
    assert 1 <= page_of(RequestFactory().get("/", {"page": text})) <= LAST_PAGE
