"""How many assistants are wanted at once; an appointment has its assistant from its start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from quenotte.care.agenda.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first instant (UTC) at which more assistants are wanted than there are."""

    at: datetime
    wanted: int


def assisted(starts_at: datetime, minutes: int) -> Period:
    """Return the period in which an appointment has its assistant; empty for no minutes."""
    return Period(starts_at, starts_at + timedelta(minutes=minutes))


def shortage(wanted: Period, others: Iterable[Period], assistants: int) -> Shortage | None:
    """Return when ``wanted`` and the others want too many ``assistants`` first, else None.

    Only the instants of ``wanted`` count. A practice without any assistant is never short:
    its dentists work alone.
    """
    if assistants < 1 or wanted.starts_at >= wanted.ends_at:
        return None
    around = [one for one in others if one.starts_at < one.ends_at and one.overlaps(wanted)]
    # The number only grows where one begins.
    for at in sorted({max(wanted.starts_at, one.starts_at) for one in around}):
        running = 1 + sum(one.starts_at <= at < one.ends_at for one in around)
        if running > assistants:
            return Shortage(at, running)
    return None
