"""French public holidays, computed: by the year and by the territory of a practice."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

#: Where the law adds holidays to those of everybody; the rest of France is "".
METROPOLE: Final = ""
ALSACE_MOSELLE: Final = "alsace-moselle"

#: Départements of Alsace and Moselle. Source: Code du travail L3134-13.
_ALSACE_MOSELLE: Final = frozenset({"57", "67", "68"})

#: (month, day) of the abolition of slavery, by the first three digits of the postcode.
#: Source: décret 83-1003, loi 83-550; Saint-Barthélemy (977) and Saint-Martin (978).
_ABOLITION: Final = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 28),
}
#: Saint-Barthélemy and Saint-Martin had their own codes only in their addresses: the post
#: delivers them under Guadeloupe's.
_POSTCODES: Final = {"97133": "977", "97150": "978"}


def territory_of(postcode: str) -> str:
    """Return the territory of a French postcode: « alsace-moselle », « 974 », or « » elsewhere.

    Text that is no postcode is taken for the mainland.
    """
    code = "".join(postcode.split())
    if code in _POSTCODES:
        return _POSTCODES[code]
    if code[:3] in _ABOLITION:
        return code[:3]
    return ALSACE_MOSELLE if code[:2] in _ALSACE_MOSELLE else METROPOLE


def easter(year: int) -> date:
    """Return Easter Sunday of a year from 1583 on. Source: Gregorian computus (Meeus, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    month_part = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * month_part) // 433
    n = (h + month_part - 7 * m + 90) // 25
    return date(year, n, (h + month_part - 7 * m + 33 * n + 19) % 32)


@lru_cache(maxsize=64)
def public_holidays(year: int, *, territory: str = METROPOLE) -> Mapping[date, str]:
    """Return the public holidays of a territory with their French names, in order.

    Two that fall together (Ascension on 8 May 1997) share their day and join their names.

    Source: Code du travail L3133-1; L3134-13 for Alsace-Moselle; L3422-2 overseas.
    """
    holidays: dict[date, str] = {}
    for day, name in sorted((*_national(year), *_local(year, territory))):
        holidays[day] = f"{holidays[day]} et {name}" if day in holidays else name
    return MappingProxyType(holidays)


def _national(year: int) -> Iterator[tuple[date, str]]:
    sunday = easter(year)
    yield date(year, 1, 1), "Jour de l’An"
    yield sunday + timedelta(days=1), "Lundi de Pâques"
    yield date(year, 5, 1), "Fête du Travail"
    yield date(year, 5, 8), "Victoire de 1945"
    yield sunday + timedelta(days=39), "Ascension"
    yield sunday + timedelta(days=50), "Lundi de Pentecôte"
    yield date(year, 7, 14), "Fête nationale"
    yield date(year, 8, 15), "Assomption"
    yield date(year, 11, 1), "Toussaint"
    yield date(year, 11, 11), "Armistice de 1918"
    yield date(year, 12, 25), "Noël"


def _local(year: int, territory: str) -> Iterator[tuple[date, str]]:
    if territory == ALSACE_MOSELLE:
        # The law keeps Good Friday for communes with a church of both rites; nearly all rest.
        yield easter(year) - timedelta(days=2), "Vendredi saint"
        yield date(year, 12, 26), "Saint-Étienne"
    elif territory in _ABOLITION:
        yield date(year, *_ABOLITION[territory]), "Abolition de l’esclavage"
