"""What goes of a former practice at an instant, on plain values."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from quenotte.provider.customers.rules import Keeping

#: Between the steps of one practice: whoever finds out that the first was wrong still has proofs.
_BETWEEN: Final = timedelta(days=30)


class Step(StrEnum):
    """What of a practice is kept no longer; each is done apart, in this order."""

    MACHINES = "machines"
    PRACTICE = "practice"


def due(keeping: Keeping | None, *, emptied_at: datetime | None, now: datetime) -> Step | None:
    """Return what of a practice goes now, the first of it; None when nothing does.

    ``keeping``: None for who is under contract, and where no end of it is known; ``emptied_at``:
    when what was known of its machines went, None as long as it is there.
    """
    if keeping is None:
        return None
    if emptied_at is None:
        return Step.MACHINES if now >= keeping.machines_until else None
    is_over = now >= keeping.proofs_until and now - emptied_at >= _BETWEEN
    return Step.PRACTICE if is_over else None


def told(counts: Mapping[str, int]) -> str:
    """Return what went and how many, as a line of the journal says it: « machines:6,tokens:2 »."""
    return ",".join(f"{name}:{count}" for name, count in counts.items() if count)
