"""Pure decisions about recalls: when a patient is due, and what may be written to her."""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from quenotte.care.chart.rules import KINDS, Kind
from quenotte.kernel.dates import age_years
from quenotte.kernel.health_words import health_words
from quenotte.kernel.names import fold

#: A recall is on the list this long before its day, so that there is time to call.
LEAD: Final = timedelta(days=30)
#: A visit that nobody ended may be going on, or be ended the next morning, or after a Sunday.
UNENDED: Final = timedelta(days=3)
#: Months after which who does not come any more is let alone.
FORGET_AFTER: Final = 36
#: An age that nobody exceeds.
OLDEST: Final = 150
#: What may stand between braces, by its folded name.
PLACEHOLDERS: Final = {
    "prenom": "prénom",
    "nom": "nom",
    "cabinet": "cabinet",
    "telephone": "téléphone",
}
#: Longest texts, in characters; a short message of more parts is paid for nothing.
LONGEST: Final = {"letter": 3_000, "mail": 2_000, "sms": 459}
LONGEST_SUBJECT: Final = 120

_BRACED: Final = re.compile(r"\{([^{}\n]*)\}")


class Trigger(StrEnum):
    """What an interval is counted from. Values are stored."""

    VISIT = "visit"
    ACT = "act"
    CHART = "chart"
    PERIO = "perio"


class Channel(StrEnum):
    """How somebody was, or will be, reached. Values are stored."""

    PHONE = "phone"
    LETTER = "letter"
    MAIL = "mail"
    SMS = "sms"


class Result(StrEnum):
    """How an attempt ended. Values are stored."""

    NO_ANSWER = "no_answer"
    LEFT_WORD = "left_word"
    WRITTEN = "written"
    THINKS = "thinks"
    BOOKED = "booked"
    DECLINED = "declined"


#: Results that end a recall, with the reason that is kept.
ENDING: Final = {Result.BOOKED: "booked", Result.DECLINED: "declined"}


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule: months after the last time; ages in whole years, both included."""

    months: int
    min_age: int = 0
    max_age: int = OLDEST
    forget_after_months: int = FORGET_AFTER

    @property
    def is_for_all(self) -> bool:
        """Whether nobody is too young or too old for it."""
        return self.min_age == 0 and self.max_age >= OLDEST

    def is_for_age(self, age: int) -> bool:
        """Whether it is meant for somebody of this age."""
        return self.min_age <= age <= self.max_age


@dataclass(frozen=True, slots=True)
class Situation:
    """One patient under one rule.

    ``months`` is what was agreed with her (None: as the rule says, 0: she is never recalled);
    ``closed_on`` when her last recall under this rule ended, ``seen_on`` the day of her last
    visit, for whatever it was; ``born_on`` is None where nobody gave it.
    """

    last_on: date
    born_on: date | None
    months: int | None = None
    closed_on: date | None = None
    seen_on: date | None = None


def due_on(terms: Terms, known: Situation, today: date) -> date | None:
    """Return the day on which she is due, None when she is not within ``LEAD`` of it.

    A recall that ended counts as the last time: who declined is not asked again next week.
    Who has not come for ``forget_after_months`` has left, and is let alone. Ages are asked only
    of those whose birth is known.
    """
    months = terms.months if known.months is None else known.months
    # A longer interval is waited for, and a year more.
    forget_after = max(terms.forget_after_months, months + 12)
    if months == 0 or has_left(
        max(known.last_on, known.seen_on or known.last_on), forget_after, today
    ):
        return None
    if known.born_on and not terms.is_for_age(age_years(known.born_on, today)):
        return None
    day = add_months(max(known.last_on, known.closed_on or known.last_on), months)
    return day if day - LEAD <= today else None


def lead_by_hand(asked_on: date, due_on: date) -> timedelta:
    """Return how long before its day a visit counts as the one that was asked for by hand.

    Of a short time no more than its second half: who is to be looked at in three weeks comes
    today or tomorrow for something else.
    """
    return min(LEAD, timedelta(days=max(due_on - asked_on, timedelta()).days // 2))


def has_left(last_on: date, forget_after_months: int, today: date) -> bool:
    """Tell whether somebody was last here so long ago that she is let alone."""
    return add_months(last_on, forget_after_months) < today


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month where there is none."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


class Fault(StrEnum):
    """Why a text is refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault, in which field, and the word that it is about."""

    fault: Fault
    field: str
    word: str = ""


def problems(channel: str, subject: str, text: str) -> list[Problem]:
    """Return what is wrong with a text that will be sent; empty when nothing is.

    No text may say anything of a person's health: it travels in the open.
    """
    fields = {"text": text} if channel == Channel.SMS else {"subject": subject, "text": text}
    limits = {"subject": LONGEST_SUBJECT, "text": LONGEST[channel]}
    return [one for name, words in fields.items() for one in _problems(name, words, limits[name])]


def _problems(field: str, text: str, limit: int) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(Fault.EMPTY, field)
    if len(text) > limit:
        yield Problem(Fault.TOO_LONG, field, str(limit))
    for name in _BRACED.findall(text):
        if fold(name) not in PLACEHOLDERS:
            yield Problem(Fault.UNKNOWN, field, name.strip())
    for word in health_words(fold(_BRACED.sub(" ", text)).split()):
        yield Problem(Fault.HEALTH, field, word)


def written(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its braces filled; ``values`` by folded name of the placeholder."""
    return _BRACED.sub(lambda found: " ".join(values[fold(found[1])].split()), text)


