"""The sheet of a questionnaire: signed, for the documents of the record, or to fill by hand."""

import logging
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Actor
from quenotte.base.practice.queries import practice as practice_named
from quenotte.care.documents import operations as documents
from quenotte.care.patients.queries import born_word, summary_of
from quenotte.care.questionnaires import queries, rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.questionnaires.questions import Definition, Question
from quenotte.kernel.phones import display_phone

logger = logging.getLogger(__name__)

#: Sheets that one run of the worker makes: it has other work.
_AT_ONCE: Final = 50
_TEMPLATE: Final = "care/paper/questionnaire.typ"


def keep_paper(*, actor: Actor, questionnaire_id: UUID) -> UUID:
    """Keep the PDF of a questionnaire that was sent; return its document. Done once.

    Apart from the sending, which no paper may hold up: whoever opens it later makes it.

    Raises: CannotPrint.
    """
    found = queries.by_id(questionnaire_id)
    if found.document_id is not None:
        return found.document_id
    assert found.sent_at is not None
    content = documents.set_paper(_TEMPLATE, _filled(found), made_at=found.sent_at)
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(id=found.id)
        if locked.document_id is None:
            kept = documents.keep(
                actor=actor,
                patient_id=locked.patient_id,
                kind="questionnaire",
                title=_("Questionnaire médical"),
                content=content,
                content_type="application/pdf",
                dated_on=timezone.localdate(found.sent_at),
                source=f"questionnaire:{found.id}",
            )
            locked.document_id = kept.id
            locked.save(update_fields=["document_id"])
    assert locked.document_id is not None
    return locked.document_id


def try_paper(*, actor: Actor, questionnaire_id: UUID) -> bool:
    """Keep the PDF if it can be made now; what was sent stands without it, and an hour later
    ``keep_missing_papers`` tries again.
    """
    try:
        keep_paper(actor=actor, questionnaire_id=questionnaire_id)
    except documents.CannotPrint:
        logger.warning("Paper of questionnaire %s is not made yet", questionnaire_id)
        return False
    return True


def keep_missing_papers() -> int:
    """Keep the PDFs that a kill or an error left out; return how many are kept now."""
    kept = 0
    for found in queries.without_paper(_AT_ONCE):
        actor = Actor(None, "Système", found.patient.practice_id, "", "system")
        kept += try_paper(actor=actor, questionnaire_id=found.id)
    return kept


def paper_of(*, questionnaire_id: UUID) -> bytes:
    """Return the PDF of a questionnaire that was sent: the same bytes each time."""
    found = queries.by_id(questionnaire_id)
    assert found.sent_at is not None
    return documents.set_paper(_TEMPLATE, _filled(found), made_at=found.sent_at)


def blank_paper(*, practice_id: UUID, patient_id: UUID) -> bytes:
    """Return the PDF of a questionnaire to fill by hand, for who cannot use a screen."""
    person = queries.person(patient_id, practice_id)
    asked = rules.definition_for(person.facts)
    patient = queries.patient(patient_id, practice_id)
    sections = [
        {
            "title": _(section.title),
            "rows": [
                _blank_row(question)
                for top in rules.asked_in(section, person.facts)
                for question in (top, *top.follow_ups)
            ],
        }
        for section in rules.sections_for(asked, person.facts)
    ]
    now = timezone.now()
    data = {**_sheet(patient, asked), "sections": sections, "signer": "", "signature": ""}
    data["place_and_date"] = _("Date : …………………")
    data["told"] = _("Signature du patient ou du représentant légal")
    return documents.set_paper(_TEMPLATE, data, made_at=now)


def _filled(found: Questionnaire) -> dict[str, Any]:
    asked = rules.definition(found.name, found.version)
    sections = [
        {"title": _(section.title), "rows": list(_rows(section.walk(), found))}
        for section in asked.sections
    ]
    assert found.sent_at is not None
    when = date_format(timezone.localtime(found.sent_at), "j F Y, G \\h i")
    return {
        **_sheet(found.patient, asked),
        "place_and_date": when,
        "sections": [one for one in sections if one["rows"]],
        "signature": found.signature,
        "told": signed_words(found, when),
    }


def signed_words(found: Questionnaire, when: str) -> str:
    """Return who signed, how and when, in one line."""
    if found.signed == Questionnaire.Signed.REFUSED:
        return _("A refusé de signer, le %(when)s") % {"when": when}
    how = found.get_signed_display().lower()
    who = found.get_signer_display().lower()
    return _("%(name)s (%(who)s) · %(how)s, le %(when)s") % {
        "name": found.signer_name,
        "who": who,
        "how": how,
        "when": when,
    }


def _rows(questions: Any, found: Questionnaire) -> Any:
    for question in questions:
        answer = found.answers.get(question.key)
        if answer:
            yield {"question": _(question.text), "answer": words_on_screen(question, answer)}


def words_on_screen(question: Question | None, answer: rules.Answer | None) -> str:
    """Return an answer in the language of the reader."""
    if question is None or not answer:
        return ""
    if question.is_written:
        return str(answer)
    given = answer if isinstance(answer, list) else [answer]
    return ", ".join(_(words) for value, words in question.options if value in given)


def _blank_row(question: Question) -> dict[str, str]:
    # A box and its words stay on one line.
    words = (_(text).replace(" ", "\u00a0") for _value, text in question.options)
    boxes = "   ".join(f"☐\u00a0{one}" for one in words)
    return {"question": _(question.text), "answer": boxes or "…" * 24}


def _sheet(patient: Any, asked: Definition) -> dict[str, Any]:
    practice = practice_named(patient.practice_id)
    summary = summary_of(patient)
    born = f"{born_word(patient.sex)} {summary.birth}" if summary.birth else ""
    lines = [practice.address, f"{practice.postcode} {practice.town}".strip()]
    lines.append(display_phone(practice.phone) if practice.phone else "")
    return {
        "title": _(asked.title),
        "subtitle": _("Version %(number)s") % {"number": asked.version},
        "author": {"name": practice.name, "lines": []},
        "practice": {"name": "", "lines": lines},
        "patient": {
            "name": patient.full_name,
            "lines": [f"{born} · n° {patient.file_number}".strip(" ·")],
        },
        "foot": _("Couvert par le secret médical."),
    }
