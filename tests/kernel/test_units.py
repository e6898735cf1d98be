import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import units


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 o"),
        (1, "1 o"),
        (999, "999 o"),
        (1000, "1 ko"),
        (99_949, "99,9 ko"),
        (99_950, "100 ko"),
        (250_000, "250 ko"),
        (999_499, "999 ko"),
        (999_500, "1 Mo"),
        (3_400_000, "3,4 Mo"),
        (5 * 10**12, "5 To"),
        (2 * 10**18, "2000 Po"),
    ],
)
def test_size_is_said_in_decimal_units(size_bytes: int, text: str) -> None:
    assert units.format_bytes_fr(size_bytes) == text.replace(" ", "\u00a0")


@given(st.integers(min_value=0, max_value=10**15))
def test_size_never_shows_more_than_three_digits_before_the_comma(size_bytes: int) -> None:
    number, _, _ = units.format_bytes_fr(size_bytes).partition("\u00a0")
    assert float(number.replace(",", ".")) < 1000


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (20_000, "20 000"), (-1_234_567, "-1 234 567")]
)
def test_thousands_are_apart(count: int, text: str) -> None:
    assert units.format_count_fr(count) == text.replace(" ", "\u202f")


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [
        (0, "0 s"),
        (0.0001, "0 s"),
        (0.35, "350 ms"),
        (0.9996, "1 s"),
        (2.54, "2,5 s"),
        (9.96, "10 s"),
        (45, "45 s"),
        (59.6, "1 min"),
        (720, "12 min"),
        (3599.6, "1 h 00"),
        (3900, "1 h 05"),
        (86_400, "24 h 00"),
        (3 * 86_400, "3 jours"),
    ],
)
def test_duration_is_said_shortly(duration_s: float, text: str) -> None:
    assert units.format_duration_fr(duration_s) == text.replace(" ", "\u00a0")


def test_long_duration_parts_its_thousands() -> None:
    assert units.format_duration_fr(5000 * 86_400) == "5\u202f000\u00a0jours"


def test_negative_quantities_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        units.format_bytes_fr(-1)
    with pytest.raises(ValueError, match="not negative"):
        units.format_duration_fr(-0.1)
