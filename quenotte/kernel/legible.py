"""Codes that people copy by hand."""

import secrets
from typing import Final

#: Letters and digits that nobody mistakes for another when read aloud or copied by hand.
LEGIBLE: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def legible_code(groups: int = 3, size: int = 4) -> str:
    """Return a random code to be copied by hand, about 5 bits a sign: « 7KQM-R3XT-9ACD »."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _ in range(size)) for _ in range(groups))
