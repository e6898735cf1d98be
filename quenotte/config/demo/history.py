"""Medical questionnaires and consents of the demo: they say what the alerts of a record say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Final
from uuid import UUID

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.consents import operations as consents
from quenotte.care.consents.operations import Answer as Decision
from quenotte.care.patients.models import MedicalAlert, Patient
from quenotte.care.patients.rules import known_birth
from quenotte.care.questionnaires import rules
from quenotte.care.questionnaires.models import Questionnaire, RaisedAlert
from quenotte.care.questionnaires.questions import YES, Sort
from quenotte.care.questionnaires.rules import Answer, Facts
from quenotte.kernel.dates import age_years

_SEED: Final = 29
#: One record in so many has no questionnaire, has one to be read, or has an old one.
_NONE, _TO_REVIEW, _OLD = 4, 25, 6
_DRAWING: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120">'
    '<path d="M30 80Q50 20 70 70Q90 110 110 60Q130 30 150 75Q170 100 200 60L260 70"/></svg>'
)
#: (act, teeth, decision) of the consents that were sealed; one more waits to be read.
_CONSENTS: Final = (("implant", "36", "agreed"), ("wisdom", "38, 48", "refused"))


def fill(practice: Practice, people: Sequence[Patient], now: datetime) -> None:
    """Let most patients have answered, some long ago, and a few have decided."""
    random = Random(_SEED)  # noqa: S311 - invented data, not a secret
    dentist = Person.objects.get(practice=practice, username="alice")
    alerts: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for alert_id, patient_id, code in MedicalAlert.objects.values_list("id", "patient_id", "code"):
        alerts[patient_id][code] = alert_id
    codes = {patient_id: set(found) for patient_id, found in alerts.items()}
    rows = _questionnaires(random, people, codes, dentist, now)
    kept = Questionnaire.objects.bulk_create(rows, batch_size=1_000)
    RaisedAlert.objects.bulk_create(_raised(kept, alerts), batch_size=1_000)
    adults = (one for one in people if age_years(one.born_on, now.date()) > 30)
    _consents(dentist, list(islice(adults, 2)))


def _raised(
    kept: Iterable[Questionnaire], alerts: Mapping[UUID, Mapping[str, UUID]]
) -> Iterator[RaisedAlert]:
    """Say of which answer each alert of a record is told: the team had noted it before."""
    for row in kept:
        wanted = rules.wanted_alerts(rules.definition(row.name, row.version), row.answers)
        known = alerts.get(row.patient_id, {})
        found = {known[one.code]: one.question for one in reversed(wanted) if one.code in known}
        for alert_id, question in found.items():
            yield RaisedAlert(
                questionnaire=row, alert_id=alert_id, question=question, is_ours=False
            )


def _questionnaires(
    random: Random,
    people: Sequence[Patient],
    codes: Mapping[UUID, set[str]],
    dentist: Person,
    now: datetime,
) -> Iterator[Questionnaire]:
    for patient in people:
        draw = random.randrange(100)
        if draw % _NONE == 0:
            continue
        is_old, is_read = draw % _OLD == 0, draw % _TO_REVIEW != 0
        days = random.randrange(400, 700) if is_old else random.randrange(1, 350)
        sent_at = now - timedelta(days=days if is_read else random.randrange(0, 2), hours=1)
        yield _filled(patient, codes.get(patient.id, set()), dentist, sent_at, is_read=is_read)


def _filled(
    patient: Patient, codes: set[str], dentist: Person, sent_at: datetime, *, is_read: bool
) -> Questionnaire:
    known = known_birth(patient.born_on)
    facts = Facts(age_years(known, sent_at.date()) if known else None, patient.sex)
    asked = rules.definition_for(facts)
    return Questionnaire(
        patient=patient,
        name=asked.name,
        version=asked.version,
        state="reviewed" if is_read else "sent",
        answers=_answers(facts, codes),
        is_on_tablet=True,
        started_at=sent_at - timedelta(minutes=9),
        started_by=dentist,
        sent_at=sent_at,
        signer="guardian" if facts.is_minor else "patient",
        signer_name=patient.full_name,
        signed="typed",
        reviewed_at=sent_at + timedelta(minutes=20) if is_read else None,
        reviewed_by=dentist if is_read else None,
        reviewed_as=dentist.full_name if is_read else "",
    )


def _answers(facts: Facts, codes: set[str]) -> dict[str, Answer]:
    """Return answers by « non », but where the record has an alert."""
    said = {question for question, (code, _more) in rules.OF_YES.items() if code in codes}
    answers: dict[str, Answer] = {}
    asked = rules.definition_for(facts)
    for section in asked.sections:
        for one in rules.asked_in(section, facts):
            values = [value for value, _words in one.options]
            if one.sort is Sort.SOME:
                found = [value for value in values if value in codes]
                answers[one.key] = found or [values[-2]]
            elif values:
                answers[one.key] = YES if one.key in said else _usual(values)
    return answers


def _usual(values: list[str]) -> str:
    return "non" if "non" in values else values[min(2, len(values) - 1)]


def _consents(dentist: Person, people: Sequence[Patient]) -> None:
    actor = Actor(dentist.id, dentist.full_name, dentist.practice_id, "", "system")
    for patient, (act, teeth, decision) in zip(people, _CONSENTS, strict=False):
        row = consents.prepare(actor=actor, patient_id=patient.id, act=act, teeth=teeth, details="")
        given = Decision(decision, "patient", patient.full_name, "drawn", _DRAWING)
        consents.answer(actor=actor, consent_id=row.id, given=given)
        consents.countersign(actor=actor, consent_id=row.id, drawing=_DRAWING)
    for patient in people[:1]:
        consents.prepare(actor=actor, patient_id=patient.id, act="whitening", teeth="", details="")
