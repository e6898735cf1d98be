"""What a questionnaire is made of: sections, questions, and what follows a « oui »."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_noop as _


class Sort(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    ONE = "one"
    SOME = "some"
    LINE = "line"
    TEXT = "text"


class Asked(StrEnum):
    """Of whom a question is asked."""

    EVERYBODY = ""
    MAY_BE_PREGNANT = "may_be_pregnant"
    FROM_TWELVE = "from_twelve"


YES: Final = "oui"
NO: Final = "non"
UNKNOWN: Final = "nsp"

#: The three answers to a plain question: not to know is an answer.
YES_NO: Final = ((YES, _("Oui")), (NO, _("Non")), (UNKNOWN, _("Je ne sais pas")))


@dataclass(frozen=True)
class Question:
    """One question; ``follow_ups`` are asked once it is answered by « oui » or any choice."""

    key: str
    text: str
    sort: Sort = Sort.YES_NO
    choices: tuple[tuple[str, str], ...] = ()
    follow_ups: "tuple[Question, ...]" = ()
    hint: str = ""
    asked: Asked = Asked.EVERYBODY
    is_needed: bool = True

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The answers to choose from; none where one writes."""
        return YES_NO if self.sort is Sort.YES_NO else self.choices

    @property
    def is_written(self) -> bool:
        """Whether it is answered in one's own words."""
        return self.sort in {Sort.LINE, Sort.TEXT}


@dataclass(frozen=True)
class Section:
    """A screen of a tablet: questions that go together."""

    key: str
    title: str
    questions: tuple[Question, ...]
    lead: str = ""

    def walk(self) -> Iterator[Question]:
        """Yield each question, those that follow another one right after it."""
        for question in self.questions:
            yield question
            yield from question.follow_ups


@dataclass(frozen=True)
class Definition:
    """A version of a questionnaire; one that was answered keeps the version it was answered in."""

    name: str
    version: int
    title: str
    sections: tuple[Section, ...]

    def walk(self) -> Iterator[Question]:
        """Yield all its questions in their order on paper."""
        for section in self.sections:
            yield from section.walk()

    def question(self, key: str) -> Question | None:
        """Return the question of a key, None when this version does not ask it."""
        return next((one for one in self.walk() if one.key == key), None)


def line(key: str, text: str, hint: str = "") -> Question:
    """Return a question answered in a few words, which nobody has to answer."""
    return Question(key, text, Sort.LINE, hint=hint, is_needed=False)


def text(key: str, words: str, hint: str = "") -> Question:
    """Return a question answered in sentences, which nobody has to answer."""
    return Question(key, words, Sort.TEXT, hint=hint, is_needed=False)
