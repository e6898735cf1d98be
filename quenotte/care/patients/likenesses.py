"""Whether two descriptions may be one person: decided on values, told in words.

Nothing here is a proof: whoever creates a record sees the look-alikes and decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from quenotte.care.patients.lookups import national_digits
from quenotte.kernel import names
from quenotte.kernel.names import tokens

#: Likeness of two first names, from 0 to 100, under which they are two names.
_SPELLED_ALIKE: Final = 86
#: Shorter names differ by a letter without being the same: Léa and Léo, Ana and Eva.
_SHORTEST_MISSPELLED: Final = 5


#: Most names are borne by many: an import asks for each of them thousands of times.
compact = lru_cache(maxsize=32_768)(names.compact)
phonetic = lru_cache(maxsize=32_768)(names.phonetic)


class Reason(StrEnum):
    """What speaks for one person; the words are in the template of the list."""

    SAME_NAME = "same_name"
    SOUNDS_ALIKE = "sounds_alike"
    PART_OF_NAME = "part_of_name"
    NAMES_SWAPPED = "names_swapped"
    SAME_FIRST_NAME = "same_first_name"
    FIRST_NAME_ALIKE = "first_name_alike"
    SAME_BIRTH = "same_birth"
    DAY_AND_MONTH_SWAPPED = "day_and_month_swapped"
    BIRTH_ALIKE = "birth_alike"
    SAME_PHONE = "same_phone"


class Level(IntEnum):
    """How likely it is; from POSSIBLE on, a person must decide before a record is made."""

    HOUSEHOLD = 0
    POSSIBLE = 1
    LIKELY = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a person; telephones in any form, an unknown birth is None."""

    surnames: tuple[str, ...]
    first_names: tuple[str, ...]
    born_on: date | None = None
    phones: tuple[str, ...] = ()
    sex: str = "I"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two descriptions are alike."""

    level: Level
    reasons: tuple[Reason, ...]


def likeness(one: Traits, other: Traits) -> Likeness | None:
    """Return how much two descriptions are alike, or None when they are two people's.

    Twins (one name, one birth date, two first names) are two people.
    """
    surname, first = _surnames(one, other), _first_names(one, other)
    if surname is None and first is None and _are_swapped(one, other):
        surname = Reason.NAMES_SWAPPED
        first = Reason.NAMES_SWAPPED
    birth = birth_likeness(one.born_on, other.born_on)
    phone = Reason.SAME_PHONE if _share_a_phone(one, other) else None
    level = _level(surname, first, birth, phone=phone is not None, sexes={one.sex, other.sex})
    if level is None and _is_heard(surname, first, one.born_on, other.born_on):
        level = Level.POSSIBLE
    if level is None:
        return None
    reasons = dict.fromkeys(each for each in (surname, first, birth, phone) if each)
    return Likeness(level, tuple(reasons))


def birth_likeness(one: date | None, other: date | None) -> Reason | None:
    """Return how two birth dates are alike: the same, or one mistake of the keyboard apart."""
    if one is None or other is None:
        return None
    if one == other:
        return Reason.SAME_BIRTH
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return Reason.DAY_AND_MONTH_SWAPPED
    wrong = sum(a != b for a, b in zip(f"{one:%d%m%Y}", f"{other:%d%m%Y}", strict=True))
    return Reason.BIRTH_ALIKE if wrong == 1 else None


def near_births(born_on: date) -> set[str]:
    """Return the dates (AAAAMMJJ, some of no calendar) one mistake of the keyboard away."""
    written = f"{born_on:%Y%m%d}"
    near = {
        f"{written[:place]}{digit}{written[place + 1 :]}"
        for place in range(8)
        for digit in "0123456789"
    }
    return near | {f"{born_on:%Y%d%m}"}


def name_key(surname: str, first_name: str) -> str:
    """Return what a surname and a first name sound like: the same person has the same key."""
    return f"{phonetic(surname)} {phonetic(first_name)}"


def phone_key(phone: str) -> str:
    """Return a telephone as two records compare it."""
    return national_digits(phone)


def _level(
    surname: Reason | None,
    first: Reason | None,
    birth: Reason | None,
    *,
    phone: bool,
    sexes: set[str],
) -> Level | None:
    if surname and first:
        return _level_of_names(surname, first, birth, phone=phone)
    if first and birth and sexes != {"F", "M"} and (phone or birth == Reason.SAME_BIRTH):
        # A surname changes when people marry; a first name and a birth do not.
        return Level.LIKELY if phone else Level.POSSIBLE
    if phone and (surname or first):
        return Level.HOUSEHOLD
    return None


def _is_heard(
    surname: Reason | None, first: Reason | None, born: date | None, other_born: date | None
) -> bool:
    """A name heard on the telephone is spelled in a new way; no birth date says otherwise."""
    is_alike = surname == Reason.SOUNDS_ALIKE and first == Reason.SAME_FIRST_NAME
    return is_alike and (born is None or other_born is None)


def _level_of_names(
    surname: Reason, first: Reason, birth: Reason | None, *, phone: bool
) -> Level | None:
    is_same_first = first == Reason.SAME_FIRST_NAME
    is_exact = surname == Reason.SAME_NAME and is_same_first
    if birth == Reason.SAME_BIRTH:
        return Level.SAME if is_exact else Level.LIKELY
    if birth or phone:
        return Level.LIKELY
    is_borne = is_exact or (surname == Reason.PART_OF_NAME and is_same_first)
    return Level.POSSIBLE if is_borne else None


def _surnames(one: Traits, other: Traits) -> Reason | None:
    pairs = [(a, b) for a in one.surnames for b in other.surnames if compact(a) and compact(b)]
    if any(compact(a) == compact(b) for a, b in pairs):
        return Reason.SAME_NAME
    if any(phonetic(a) == phonetic(b) != "" for a, b in pairs):
        return Reason.SOUNDS_ALIKE
    return Reason.PART_OF_NAME if any(_is_part(a, b) for a, b in pairs) else None


def _first_names(one: Traits, other: Traits) -> Reason | None:
    pairs = [(a, b) for a in one.first_names for b in other.first_names if tokens(a) and tokens(b)]
    if any(compact(a) == compact(b) for a, b in pairs):
        return Reason.SAME_FIRST_NAME
    if any(phonetic(a) == phonetic(b) != "" for a, b in pairs) or any(
        _is_part(a, b) or _is_misspelled(a, b) for a, b in pairs
    ):
        return Reason.FIRST_NAME_ALIKE
    return None


def _are_swapped(one: Traits, other: Traits) -> bool:
    """Tell whether the surname of one was typed where the first name goes."""
    return _meet(one.surnames, other.first_names) and _meet(one.first_names, other.surnames)


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    return bool({compact(each) for each in some} & {compact(each) for each in others} - {""})


def _is_part(a: str, b: str) -> bool:
    """« Durand » is part of « Durand-Petit » and of « Lévy-Durand », « Le Gall » of neither."""
    first, second = tokens(a), tokens(b)
    short, long = sorted((first, second), key=len)
    if short == long or len("".join(short)) <= 2:
        return False
    starts = range(len(long) - len(short) + 1)
    return any(long[start : start + len(short)] == short for start in starts)


def _is_misspelled(a: str, b: str) -> bool:
    first, second = compact(a), compact(b)
    if min(len(first), len(second)) < _SHORTEST_MISSPELLED:
        return False
    return fuzz.ratio(first, second) >= _SPELLED_ALIKE


def _share_a_phone(one: Traits, other: Traits) -> bool:
    numbers = {digits for phone in one.phones if (digits := national_digits(phone))}
    return any(national_digits(phone) in numbers for phone in other.phones if phone)
