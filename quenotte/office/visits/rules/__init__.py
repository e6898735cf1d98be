"""Decisions on visits, on plain values: notes with places to fill, doses, what was left open."""

from quenotte.office.visits.rules.cautions import (
    BEFORE_AN_INJECTION,
    Caution,
    cautions,
    is_grave,
    meant,
)
from quenotte.office.visits.rules.devices import tooth_of_device
from quenotte.office.visits.rules.doses import (
    CHILD_AGE,
    USUAL,
    Anaesthetic,
    Doses,
    Given,
    Limits,
    SubstanceDose,
    dose_again_mg,
    dose_mg,
    is_too_young,
    most_mg,
    shipped_otherwise,
    shown_cartridges,
    substance_of,
    together,
    whole_kilos,
)
from quenotte.office.visits.rules.excess import excess, over_words
from quenotte.office.visits.rules.lots import lot_meant
from quenotte.office.visits.rules.notes import (
    LONGEST,
    PLACES,
    USUAL_TEMPLATES,
    appended,
    filled,
    is_about,
    unfilled,
)
from quenotte.office.visits.rules.open import (
    LEFT_OPEN_HOURS,
    due_now,
    is_left_open,
    is_passed,
    moment_of_care,
)
from quenotte.office.visits.rules.questions import question

__all__ = [
    "BEFORE_AN_INJECTION",
    "CHILD_AGE",
    "LEFT_OPEN_HOURS",
    "LONGEST",
    "PLACES",
    "USUAL",
    "USUAL_TEMPLATES",
    "Anaesthetic",
    "Caution",
    "Doses",
    "Given",
    "Limits",
    "SubstanceDose",
    "appended",
    "cautions",
    "dose_again_mg",
    "dose_mg",
    "due_now",
    "excess",
    "filled",
    "is_about",
    "is_grave",
    "is_left_open",
    "is_passed",
    "is_too_young",
    "lot_meant",
    "meant",
    "moment_of_care",
    "most_mg",
    "over_words",
    "question",
    "shipped_otherwise",
    "shown_cartridges",
    "substance_of",
    "together",
    "tooth_of_device",
    "unfilled",
    "whole_kilos",
]
