"""What somebody answered on a page that others overtook: set aside for her, taken up if she wants.

It waits among her drafts, beside the questionnaire that nobody writes over.
"""

import json
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import transaction

from quenotte.base.audit.rules import Actor
from quenotte.base.people import operations as drafts
from quenotte.base.people import queries as people
from quenotte.care.questionnaires import operations, rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.questionnaires.questions import Definition


def note_page(
    *, actor: Actor, patient_id: UUID, seen: rules.Seen, read: operations.Reader
) -> Questionnaire:
    """Keep what a page says; where others overtook it, set its changes aside, then refuse.

    Raises: as ``operations.note_page``.
    """
    try:
        return operations.note_page(actor=actor, patient_id=patient_id, seen=seen, read=read)
    except operations.FilledMeanwhile as refusal:
        if refusal.mine:
            text = json.dumps(refusal.mine, ensure_ascii=False)
            drafts.save_draft(person_id=actor.own_person_id, key=_key(patient_id), text=text)
        raise


def kept(*, actor: Actor, patient_id: UUID, found: Questionnaire) -> dict[str, rules.Answer]:
    """Return what this person had answered and that the questionnaire says otherwise."""
    row = people.draft(actor.own_person_id, _key(patient_id))
    asked = rules.definition(found.name, found.version)
    mine = _read(asked, row.text) if row else ()
    return {key: answer for key, answer in mine if found.answers.get(key, "") != answer}


@transaction.atomic
def take_up(
    *, actor: Actor, patient_id: UUID, seen: rules.Seen, keys: Collection[str]
) -> Questionnaire:
    """Put some of the answers that were set aside in the questionnaire, and forget the others.

    Raises: as ``operations.note_page``: what is taken up was compared with what is kept.
    """
    found = operations.draft_for(actor=actor, patient_id=patient_id)
    mine = kept(actor=actor, patient_id=patient_id, found=found)
    taken = {key: answer for key, answer in mine.items() if key in keys}
    if taken:
        said = {**rules.told(seen.base), **taken}
        found = operations.note_page(
            actor=actor,
            patient_id=patient_id,
            seen=seen,
            read=lambda section, _facts: {
                one.key: said[one.key] for one in section.walk() if said.get(one.key)
            },
        )
    forget(actor=actor, patient_id=patient_id)
    return found


def forget(*, actor: Actor, patient_id: UUID) -> None:
    """Forget what this person had set aside."""
    drafts.discard_draft(person_id=actor.own_person_id, key=_key(patient_id))


def _read(asked: Definition, text: str) -> Iterator[tuple[str, rules.Answer]]:
    """Yield the answers of a draft that are answers to something."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return
    for question in asked.walk():
        if question.key in said:
            given = said[question.key]
            given = given if isinstance(given, list) else [given]
            yield question.key, rules.answer_of(question, [str(one) for one in given]) or ""


def _key(patient_id: UUID) -> str:
    return f"questionnaire:{patient_id}"
