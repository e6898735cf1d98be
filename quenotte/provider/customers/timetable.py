"""Hours and closed days as people type them, on plain values."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

from quenotte.kernel.dates import InvalidDate, format_french_date, parse_french_date
from quenotte.kernel.names import fold
from quenotte.provider.customers.rules import Stretch

_CLOCK: Final = r"(\d{1,2})\s*(?:[:.hH]\s*(\d{2})?)?"
_STRETCH: Final = re.compile(rf"{_CLOCK}\s*(?:-|–|—|à|a)\s*{_CLOCK}")
_BETWEEN: Final = re.compile(r"\s*(?:,|;|/|\bet\b)\s*")
_FROM: Final = re.compile(r"^(?:le|du)\s+", re.IGNORECASE)
_TO: Final = re.compile(r"\s+(?:-|–|—|au|à)\s+|\s*[–—]\s*", re.IGNORECASE)
# Between two whole dates, a hyphen without spaces is no separator of a date.
_TIGHT: Final = re.compile(r"(?<=\d{4})-(?=\d{1,2}[/.])")
# « 3 au 21 août 2026 », « 28/07 au 03/08/2026 »: what the first day leaves out, the last says.
_MONTH: Final = r"\s+[^\W\d]+|[/.]\d{1,2}"
_LESS: Final = re.compile(rf"\d{{1,2}}(?:er)?({_MONTH})?", re.IGNORECASE)
_REST: Final = re.compile(rf"\d{{1,2}}(?:er)?({_MONTH})([\s/.]+\d{{2,4}})", re.IGNORECASE)
#: What the field says of itself when it is empty, and what means the same.
_CLOSED: Final = frozenset({"ferme", "fermee", "-", "–", "—"})
_DAY: Final = timedelta(days=1)
#: Of closed days at once: more of them is no holiday but a contract that ended.
MOST_CLOSED: Final = 366
#: What is past is shown, and counts in what is said of the last nights, for so long.
PAST: Final = timedelta(days=60)


class Unreadable(ValueError):
    """What was typed means nothing; ``part`` is the piece that does not, ``reason`` a code."""

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(reason)
        self.reason, self.part = reason, part


def stretches(weekday: int, typed: str) -> list[Stretch]:
    """Return the stretches of a weekday from « 8:30-12:30, 14h-19h »; none when it is closed.

    Raises: Unreadable.
    """
    if fold(typed) in _CLOSED or typed.strip() in _CLOSED:
        return []
    parts = [part for part in _BETWEEN.split(typed.strip()) if part]
    found = sorted((_stretch(weekday, part) for part in parts), key=lambda one: one.starts_at)
    if any(one.ends_at > two.starts_at for one, two in pairwise(found)):
        raise Unreadable("overlap", typed)
    return found


def _stretch(weekday: int, typed: str) -> Stretch:
    told = _STRETCH.fullmatch(typed)
    if told is None:
        raise Unreadable("no_stretch", typed)
    try:
        opens, closes = (time(int(told[at]), int(told[at + 1] or 0)) for at in (1, 3))
    except ValueError:
        raise Unreadable("no_stretch", typed) from None
    if opens >= closes:
        raise Unreadable("backwards", typed)
    return Stretch(weekday, opens, closes)


def shown_stretches(openings: Iterable[Stretch], weekday: int) -> str:
    """Return the stretches of a weekday as they are typed."""
    own = sorted((one for one in openings if one.weekday == weekday), key=lambda one: one.starts_at)
    return ", ".join(f"{one.starts_at:%H:%M}-{one.ends_at:%H:%M}" for one in own)


def closed_days(typed: str, *, today: date) -> list[date]:
    """Return days from lines of « 24/12/2026 » or « 03/08/2026 – 21/08/2026 », in order.

    Days of the past that count no more are left out.

    Raises: Unreadable.
    """
    found: set[date] = set()
    for line in filter(None, map(str.strip, typed.splitlines())):
        found |= _period(line, today)
    kept = sorted(day for day in found if day >= today - PAST)
    if len(kept) > MOST_CLOSED:
        raise Unreadable("too_many", typed)
    return kept


def let_go(typed: str, *, today: date) -> list[str]:
    """Return the lines of which nothing is kept, for they are past. Raises: Unreadable."""
    lines = filter(None, map(str.strip, typed.splitlines()))
    return [line for line in lines if max(_period(line, today)) < today - PAST]


def _period(line: str, today: date) -> set[date]:
    first, *rest = _TO.split(_TIGHT.sub(" – ", _FROM.sub("", line)))
    if len(rest) > 1:
        raise Unreadable("no_day", line)
    begins = _day(_whole(first, *rest), line, today)
    ends = _day(rest[0], line, today) if rest else begins
    if ends < begins:
        raise Unreadable("backwards", line)
    if (ends - begins).days >= MOST_CLOSED:
        raise Unreadable("too_many", line)
    return {begins + at * _DAY for at in range((ends - begins).days + 1)}


def _whole(first: str, last: str = "") -> str:
    """Return the first day of a period with the month and the year that its last day says."""
    rest, less = _REST.fullmatch(last.strip()), _LESS.fullmatch(first.strip())
    if rest is None or less is None:
        return first
    return less[0] + ("" if less[1] else rest[1]) + rest[2]


def _day(typed: str, line: str, today: date) -> date:
    try:
        return parse_french_date(typed, today=today.replace(year=today.year + 5, day=1))
    except InvalidDate:
        raise Unreadable("no_day", line) from None


def shown_days(days: Sequence[date], *, today: date) -> str:
    """Return the days that still count as they are typed, those in a row as one line."""
    lines: list[list[date]] = []
    for day in sorted(one for one in days if one >= today - PAST):
        if lines and day - lines[-1][-1] == _DAY:
            lines[-1].append(day)
        else:
            lines.append([day])
    return "\n".join(
        " – ".join(map(format_french_date, dict.fromkeys((one[0], one[-1])))) for one in lines
    )
