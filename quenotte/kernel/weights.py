"""The weight of a person, as people type it."""

import re
from decimal import Decimal
from typing import Final

_TYPED: Final = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,3}))?\s*(?:kg|kgs|kilos?)?\.?")
#: What a person may weigh, in kilograms.
LIGHTEST_KG: Final = 1
HEAVIEST_KG: Final = 400


def weight_kg(text: str) -> Decimal | None:
    """Return a typed weight (« 18 », « 8,4 kg ») in kilograms; None for other words."""
    found = _TYPED.fullmatch(text.strip().lower())
    if found is None:
        return None
    weight = Decimal(f"{found[1]}.{found[2] or '0'}")
    return weight if LIGHTEST_KG <= weight <= HEAVIEST_KG else None
