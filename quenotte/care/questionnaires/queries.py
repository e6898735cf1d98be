"""Reads of questionnaires: which counts, what it says, who must be asked again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.prepared import prepared
from quenotte.base.tablets.queries import Taken, newest_taken
from quenotte.care.patients.queries import of_practice
from quenotte.care.patients.rules import known_birth
from quenotte.care.questionnaires import rules
from quenotte.care.questionnaires.models import Questionnaire, RaisedAlert
from quenotte.care.questionnaires.rules import Facts
from quenotte.kernel.dates import age_years
from quenotte.kernel.weights import weight_kg

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: What the link of a tablet is about.
PURPOSE = "questionnaire"

_SENT = ("sent", "reviewed")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: one of the words of ``rules``, and since when."""

    word: str
    sent_at: datetime | None = None
    reviewed_as: str = ""
    questionnaire_id: UUID | None = None

    @property
    def is_missing(self) -> bool:
        """Whether somebody must be asked (again)."""
        return self.word in {rules.NEVER, rules.OLD}

    @property
    def is_to_review(self) -> bool:
        """Whether answers were sent that no practitioner has read."""
        return self.word == rules.TO_REVIEW


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked, as the questions need it."""

    id: UUID
    practice_id: UUID
    first_name: str
    birth_year: str
    facts: Facts


def person(patient_id: UUID, practice_id: UUID) -> Person:
    """Return who is asked: a first name, a year, and what decides which questions make sense."""
    found = patient(patient_id, practice_id)
    known = known_birth(found.born_on)
    return Person(
        id=found.id,
        practice_id=found.practice_id,
        first_name=found.used_first_name or found.first_birth_first_name,
        birth_year=str(known.year) if known else "",
        facts=Facts(age_years(known, timezone.localdate()) if known else None, found.sex),
    )


def of_patient(patient_id: UUID) -> list[Questionnaire]:
    """Return the questionnaires that were sent, the newest first."""
    rows = Questionnaire.objects.filter(patient_id=patient_id, state__in=_SENT)
    return list(rows.order_by("-sent_at"))


def one_of(patient_id: UUID, questionnaire_id: UUID) -> Questionnaire | None:
    """Return one questionnaire of a patient that was sent."""
    rows = Questionnaire.objects.filter(patient_id=patient_id, state__in=_SENT)
    return rows.filter(id=questionnaire_id).first()


def before(found: Questionnaire) -> Questionnaire | None:
    """Return the questionnaire that was sent before this one."""
    rows = Questionnaire.objects.filter(patient_id=found.patient_id, state__in=_SENT)
    return rows.filter(sent_at__lt=found.sent_at).order_by("-sent_at").first()


def begun(patient_id: UUID) -> Questionnaire | None:
    """Return the questionnaire that is being filled, None when there is none."""
    rows = Questionnaire.objects.filter(patient_id=patient_id, state="open")
    return rows.order_by("-started_at").first()


def by_id(questionnaire_id: UUID) -> Questionnaire:
    """Return a questionnaire whatever its state; a link of ours leads to it."""
    return Questionnaire.objects.select_related("patient").get(id=questionnaire_id)


def standing(patient_id: UUID) -> Standing:
    """Return where a record stands today."""
    return standings([patient_id])[patient_id]


def standings(patient_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Return where some records stand today; one query."""
    wanted = list(dict.fromkeys(patient_ids))
    found = {one: Standing(rules.NEVER) for one in wanted}
    if not wanted:
        return found
    today = timezone.localdate()
    rows = Questionnaire.objects.filter(patient_id__in=wanted, state__in=_SENT)
    columns = ("patient_id", "sent_at", "state", "reviewed_as", "id")
    for patient_id, sent_at, state, who, ident in rows.order_by("sent_at").values_list(*columns):
        assert sent_at is not None
        word = rules.freshness(
            timezone.localdate(sent_at), is_reviewed=state == "reviewed", today=today
        )
        found[patient_id] = Standing(word, sent_at, who, ident)
    return found


