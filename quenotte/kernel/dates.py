"""Dates as French people type and read them, ages, and public holidays."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from quenotte.kernel.names import fold

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTH_NUMBERS: Final = {fold(name): number for number, name in enumerate(MONTHS, start=1)}
_OLDEST_YEAR: Final = 1880

_NUMERIC = re.compile(r"(\d{1,2})[\s./\-]+(\d{1,2})[\s./\-]+(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SOLID = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_WORDY = re.compile(r"(\d{1,2})(?: ?er)? ([a-z]+) (\d{4}|\d{2})")


class InvalidDate(ValueError):
    """What was typed is no date; ``reason`` is format, impossible, future or too_old."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r}: {reason}")
        self.reason = reason


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def parse_french_date(text: str, *, today: date | None = None) -> date:
    """Return the day typed in any French form: ``3/4/85``, ``03041985``, ``3 avril 1985``, ISO.

    A year of two digits is the latest one that is not after ``today``.

    Raises: InvalidDate (31/02 is impossible; a birth cannot be in the future).
    """
    now = today or _today()
    year, month, day = _parts(text.strip())
    if year < 100:
        year += now.year // 100 * 100
        year -= 100 if year > now.year else 0
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise InvalidDate(text, "impossible") from error
    if found > now:
        raise InvalidDate(text, "future")
    if found.year < _OLDEST_YEAR:
        raise InvalidDate(text, "too_old")
    return found


def _parts(text: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
        return year, month, day
    if match := _NUMERIC.fullmatch(text) or _SOLID.fullmatch(text):
        day, month, year = map(int, match.groups())
        return year, month, day
    if match := _WORDY.fullmatch(fold(text)):
        month_number = _month(match.group(2))
        if month_number:
            return int(match.group(3)), month_number, int(match.group(1))
    raise InvalidDate(text, "format")


def _month(word: str) -> int | None:
    found = {number for name, number in _MONTH_NUMBERS.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 and len(word) >= 3 else None


def looks_like_date(text: str) -> bool:
    """Tell whether ``text`` has the form of a whole date, possible or not."""
    try:
        _parts(text.strip())
    except InvalidDate:
        return False
    return True


def partial_date_range(text: str, *, today: date | None = None) -> tuple[date, date] | None:
    """Return the half-open period that a typed beginning means, or None.

    « 1985 » is a year, « 04/1985 » a month, a whole date one day; « 03/04 » says too little.
    """
    typed = text.strip()
    if re.fullmatch(r"\d{4}", typed):
        year = int(typed)
        in_range = _OLDEST_YEAR <= year <= (today or _today()).year
        return (date(year, 1, 1), date(year + 1, 1, 1)) if in_range else None
    if match := re.fullmatch(r"(\d{1,2})[./\- ](\d{4})", typed):
        month, year = int(match.group(1)), int(match.group(2))
        if not 1 <= month <= 12 or year < _OLDEST_YEAR:
            return None
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    try:
        day = parse_french_date(typed, today=today)
    except InvalidDate:
        return None
    return day, day + timedelta(days=1)


def format_french_date(day: date) -> str:
    """Return ``03/04/1985``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long_date(day: date) -> str:
    """Return « vendredi 3 avril 1985 » (« 1er » on the first)."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def age_years(born_on: date, on: date) -> int:
    """Return the age in whole years; somebody born on 29 February turns on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def age_text(born_on: date, on: date) -> str:
    """Return « 7 ans », « 3 mois » under two years, « 12 jours » under one month."""
    years = age_years(born_on, on)
    if years >= 2:
        return f"{years} ans"
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    if months >= 1:
        return f"{months} mois"
    days = (on - born_on).days
    return f"{days} jour{'s' if days > 1 else ''}"


def easter(year: int) -> date:
    """Return Easter Sunday. Source: Gregorian computus (Meeus, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    month_part = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * month_part) // 433
    n = (h + month_part - 7 * m + 90) // 25
    return date(year, n, (h + month_part - 7 * m + 33 * n + 19) % 32)


def public_holidays(year: int, *, alsace_moselle: bool = False) -> dict[date, str]:
    """Return the public holidays of metropolitan France with their French names.

    Source: Code du travail L3133-1; L3134-13 for Alsace-Moselle.
    """
    sunday = easter(year)
    holidays = {
        date(year, 1, 1): "Jour de l’an",
        sunday + timedelta(days=1): "Lundi de Pâques",
        date(year, 5, 1): "Fête du Travail",
        date(year, 5, 8): "Victoire de 1945",
        sunday + timedelta(days=39): "Ascension",
        sunday + timedelta(days=50): "Lundi de Pentecôte",
        date(year, 7, 14): "Fête nationale",
        date(year, 8, 15): "Assomption",
        date(year, 11, 1): "Toussaint",
        date(year, 11, 11): "Armistice de 1918",
        date(year, 12, 25): "Noël",
    }
    if alsace_moselle:
        holidays[sunday - timedelta(days=2)] = "Vendredi saint"
        holidays[date(year, 12, 26)] = "Saint-Étienne"
    return dict(sorted(holidays.items()))
