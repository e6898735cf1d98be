"""Dates as French people type and read them, and ages."""

import calendar
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from quenotte.kernel.names import fold

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTH_NUMBERS: Final = {fold(name): number for number, name in enumerate(MONTHS, start=1)}
#: Words around a date that say nothing more.
_READ_OVER: Final = frozenset({*DAYS, "le", "er", "ne", "nee"})
#: Nobody who is treated was born more years ago.
_OLDEST_AGE_YEARS: Final = 130
_LONGEST_TEXT: Final = 60

#: What no date is written with.
_FOREIGN: Final = re.compile(r"[^\w\s./,\-\u2010-\u2015\u2212]|_")
# Numbers and words one space apart, as ``_tidy`` returns them.
_SOLID: Final = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2}) (\d{1,2}|[^\W\d]+) (\d{4}|\d{2})")
_YEAR: Final = re.compile(r"\d{4}")
_MONTH_AND_YEAR: Final = re.compile(r"(\d{1,2}|[^\W\d]+) (\d{4})")
_YEAR_AND_MONTH: Final = re.compile(r"(\d{4}) (\d{1,2})")


class InvalidDate(ValueError):
    """What was typed is no date that can be; ``reason`` tells why.

    format: no date at all; impossible: 31/02; future: after today; too_old: 130 years ago.
    The text itself is left out: it may be a patient's, and errors are logged.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clock(at: datetime | time) -> str:
    """Return a time of day as people read it: « 9 h 05 ». An instant is told by its own zone."""
    return f"{at.hour} h {at.minute:02}"


def day_and_clock(at: datetime) -> str:
    """Return an instant in few signs, by its own zone: « 03/04/2026 à 9 h 05 »."""
    return f"{at:%d/%m/%Y} à {clock(at)}"


def parse_french_date(text: str, *, today: date | None = None) -> date:
    """Return the day typed in any French form: ``3/4/85``, ``03041985``, ``3 avril 1985``, ISO.

    A year of two digits is the latest in which the day is not after ``today`` (by default the
    day in France). Names of weekdays are read over.

    Raises: InvalidDate.
    """
    latest = today or _today()
    year, month, day = _parts(_tidy(text))
    found = _latest_day(year, month, day, latest)
    if found > latest:
        raise InvalidDate("future")
    if found.year < latest.year - _OLDEST_AGE_YEARS:
        raise InvalidDate("too_old")
    return found


def looks_like_date(text: str) -> bool:
    """Return whether a text has the form of a whole date, possible or not.

    Six or eight digits have it, although they may also begin a telephone number.
    """
    try:
        _parts(_tidy(text))
    except InvalidDate:
        return False
    return True


def partial_date_range(text: str, *, today: date | None = None) -> tuple[date, date] | None:
    """Return the half-open period that a typed beginning means, or None.

    « 1985 » is a year, « 04/1985 » or « avril 1985 » a month, a whole date one day; « 03/04 »
    says too little, and a period that nobody was born in is none.
    """
    latest = today or _today()
    if (period := _month_or_year(_tidy(text), latest)) is not None:
        return period
    try:
        day = parse_french_date(text, today=latest)
    except InvalidDate:
        return None
    return day, day + timedelta(days=1)


def format_french_date(day: date) -> str:
    """Return ``03/04/1985``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long_date(day: date) -> str:
    """Return « mercredi 3 avril 1985 » (« 1er » on the first of a month)."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def age_years(born_on: date, on: date) -> int:
    """Return completed years, negative before birth; born on 29 February counts from 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def age_text(born_on: date, on: date) -> str:
    """Return « 7 ans », « 18 mois » under two years, « 12 jours » under one month.

    Empty before birth.
    """
    days = (on - born_on).days
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    if days < 0:
        return ""
    if months < 1:
        return f"{days} jour{'s' if days > 1 else ''}"
    return f"{months} mois" if months < 24 else f"{months // 12} ans"


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def _tidy(text: str) -> str:
    """Return numbers and folded words one space apart; empty when no date is written so."""
    plain = unicodedata.normalize("NFKC", text)
    if len(text) > _LONGEST_TEXT or _FOREIGN.search(plain):
        return ""
    words = re.findall(r"\d+|[^\W\d]+", fold(plain))
    return " ".join(word for word in words if word not in _READ_OVER)


def _parts(tidy: str) -> tuple[str, int, int]:
    """Return the year as typed, the month and the day, possible or not."""
    if match := _SOLID.fullmatch(tidy):
        return _solid_parts(tidy, match)
    if match := _YEAR_FIRST.fullmatch(tidy):
        return match[1], int(match[2]), int(match[3])
    if (match := _DAY_FIRST.fullmatch(tidy)) and (month := _month(match[2])) is not None:
        return match[3], month, int(match[1])
    raise InvalidDate("format")


def _solid_parts(digits: str, day_first: re.Match[str]) -> tuple[str, int, int]:
    """« 03041985 » is French; « 19850403 », which cannot be, is read as ISO."""
    day, month, year = day_first.groups()
    if int(month) > 12 and len(digits) == 8 and int(digits[4:6]) <= 12:
        return digits[:4], int(digits[4:6]), int(digits[6:])
    return year, int(month), int(day)


def _month(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    found = [number for name, number in _MONTH_NUMBERS.items() if name.startswith(word)]
    return found[0] if len(found) == 1 and len(word) >= 3 else None


def _latest_day(year: str, month: int, day: int, latest: date) -> date:
    """Return the day; a short year is that of this century or of the one before."""
    years = [int(year)]
    if len(year) == 2:
        this_century = latest.year // 100 * 100
        years = [this_century + int(year), this_century - 100 + int(year)]
    days = [date(each, month, day) for each in years if _is_day(each, month, day)]
    if not days:
        raise InvalidDate("impossible")
    return next((found for found in days if found <= latest), days[0])


def _is_day(year: int, month: int, day: int) -> bool:
    is_month = year >= 1 and 1 <= month <= 12
    return is_month and 1 <= day <= calendar.monthrange(year, month)[1]


def _month_or_year(tidy: str, latest: date) -> tuple[date, date] | None:
    """Return the period of a typed year or month that somebody may be born in."""
    if match := _YEAR.fullmatch(tidy):
        year, month, months = int(match[0]), 1, 12
    elif match := _MONTH_AND_YEAR.fullmatch(tidy):
        year, month, months = int(match[2]), _month(match[1]) or 0, 1
    elif match := _YEAR_AND_MONTH.fullmatch(tidy):
        year, month, months = int(match[1]), int(match[2]), 1
    else:
        return None
    if not (latest.year - _OLDEST_AGE_YEARS <= year and 1 <= month <= 12):
        return None
    start, after = date(year, month, 1), year * 12 + month - 1 + months
    return (start, date(after // 12, after % 12 + 1, 1)) if start <= latest else None