def alerts_raised(questionnaire_id: UUID) -> dict[UUID, str]:
    """Return the alerts that answers raised: alert -> question."""
    rows = RaisedAlert.objects.filter(questionnaire_id=questionnaire_id)
    return dict(rows.values_list("alert_id", "question"))


def alerts_of_earlier(found: Questionnaire) -> set[UUID]:
    """Return the alerts that hold because an earlier questionnaire said so, and this one denies."""
    raised = RaisedAlert.objects.filter(
        questionnaire__patient_id=found.patient_id, alert__ended_at=None, is_ours=True
    )
    earlier = raised.exclude(questionnaire_id=found.id).values_list("alert_id", "question")
    asked = rules.definition(found.name, found.version)
    denied = {alert for alert, key in earlier if rules.denies(asked, found.answers, key)}
    doubtful = {alert for alert, key in earlier if not rules.denies(asked, found.answers, key)}
    return denied - doubtful - set(alerts_raised(found.id))


def raised_by_us(patient_id: UUID) -> set[UUID]:
    """Return the alerts of a record that any questionnaire raised."""
    rows = RaisedAlert.objects.filter(questionnaire__patient_id=patient_id, is_ours=True)
    return set(rows.values_list("alert_id", flat=True))


def patient(patient_id: UUID, practice_id: UUID) -> "Patient":
    """Return the patient herself, for a sheet that names her."""
    return of_practice(practice_id).get(id=patient_id)


def sent_before(
    patient_id: UUID, limit: int, before: datetime | None
) -> list[tuple[datetime, str, UUID]]:
    """Return when questionnaires were sent and who reviewed them, the newest first."""
    return [
        (at, who, ident) for at, who, ident in _sent_rows(patient_id) if not before or at < before
    ][:limit]


@prepared
def _sent_rows(patient_id: UUID) -> QuerySet[Questionnaire, tuple[Any, ...]]:
    rows = Questionnaire.objects.filter(patient_id=patient_id, state__in=_SENT)
    return rows.order_by("-sent_at").values_list("sent_at", "reviewed_as", "id")


def without_paper(limit: int) -> list[Questionnaire]:
    """Return the newest questionnaires, of any practice, that were sent and have no PDF kept."""
    rows = Questionnaire.objects.filter(state__in=_SENT, document_id=None)
    return list(rows.select_related("patient").order_by("-sent_at")[:limit])


def newest_tablet(patient_id: UUID) -> Taken | None:
    """Return the newest link that a tablet took about a questionnaire of a patient."""
    rows = Questionnaire.objects.filter(patient_id=patient_id, is_on_tablet=True)
    return newest_taken(PURPOSE, list(rows.values_list("id", flat=True)))


def seen_of(tablet: Taken | None) -> str:
    """Return how a page names the tablet that it knows of: empty when it knows none."""
    return str(tablet.id) if tablet else ""


def last_sent(patient_id: UUID) -> Questionnaire | None:
    """Return the questionnaire that was sent last, None when none was."""
    return next(iter(of_patient(patient_id)), None)


def told_weight(patient_id: UUID) -> tuple[Decimal, datetime] | None:
    """Return the weight that the last questionnaire says, in kilograms, and when it was sent."""
    sent = last_sent(patient_id)
    if sent is None or sent.sent_at is None:
        return None
    weight = weight_kg(str(sent.answers.get("poids") or ""))
    return (weight, sent.sent_at) if weight is not None else None


def name_of(sent: Questionnaire | None) -> str:
    """Return how a page names the last questionnaire that it knows of: empty when it knows none."""
    return str(sent.id) if sent else ""


def newest_on_tablet(patient_id: UUID) -> Questionnaire | None:
    """Return the questionnaire that a tablet was last handed over for."""
    rows = Questionnaire.objects.filter(patient_id=patient_id, is_on_tablet=True)
    return rows.order_by("-started_at").first()
