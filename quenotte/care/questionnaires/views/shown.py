"""Questionnaires made ready for a page: being filled, and read."""

import json
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Actor
from quenotte.base.tablets.queries import Taken
from quenotte.care.patients.queries import alerts_of
from quenotte.care.questionnaires import aside, forms, operations, papers, queries, rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.questionnaires.questions import Definition, Section


@dataclass(frozen=True)
class Filling:
    """A questionnaire in somebody's hands."""

    found: Questionnaire
    person: queries.Person
    asked: Definition
    sections: list[Section]

    @classmethod
    def looked_at(cls, actor: Actor, patient_id: UUID) -> "Filling":
        """Return what would be filled; to look begins nothing."""
        found = operations.draft_for(actor=actor, patient_id=patient_id)
        return cls.from_row(found, actor.own_practice_id)

    @classmethod
    def from_row(cls, found: Questionnaire, practice_id: UUID) -> "Filling":
        """Return what a questionnaire that was begun asks."""
        person = queries.person(found.patient_id, practice_id)
        asked = rules.definition(found.name, found.version)
        return cls(found, person, asked, rules.sections_for(asked, person.facts))

    def note(self, section: Section, sent: QueryDict) -> None:
        """Keep what a form says of one section."""
        answers = forms.read(section, self.person.facts, sent)
        kept = operations.note_answers(
            questionnaire_id=self.found.id, section=section, answers=answers
        )
        self.found.answers = kept.answers

    def part(self, section: Section, *, wrong: bool = False) -> dict[str, Any]:
        """Return one section as a page shows it."""
        facts, answers = self.person.facts, self.found.answers
        return {
            "key": section.key,
            "title": _(section.title),
            "lead": _(section.lead) if section.lead else "",
            "questions": forms.shown(section, facts, answers, wrong=wrong),
        }

    def seen(self, tablet: Taken | None) -> str:
        """Return what the page knows now, for the form to say it again."""
        known = rules.Seen(
            page=token_urlsafe(9),
            tablet=queries.seen_of(tablet),
            sent=queries.name_of(queries.last_sent(self.person.id)),
            base=rules.told(self.found.answers),
        )
        return json.dumps(asdict(known), ensure_ascii=False)

    def aside(self, actor: Actor) -> list[dict[str, str]]:
        """Return what this person had answered on a page that others overtook, beside theirs."""
        kept = aside.kept(actor=actor, patient_id=self.person.id, found=self.found)
        return [
            {
                "key": one.key,
                "question": _(one.text),
                "theirs": papers.words_on_screen(one, self.found.answers.get(one.key)),
                "mine": papers.words_on_screen(one, kept[one.key]),
            }
            for one in self.asked.walk()
            if one.key in kept
        ]

    def parts(self, *, wrong: bool = False) -> list[dict[str, Any]]:
        """Return all the sections as a page shows them."""
        return [self.part(section, wrong=wrong) for section in self.sections]

    def first_missing(self) -> int | None:
        """Return the first section in which an answer is missing."""
        facts, answers = self.person.facts, self.found.answers
        for number, section in enumerate(self.sections):
            if rules.missing_in(section, facts, answers):
                return number
        return None

    def summary(self) -> list[dict[str, Any]]:
        """Return what was answered, section by section."""
        answers = rules.tidied(self.asked, self.person.facts, self.found.answers)
        return answered(self.asked, answers)


def answered(asked: Definition, answers: rules.Answers) -> list[dict[str, Any]]:
    """Return the questions that were answered, by section, in words."""
    sections = []
    for section in asked.sections:
        rows = [
            {
                "question": _(one.text),
                "answer": papers.words_on_screen(one, answers[one.key]),
                "is_plain": answers[one.key] in ("non", ["aucun"], ["aucune"]),
            }
            for one in section.walk()
            if answers.get(one.key)
        ]
        if rows:
            sections.append({"title": _(section.title), "rows": rows})
    return sections


@dataclass(frozen=True)
class Read:
    """A questionnaire that was sent, as the practitioner reads it."""

    found: Questionnaire
    sections: list[dict[str, Any]]
    changes: list[dict[str, str]]
    before: Questionnaire | None
    unsure: list[str]
    alerts: list[Any]
    going: list[Any]
    # Allergies of the record that « aucune allergie connue » speaks against.
    against: list[Any]
    signed: str
    drawing: SafeString

    @classmethod
    def of(cls, found: Questionnaire) -> "Read":
        """Make a questionnaire ready to be read."""
        asked = rules.definition(found.name, found.version)
        before = queries.before(found)
        raised, gone = queries.alerts_raised(found.id), queries.alerts_of_earlier(found)
        shown = alerts_of(found.patient_id)
        assert found.sent_at is not None
        when = date_format(timezone.localtime(found.sent_at), "j F Y, G \\h i")
        return cls(
            found=found,
            sections=answered(asked, found.answers),
            changes=_changes(found, asked, before),
            before=before,
            unsure=[_(one.text) for one in rules.unsure(asked, found.answers)],
            alerts=[one for one in shown if one.id in raised],
            going=[one for one in shown if one.id in gone],
            against=[
                one
                for one in shown
                if one.kind == "allergy"
                and one.id not in gone
                and rules.says_no_allergy(found.answers)
            ],
            signed=papers.signed_words(found, when),
            # Written by kernel.signatures from numbers alone.
            drawing=SafeString(found.signature),
        )

    @property
    def is_to_review(self) -> bool:
        """Whether a practitioner has still to read it."""
        return self.found.state == Questionnaire.State.SENT


def _changes(
    found: Questionnaire, asked: Definition, before: Questionnaire | None
) -> list[dict[str, str]]:
    if before is None:
        return []
    old = rules.definition(before.name, before.version)
    changed = rules.differences(old, before.answers, asked, found.answers)
    return [
        {
            "question": _(one.question.text),
            "before": papers.words_on_screen(
                old.question(one.question.key), before.answers.get(one.question.key)
            ),
            "after": papers.words_on_screen(
                asked.question(one.question.key), found.answers.get(one.question.key)
            ),
        }
        for one in changed
    ]