#: The texts of a practice that has written none: channel -> subject, text. A parent may read them
#: for a child, and they fit everybody.
DEFAULT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    Channel.LETTER: (
        "Votre prochain rendez-vous",
        (
            "Bonjour,\n\nIl est temps de prendre un rendez-vous au cabinet pour {prénom} {nom}, "
            "au {téléphone} ou à l’accueil.\n\n"
            "Si un rendez-vous est déjà pris, ne tenez pas compte de ce courrier.\n\n"
            "À bientôt,\n{cabinet}"
        ),
    ),
    Channel.MAIL: (
        "{cabinet} : prendre rendez-vous",
        (
            "Bonjour,\n\nIl est temps de prendre un rendez-vous au cabinet pour {prénom} : "
            "appelez le {téléphone}.\n\nÀ bientôt,\n{cabinet}"
        ),
    ),
    Channel.SMS: (
        "",
        "{cabinet} : il est temps de reprendre rendez-vous. Appelez le {téléphone}.",
    ),
}


@dataclass(frozen=True, slots=True)
class FirstRule:
    """A rule as it comes with the product; ``matches`` are act codes or kinds of the chart."""

    name: str
    trigger: Trigger
    terms: Terms
    matches: tuple[str, ...] = ()


#: The rules of a practice that has made none.
FIRST_RULES: Final = (
    FirstRule("Visite de contrôle", Trigger.VISIT, Terms(12, min_age=18)),
    FirstRule("Visite de contrôle (enfant)", Trigger.VISIT, Terms(6, max_age=17)),
    FirstRule("Suivi parodontal", Trigger.PERIO, Terms(3)),
    FirstRule("Contrôle d’implant", Trigger.CHART, Terms(12), ("implant",)),
)


def codes_of(text: str) -> tuple[str, ...]:
    """Return the codes of a typed list: separated by spaces or commas, each once."""
    return tuple(dict.fromkeys(word for word in re.split(r"[\s,;]+", text.strip()) if word))


class UnknownKind(ValueError):
    """What was typed is nothing that the chart shows; the words say which."""


def kinds_of(text: str) -> str:
    """Return what a rule keeps of « implant, couronne »: kinds of the chart, separated by spaces.

    Raises: UnknownKind.
    """
    known = {fold(str(words)): kind for kind, words in KINDS.items()}
    known |= {kind.value: kind for kind in Kind}
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        # Several words of one kind, or kinds that a space parts.
        for word in [part] if fold(part) in known or part in known else part.split():
            kind = known.get(fold(word)) or known.get(word)
            if kind is None:
                words = _("« %(word)s » n’est rien que montre le schéma. Par exemple : %(some)s.")
                some = ", ".join(str(KINDS[one]) for one in (Kind.IMPLANT, Kind.CROWN, Kind.BRIDGE))
                raise UnknownKind(words % {"word": word, "some": some})
            found.append(kind.value)
    return " ".join(dict.fromkeys(found))


def kinds_fr(kept: str) -> str:
    """Return the kinds that a rule keeps as people write them: « implant, couronne »."""
    return ", ".join(str(KINDS[Kind(word)]) if word in set(Kind) else word for word in kept.split())


#: A shorter word says nothing of what a visit is for.
_SHORTEST_WORD: Final = 5


def nearest(reason: str, names: Sequence[str]) -> int | None:
    """Return which of the names shares most words with a reason, the first of equals.

    None when no name has any of its words: nobody guesses.
    """
    said = _telling(reason)
    shared = [len(said & _telling(name)) for name in names]
    best = max(shared, default=0)
    return shared.index(best) if best else None


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", fold(text)) if len(word) >= _SHORTEST_WORD}
