"""Questions about what a practice bought, by its papers: ``{name, seats, used, ends_on}`` each.

``used`` is None when nobody can count who uses it; ``ends_on`` (ISO 8601) when it has no end.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from quenotte.kernel.posture.questions.asked import Asked
from quenotte.kernel.posture.terms import Outcome, bad, ok


def is_none_over(asked: Asked) -> Outcome:
    """Tell whether no licence ended. Its last day is one on which it holds."""
    today = asked.around.now.date()
    over = [row for row in asked.needed[0] if (ends := _end(row)) and ends < today]
    return bad("ended", **_told(over, "ends_on")) if over else ok()


def is_none_ending(asked: Asked) -> Outcome:
    """Tell whether no licence that still holds ends within the limit."""
    assert isinstance(asked.limit, timedelta)
    today, last = asked.around.now.date(), asked.around.now.date() + asked.limit
    soon = [row for row in asked.needed[0] if (ends := _end(row)) and today <= ends <= last]
    return bad("soon", **_told(soon, "ends_on")) if soon else ok()


def is_enough(asked: Asked) -> Outcome:
    """Tell whether no licence is used on more machines than it is for.

    One that ended is for none, which another rule says.
    """
    today = asked.around.now.date()
    held = [row for row in asked.needed[0] if (_end(row) or today) >= today]
    few = [row for row in held if _missing(row) > 0]
    return bad("over", **_told(few, "used", "seats")) if few else ok()


def _end(row: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(row["ends_on"]) if row["ends_on"] else None


def _missing(row: Mapping[str, Any]) -> int:
    is_counted = row["seats"] is not None and row["used"] is not None
    return row["used"] - row["seats"] if is_counted else 0


def _told(rows: Iterable[Mapping[str, Any]], *names: str) -> dict[str, Any]:
    """Return the names of licences, by which an exemption bears them, and what is said of each."""
    found = sorted(rows, key=lambda row: (row["ends_on"] or "", row["name"]))
    return {
        "names": [row["name"] for row in found],
        "licences": {row["name"]: {name: row[name] for name in names} for row in found},
    }
