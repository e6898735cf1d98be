"""What a tick confirms: a product, its dose when that is what is said, and each grave reason."""

from collections.abc import Iterable
from hashlib import sha256

from quenotte.office.visits.rules.cautions import Caution


def question(product: str, found: Iterable[Caution]) -> frozenset[str]:
    """Return what has to be confirmed before a product is noted: a code for each grave caution.

    Another product, dose, weight or reason is another code: a tick for one confirms no other.
    """
    return frozenset(_code(product, one) for one in found if one.is_grave)


def _code(product: str, one: Caution) -> str:
    named = f"{product}\n{one.quarters}\n{one.words}"
    return sha256(named.encode()).hexdigest()[:16]
