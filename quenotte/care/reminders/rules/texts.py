"""The words of a message: what a template may hold, and what becomes of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from quenotte.care.reminders.rules.states import ASKING, Channel
from quenotte.devices.sms.alphabets import measure, simplified
from quenotte.kernel.dates import DAYS, MONTHS
from quenotte.kernel.health_words import health_words
from quenotte.kernel.names import fold

#: What may stand between braces, by its folded name. The reason of the appointment has none.
PLACEHOLDERS: Final = {
    "prenom": "prénom",
    "date": "date",
    "heure": "heure",
    "cabinet": "cabinet",
    "telephone": "téléphone",
    "lien": "lien",
}
#: Longest texts, in characters.
LONGEST: Final = {Channel.MAIL: 2_000, Channel.SMS: 459}
LONGEST_SUBJECT: Final = 120
#: More parts than that are paid for nothing.
MOST_SEGMENTS: Final = 3

_BRACED: Final = re.compile(r"\{([^{}\n]*)\}")
_ADDRESS: Final = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|fr|net|org|io|ly|me)\b", re.IGNORECASE
)


class Fault(StrEnum):
    """Why a template is refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    BRACE = "brace"
    HEALTH = "health"
    MISSING = "missing"
    ADDRESS = "address"
    NO_LINK_HERE = "no_link_here"
    SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault, in which field, and the word that it is about."""

    fault: Fault
    field: str = "text"
    word: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """What takes the place of the braces."""

    first_name: str
    starts_at: datetime
    practice: str
    phone: str
    link: str

    @property
    def values(self) -> Mapping[str, str]:
        """The values by folded name of the placeholder."""
        return {
            "prenom": self.first_name,
            "date": spoken_date(self.starts_at),
            "heure": spoken_time(self.starts_at),
            "cabinet": self.practice,
            "telephone": self.phone,
            "lien": self.link,
        }


@dataclass(frozen=True, slots=True)
class Written:
    """A message ready to leave."""

    subject: str
    text: str


def problems(channel: str, kind: str, *, subject: str, text: str) -> list[Problem]:
    """Return what is wrong with a template, the most serious first; empty when nothing is."""
    fields = {"subject": subject} if channel == Channel.MAIL else {}
    found = [
        problem
        for name, words in (fields | {"text": text}).items()
        for problem in _problems_of(name, words, channel)
    ]
    return found + list(_problems_together(channel, kind, subject, text))


def written(channel: str, *, subject: str, text: str, filling: Filling) -> Written:
    """Return the message; ``filling.starts_at`` is local.

    Without a link (the practice has no public address) a line that holds ``{lien}`` becomes the
    one that asks to telephone.
    """
    lines = [_line(line, filling) for line in text.replace("\r\n", "\n").strip().split("\n")]
    words = "\n".join(lines)
    if channel == Channel.SMS:
        return Written("", simplified(words))
    return Written(_filled(subject.strip(), filling.values), words + "\n")


def spoken_date(local: datetime) -> str:
    """Return « mercredi 3 avril » (« 1er » on the first of a month)."""
    number = "1er" if local.day == 1 else str(local.day)
    return f"{DAYS[local.weekday()]} {number} {MONTHS[local.month - 1]}"


def spoken_time(local: datetime) -> str:
    """Return « 14h30 », « 9h » on the hour."""
    return f"{local.hour}h{local.minute:02d}" if local.minute else f"{local.hour}h"


def _problems_of(field: str, text: str, channel: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(Fault.EMPTY, field)
    limit = LONGEST_SUBJECT if field == "subject" else LONGEST[Channel(channel)]
    if len(text) > limit:
        yield Problem(Fault.TOO_LONG, field, str(limit))
    for name in _BRACED.findall(text):
        if fold(name) not in PLACEHOLDERS:
            yield Problem(Fault.UNKNOWN, field, name.strip())
    bare = _BRACED.sub(" ", text)
    if "{" in bare or "}" in bare:
        yield Problem(Fault.BRACE, field)
    for word in health_words(fold(bare).split()):
        yield Problem(Fault.HEALTH, field, word)
    if found := _ADDRESS.search(bare):
        yield Problem(Fault.ADDRESS, field, found[0])


def _problems_together(channel: str, kind: str, subject: str, text: str) -> Iterator[Problem]:
    names = _names(text)
    for wanted in ("date", "heure"):
        if wanted not in names:
            yield Problem(Fault.MISSING, "text", PLACEHOLDERS[wanted])
    if "lien" in names and kind not in ASKING:
        yield Problem(Fault.NO_LINK_HERE)
    if "lien" in _names(subject):
        yield Problem(Fault.NO_LINK_HERE, "subject")
    # What cannot be filled cannot be measured.
    is_measured = channel == Channel.SMS and names <= PLACEHOLDERS.keys()
    if is_measured and measure(sample(channel, text=text).text).segments > MOST_SEGMENTS:
        yield Problem(Fault.SEGMENTS, "text", str(MOST_SEGMENTS))


#: What a preview is filled with: an invented patient with names of a usual length.
SAMPLE: Final = Filling(
    first_name="Marie-Hélène",
    starts_at=datetime(2026, 9, 23, 14, 30),  # noqa: DTZ001 - already local
    practice="Cabinet des Quenottes",
    phone="02 61 91 12 34",
    link="https://rappels.cabinet.example/r/a1B2c3D4e5F6g7H8i9J0kL/",
)


def sample(channel: str, *, text: str, subject: str = "", filling: Filling = SAMPLE) -> Written:
    """Return what a template looks like for the invented patient."""
    return written(channel, subject=subject, text=text, filling=filling)


def _names(text: str) -> set[str]:
    return {fold(name) for name in _BRACED.findall(text)}


def _line(line: str, filling: Filling) -> str:
    if not filling.link and "lien" in _names(line):
        if not filling.phone:
            return "Pour confirmer ou déplacer ce rendez-vous, appelez le cabinet."
        return f"Pour confirmer ou déplacer ce rendez-vous, appelez le {filling.phone}."
    return _filled(line, filling.values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    # One pass: a first name that holds braces is not read again. Nobody's name breaks a line.
    return _BRACED.sub(lambda found: " ".join(values[fold(found[1])].split()), text)
