"""The calendar of the last proofs. Values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_WEEK: Final = 7


class Mark(StrEnum):
    """What a day shows: the worst of its proofs, else whether a copy was made."""

    PROVEN = "proven"
    FAILED = "failed"
    COPIED = "copied"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Day:
    """One day and its mark."""

    on: date
    mark: Mark


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday, None where the calendar does not reach.

    ``month`` is the first day of the month that begins in it, None in the others.
    """

    month: date | None
    days: tuple[Day | None, ...]


def days(
    *, on: date, count: int, proofs: Iterable[tuple[date, bool]], copies: Iterable[date]
) -> list[Day]:
    """Return the last ``count`` days up to ``on``, each with its mark.

    ``proofs`` are days, each with whether it succeeded. A day with one that failed shows it.
    """
    marks: dict[date, Mark] = dict.fromkeys(copies, Mark.COPIED)
    for day, is_good in sorted(proofs, key=lambda proof: not proof[1]):
        marks[day] = Mark.PROVEN if is_good else Mark.FAILED
    listed = (on - timedelta(days=back) for back in range(count - 1, -1, -1))
    return [Day(day, marks.get(day, Mark.NOTHING)) for day in listed]


def weeks(days: Sequence[Day]) -> list[Week]:
    """Return the days in whole weeks, from Monday to Sunday."""
    padded: list[Day | None] = [None] * days[0].on.weekday() + list(days) if days else []
    padded += [None] * (-len(padded) % _WEEK)
    starts = range(0, len(padded), _WEEK)
    return [_week(padded[start : start + _WEEK], is_first=start == 0) for start in starts]


def _week(days: Sequence[Day | None], *, is_first: bool) -> Week:
    known = [day.on for day in days if day]
    begun = next((day for day in known if day.day == 1), known[0] if is_first else None)
    return Week(begun, tuple(days))
