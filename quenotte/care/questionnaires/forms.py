"""Questions as a page shows them, and answers as a form sends them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from quenotte.care.questionnaires import rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.questionnaires.operations import Signing
from quenotte.care.questionnaires.questions import Question, Section, Sort
from quenotte.care.questionnaires.rules import Answer, Answers, Facts


@dataclass(frozen=True)
class Option:
    """One answer to choose; ``leads_on``: it opens the questions that follow."""

    value: str
    words: str
    is_chosen: bool
    leads_on: bool


@dataclass(frozen=True)
class Shown:
    """A question on the page, with what was answered."""

    key: str
    text: str
    sort: str
    hint: str
    value: str
    is_needed: bool
    is_wrong: bool
    options: list[Option] = field(default_factory=list)
    follow_ups: "list[Shown]" = field(default_factory=list)


def shown(section: Section, facts: Facts, answers: Answers, *, wrong: bool = False) -> list[Shown]:
    """Return the questions of a screen; ``wrong`` marks those that wait for an answer."""
    missing = rules.missing_in(section, facts, answers) if wrong else []
    return [_shown(one, answers, one in missing) for one in rules.asked_in(section, facts)]


def read(section: Section, facts: Facts, sent: QueryDict) -> dict[str, Answer]:
    """Return what a form says of the questions of a screen."""
    return dict(_read(section, facts, sent))


def seen_of(sent: QueryDict) -> rules.Seen:
    """Return what the page that sends knew when it was opened; nothing when it does not say."""
    try:
        known = json.loads(sent.get("vu", ""))
    except ValueError:
        known = None
    if not isinstance(known, dict) or not isinstance(known.get("base"), dict):
        return rules.Seen()
    words = {name: str(known.get(name, ""))[:40] for name in ("page", "tablet", "sent")}
    return rules.Seen(**words, base=known["base"])


def signing_of(sent: QueryDict, facts: Facts) -> Signing:
    """Return who signs and how; how is empty when nothing says it."""
    signed, drawing = "", sent.get("signature", "")
    if sent.get("refus"):
        signed = Questionnaire.Signed.REFUSED
    elif drawing:
        signed = Questionnaire.Signed.DRAWN
    elif sent.get("accord"):
        signed = Questionnaire.Signed.TYPED
    usual = Questionnaire.Signer.GUARDIAN if facts.is_minor else Questionnaire.Signer.PATIENT
    signer = sent.get("signataire", usual)
    return Signing(signer=signer, name=sent.get("nom", ""), signed=signed, drawing=drawing)


def _read(section: Section, facts: Facts, sent: QueryDict) -> Iterator[tuple[str, Answer]]:
    for question in rules.asked_in(section, facts):
        for one in (question, *question.follow_ups):
            answer = rules.answer_of(one, sent.getlist(one.key))
            if answer is not None:
                yield one.key, answer


def _shown(question: Question, answers: Answers, is_wrong: bool) -> Shown:
    answer = answers.get(question.key)
    given = answer if isinstance(answer, list) else [answer]
    return Shown(
        key=question.key,
        text=_(question.text),
        sort=question.sort.value,
        hint=_(question.hint) if question.hint else "",
        value=answer if isinstance(answer, str) and question.is_written else "",
        is_needed=question.is_needed,
        is_wrong=is_wrong,
        options=[
            Option(value, _(words), value in given, rules.leads_on(question, _one(question, value)))
            for value, words in question.options
        ],
        follow_ups=[_shown(one, answers, False) for one in question.follow_ups],
    )


def _one(question: Question, value: str) -> Answer:
    return [value] if question.sort is Sort.SOME else value
