"""Money: what is typed, what is shown, what is shared."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.money import (
    InvalidAmount,
    format_euros,
    format_plain,
    parse_euros,
    permille_of,
    split_evenly,
)

CENTS = st.integers(-(10**11), 10**11)


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (123450, "1\u202f234,50\u00a0€"),
        (100_000_000, "1\u202f000\u202f000,00\u00a0€"),
        (-2892, "\u221228,92\u00a0€"),
    ],
)
def test_amount_is_shown_in_french(cents: int, shown: str) -> None:
    assert format_euros(cents) == shown


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("23", 2300),
        ("1 234,50 €", 123450),
        ("1234.5", 123450),
        ("1.234,50", 123450),
        ("28,92euros", 2892),
        ("12,-", 1200),
        ("\u22125,00", -500),
        ("+7", 700),
        ("\u00a01\u202f000\u00a0€", 100000),
    ],
)
def test_amount_is_read_as_typed(text: str, cents: int) -> None:
    assert parse_euros(text) == cents


@pytest.mark.parametrize(
    "text", ["", "abc", "1,234", "1.234", "12,345,6", "1e3", "€", "--5", "9" * 10]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_euros(text)


@given(CENTS.filter(lambda cents: abs(cents) < 10**11))
def test_shown_amount_is_read_again(cents: int) -> None:
    assert parse_euros(format_euros(cents)) == cents
    assert parse_euros(format_plain(cents)) == cents


@given(CENTS, st.integers(-2000, 2000))
def test_share_is_rounded_half_up(cents: int, permille: int) -> None:
    exact = Decimal(cents) * permille / 1000

    assert permille_of(cents, permille) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_half_a_cent_goes_up() -> None:
    # 60 % of 30,47 € is 18,282 €, 15,7 % of 50 cents is 7,85 cents.
    assert permille_of(3047, 600) == 1828
    assert permille_of(50, 157) == 8
    assert permille_of(5, 500) == 3


@given(CENTS, st.integers(1, 60))
def test_parts_add_up_and_differ_by_one_cent_at_most(cents: int, parts: int) -> None:
    cut = split_evenly(cents, parts)

    assert len(cut) == parts
    assert sum(cut) == cents
    assert max(cut) - min(cut) <= 1


def test_amount_is_not_cut_into_nothing() -> None:
    with pytest.raises(ValueError, match="one part"):
        split_evenly(100, 0)
