"""Decisions on plain values: what may follow what, what is proposed for a look-alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

#: From each state, what a person or the worker may ask for.
STEPS: Final[Mapping[str, frozenset[str]]] = {
    "map": frozenset({"mapping", "checked", "failed"}),
    "decide": frozenset({"checked"}),
    "write": frozenset({"checked"}),
    "undo": frozenset({"done"}),
    "forget": frozenset({"mapping", "checked", "failed"}),
}

#: Lengths of an appointment that names no end, in minutes.
USUAL_MINUTES: Final = 30

_STATUSES: Final = {
    "done": "done venu honore present effectue fait termine realise soigne paye facture",
    "missed": "absent lapin manque nonvenu nonhonore missed noshow pasvenu nonexcuse",
    "cancelled": "annule excuse reporte supprime decommande cancelled canceled annulation",
    "confirmed": "confirme confirmed",
    "booked": "prevu reserve booked planifie avenir encours attente",
}
_WORDS: Final = {word: status for status, words in _STATUSES.items() for word in words.split()}


@dataclass(frozen=True)
class Options:
    """What the person decides for a whole file."""

    practitioner_id: str = ""
    as_of: str = ""
    minutes: int = USUAL_MINUTES

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Options":
        """Return what ``to_json`` gave; what an older version kept beside is left out."""
        return cls(**{key: kept[key] for key in cls.__dataclass_fields__ if key in kept})


def may(step: str, state: str) -> bool:
    """Tell whether this step may follow from this state."""
    return state in STEPS[step]


def status_of(text: str, *, is_past: bool) -> tuple[str, str]:
    """Return the status of an appointment, and a warning's code or nothing.

    ``text`` is what the other program says, folded and without spaces; what is past took
    place unless it says otherwise, what is to come is booked.
    """
    usual = "done" if is_past else "booked"
    if not text:
        return usual, ""
    status = _WORDS.get(text)
    if status is None:
        return usual, "status_unknown"
    if is_past and status in {"booked", "confirmed"}:
        return "done", ""
    if not is_past and status in {"done", "missed"}:
        return "booked", "future_done"
    return status, ""


def horizon(today: date) -> date:
    """Return the last day on which an appointment may lie: five years on."""
    return date(today.year + 5, 12, 31)


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; ``without_quote`` takes it back.

    Source: OWASP, CSV injection.
    """
    return f"'{cell}" if cell[:1] in _FORMULA else cell


def without_quote(cell: str) -> str:
    """Return a cell without the quote that ``neutral`` put before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and len(cell) > 1 else cell


_FORMULA: Final = frozenset("=+-@\t\r|%")
