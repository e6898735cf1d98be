"""What a search means: the words, dates, telephones and numbers that a person types."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from quenotte.kernel.names import fold, phonetic

SURNAME: Final = "n"
FIRST_NAME: Final = "g"
PHONETIC: Final = "p"
PHONE: Final = "t"
BIRTH: Final = "d"
FILE: Final = "f"

#: Longest key kept, in characters.
KEY_LENGTH: Final = 64
#: More words than this are no name, and would cost a join each.
_MOST_TERMS: Final = 6

_MONTHS: Final = {
    **dict.fromkeys(("janvier", "janv"), 1),
    **dict.fromkeys(("fevrier", "fevr"), 2),
    **dict.fromkeys(("mars",), 3),
    **dict.fromkeys(("avril", "avr"), 4),
    **dict.fromkeys(("mai",), 5),
    **dict.fromkeys(("juin",), 6),
    **dict.fromkeys(("juillet", "juil"), 7),
    **dict.fromkeys(("aout",), 8),
    **dict.fromkeys(("septembre", "sept"), 9),
    **dict.fromkeys(("octobre", "oct"), 10),
    **dict.fromkeys(("novembre", "nov"), 11),
    **dict.fromkeys(("decembre", "dec"), 12),
}
_WORDED_DATE: Final = re.compile(
    r"\b(?:(?P<day>\d{1,2})(?: ?er)? )?"
    rf"(?P<month>{'|'.join(_MONTHS)})\b"
    r"(?: (?P<year>\d{4}|\d\d)\b)?"
)
_NUMBERS: Final = re.compile(r"\+?\d+(?:[ ./-]\d+)*")


@dataclass(frozen=True, slots=True)
class Range:
    """Keys of one kind from ``low`` to ``high``, both included."""

    kind: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed: a patient must have a key in one of ``ranges``.

    ``rarity`` is small when few patients have it. ``word`` is empty for numbers.
    """

    ranges: tuple[Range, ...]
    rarity: int
    kind: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A whole search, rarest term first."""

    terms: tuple[Term, ...]

    @property
    def words(self) -> list[str]:
        """The names among what was typed."""
        return [term.word for term in self.terms if term.word]

    @property
    def kind(self) -> str:
        """Which kinds of things were typed, for the journal: never what was typed."""
        return ",".join(sorted({term.kind for term in self.terms})) or "empty"


def starting(kind: str, prefix: str) -> Range:
    """Return the keys that start with ``prefix``.

    « z » sorts after every letter and digit whatever the collation of the database, which
    would not be true of punctuation.
    """
    return Range(kind, prefix, prefix + "z" * (KEY_LENGTH - len(prefix)))


def exactly(kind: str, key: str) -> Range:
    """Return this key alone."""
    return Range(kind, key, key)


def lookup(text: str, today: date) -> Lookup:
    """Return what a search asks for, rarest term first.

    « dup mar 85 » gives two words and a year of birth; « 06 39 98 » the beginning of a
    telephone; « 3 avril 1985 », « 03/04/85 », « 04/1985 » dates; « 1204 » a file number.
    """
    rest = fold_keeping_dates(text)
    terms: list[Term] = []
    for found in list(_WORDED_DATE.finditer(rest)):
        if found["day"] or found["year"]:
            terms.extend(_worded_date(found, today))
            rest = rest.replace(found[0], " ", 1)
    for numbers in _NUMBERS.findall(rest):
        terms.extend(_numbers(numbers, today))
    terms.extend(_word(word) for word in words_of(_NUMBERS.sub(" ", rest)))
    unique = {(term.kind, term.ranges): term for term in terms[:_MOST_TERMS]}
    return Lookup(tuple(sorted(unique.values(), key=lambda term: term.rarity)))


def fold_keeping_dates(text: str) -> str:
    """Return folded text in which numbers keep their separators."""
    parts = re.split(r"(\+?\d+(?:[ ./-]+\d+)*)", text)
    folded = (part if i % 2 else fold(part) for i, part in enumerate(parts))
    return " ".join(part for part in folded if part)


def words_of(text: str) -> list[str]:
    """Return the folded words of a name: « Jean-Pierre » gives jean and pierre."""
    return [word[:KEY_LENGTH] for word in re.split(r"[^a-z0-9]+", fold(text)) if word]


def in_one_word(name: str) -> str:
    """Return the folded name in one word: « Le Brun » gives lebrun."""
    return "".join(words_of(name))[:KEY_LENGTH]


def keys_of(
    *,
    surnames: Iterable[str],
    first_names: Iterable[str],
    phones: Iterable[str],
    born_on: date | None,
    file_number: int,
) -> set[tuple[str, str]]:
    """Return the (kind, key) pairs by which a patient is found.

    ``phones`` are in any form; a birth date is found from its year, its month, its day,
    or from day and month alone. None when nobody asked it yet.
    """
    found = {(FILE, str(file_number))}
    if born_on is not None:
        found |= {(BIRTH, f"{born_on:%Y%m%d}"), (BIRTH, f"j{born_on:%m%d}")}
    for surname in surnames:
        found |= {(SURNAME, word) for word in _words_and_whole(surname)}
        found |= {(PHONETIC, key) for key in phonetic_keys(surname)}
    for first_name in first_names:
        found |= {(FIRST_NAME, word) for word in _words_and_whole(first_name)}
    found |= {(PHONE, digits) for digits in map(national_digits, phones) if digits}
    return found


def phonetic_keys(surname: str) -> set[str]:
    """Return how the words of a surname, and the surname in one word, sound."""
    return {key[:KEY_LENGTH] for word in _words_and_whole(surname) if (key := phonetic(word))}


def national_digits(phone: str) -> str:
    """Return a telephone as people type it in France: 0639980001."""
    digits = re.sub(r"\D", "", phone)
    for prefix in ("0033", "33"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 9:
            return "0" + digits[len(prefix) :]
    return digits


def _words_and_whole(name: str) -> set[str]:
    """« Le Brun » is found by le, by brun and by lebrun."""
    return {*words_of(name), in_one_word(name)} - {""}


def _word(word: str) -> Term:
    ranges = (starting(SURNAME, word), starting(FIRST_NAME, word))
    return Term(ranges, rarity=max(2, 10 - 2 * min(len(word), 5)), kind="name", word=word)


def _worded_date(found: re.Match[str], today: date) -> Iterator[Term]:
    month, day = _MONTHS[found["month"]], int(found["day"] or 0)
    ending = f"{month:02}{day:02}" if day else f"{month:02}"
    if not found["year"]:
        yield Term((exactly(BIRTH, f"j{ending}"),), rarity=5, kind="birth")
        return
    years = _years(found["year"], today)
    ranges = tuple(starting(BIRTH, f"{year}{ending}") for year in years)
    yield Term(ranges, rarity=1 if day else 4, kind="birth")


def _numbers(text: str, today: date) -> Iterator[Term]:
    """Read a run of digits: one thing when it can be, else each of its parts."""
    term = _one_number(text, today)
    if term is not None:
        yield term
        return
    parts = text.split() if " " in text else re.findall(r"\d+", text)
    for part in parts:
        one = _one_number(part, today)
        yield one or Term((starting(PHONE, part),), rarity=5, kind="phone")


def _one_number(text: str, today: date) -> Term | None:
    dates = tuple(_dates(text, today))
    others = tuple(_phones(text)) + tuple(_files(text))
    if not dates and not others:
        return None
    shortest = min(len(one.low) for one in dates) if dates else 8
    rarity = {8: 1, 6: 4, 5: 5}.get(shortest, 7)
    return Term(dates + others, rarity=rarity, kind="birth" if dates else _kind(others))


def _kind(ranges: tuple[Range, ...]) -> str:
    return "phone" if ranges[0].kind == PHONE else "file"


def _phones(text: str) -> Iterator[Range]:
    digits = re.sub(r"\D", "", text)
    if text.startswith("+33") or (digits.startswith("0033") and len(digits) > 4):
        rest = digits.removeprefix("00").removeprefix("33")
        if rest:
            yield starting(PHONE, "0" + rest.removeprefix("0"))
    elif "/" not in text and digits.startswith("0") and 4 <= len(digits) <= 10:
        yield starting(PHONE, digits)


def _files(text: str) -> Iterator[Range]:
    if text.isdigit() and len(text) <= 9 and text.lstrip("0"):
        yield exactly(FILE, text.lstrip("0"))


def _dates(text: str, today: date) -> Iterator[Range]:
    """Yield the births that these digits may name, in the forms used in France and ISO."""
    parts = re.findall(r"\d+", text)
    sizes = tuple(len(part) for part in parts)
    if sizes in {(8,), (6,)}:
        parts = [text[:2], text[2:4], text[4:]]
    elif len(parts) == 3 and sizes[0] == 4:
        parts = parts[::-1]
    if len(parts) == 3:
        yield from _days(parts, today)
    elif len(parts) == 2:
        yield from _months(parts, today)
    elif sizes in {(4,), (2,)}:
        yield from (starting(BIRTH, str(year)) for year in _years(text, today))


def _days(parts: list[str], today: date) -> Iterator[Range]:
    day, month, year = parts
    if len(day) <= 2 and len(month) <= 2 and len(year) in {2, 4}:
        for full in _years(year, today):
            if _is_day(full, int(month), int(day)):
                yield exactly(BIRTH, f"{full}{int(month):02}{int(day):02}")


def _months(parts: list[str], today: date) -> Iterator[Range]:
    """« 04/1985 » and « 1985-04 » are months, « 03/04 » a day of any year."""
    first, second = parts if len(parts[0]) < 3 else parts[::-1]
    if len(second) == 4 and len(first) <= 2 and 1 <= int(first) <= 12:
        yield from (starting(BIRTH, f"{year}{int(first):02}") for year in _years(second, today))
    elif len(first) <= 2 and len(second) <= 2 and _is_day(2000, int(second), int(first)):
        yield exactly(BIRTH, f"j{int(second):02}{int(first):02}")


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _years(text: str, today: date) -> list[int]:
    """Return the years that two or four digits may mean, none of them to come."""
    year = int(text)
    years = [year] if len(text) == 4 else [1900 + year, 2000 + year]
    return [one for one in years if 1880 <= one <= today.year]
