from decimal import Decimal

import pytest

from quenotte.kernel.weights import weight_kg


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("18", "18"),
        ("8,4 kg", "8.4"),
        (" 70.5 kilos ", "70.5"),
        ("0", None),
        ("999", None),
        ("environ 20", None),
        ("", None),
    ],
)
def test_a_weight_is_read_as_people_type_it(text, kg):
    assert weight_kg(text) == (Decimal(kg) if kg else None)
