"""How long somebody has waited, and how late a chair is: minutes and thresholds."""

from datetime import datetime
from typing import Final

#: From so many minutes a wait is worth a look, then a word to the patient.
LONG_MINUTES: Final = 15
TOO_LONG_MINUTES: Final = 30
#: Below this nobody calls it late.
LATE_MINUTES: Final = 5


def minutes_since(moment: datetime | None, now: datetime) -> int | None:
    """Return whole minutes since an instant; 0 when a clock was set back, None when unknown."""
    if moment is None:
        return None
    return max(0, int((now - moment).total_seconds() // 60))


def tone_of(minutes: int | None) -> str:
    """Return the colour of a wait: neutral, attention or danger."""
    if minutes is None or minutes < LONG_MINUTES:
        return "neutral"
    return "attention" if minutes < TOO_LONG_MINUTES else "danger"


def late_minutes(planned_at: datetime, now: datetime) -> int:
    """Return how many minutes late something is that has not begun; 0 while nobody calls it so."""
    late = int((now - planned_at).total_seconds() // 60)
    return late if late >= LATE_MINUTES else 0
