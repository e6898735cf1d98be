"""What goes of a former practice at an instant, on plain values."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from quenotte.provider.customers.rules import Keeping


class Step(StrEnum):
    """What of a practice is kept no longer; each is done apart, in this order."""

    MACHINES = "machines"
    PRACTICE = "practice"


def due(keeping: Keeping | None, *, is_emptied: bool, now: datetime) -> Step | None:
    """Return what of a practice goes now, the first of it; None when nothing does.

    ``keeping``: None for who is under contract, and where no end of it is known; ``is_emptied``:
    what was known of its machines went already.
    """
    if keeping is None:
        return None
    if not is_emptied:
        return Step.MACHINES if now >= keeping.machines_until else None
    return Step.PRACTICE if now >= keeping.proofs_until else None


def told(counts: Mapping[str, int]) -> str:
    """Return what went and how many, as a line of the journal says it: « machines:6,tokens:2 »."""
    return ",".join(f"{name}:{count}" for name, count in counts.items() if count)
