import pytest

from quenotte.kernel import units
from quenotte.kernel.errors import Refusal


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 o"), (999, "999 o"), (3_400_000, "3,4 Mo"), (5 * 10**12, "5 To"), (250_000, "250 ko")],
)
def test_size_is_said_in_decimal_units(size: int, text: str) -> None:
    assert units.format_bytes_fr(size).replace("\u00a0", " ") == text


def test_thousands_are_apart() -> None:
    assert units.format_count_fr(20_000) == "20\u202f000"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(45, "45 s"), (720, "12 min"), (3900, "1 h 05"), (3 * 86_400, "3 jours")],
)
def test_duration_is_said_shortly(seconds: float, text: str) -> None:
    assert units.format_duration_fr(seconds).replace("\u00a0", " ") == text


def test_refusal_says_what_and_what_next() -> None:
    refusal = Refusal("Fichier illisible.", next_step="Choisissez un autre fichier.")
    assert refusal.message == "Fichier illisible."
    assert str(refusal) == "Fichier illisible. Choisissez un autre fichier."
    assert str(Refusal("Fichier illisible.")) == "Fichier illisible."
