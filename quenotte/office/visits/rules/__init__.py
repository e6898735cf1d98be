"""Decisions on visits, on plain values: notes with places to fill, doses, what was left open."""

from quenotte.office.visits.rules.doses import (
    USUAL,
    Anaesthetic,
    dose_mg,
    most_mg,
    shown_cartridges,
)
from quenotte.office.visits.rules.notes import (
    LONGEST,
    PLACES,
    USUAL_TEMPLATES,
    appended,
    filled,
    unfilled,
)
from quenotte.office.visits.rules.open import LEFT_OPEN_HOURS, is_left_open

__all__ = [
    "LEFT_OPEN_HOURS",
    "LONGEST",
    "PLACES",
    "USUAL",
    "USUAL_TEMPLATES",
    "Anaesthetic",
    "appended",
    "dose_mg",
    "filled",
    "is_left_open",
    "most_mg",
    "shown_cartridges",
    "unfilled",
]
