"""Reads of recalls: the list, one of them, the rules, the texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from quenotte.base.prepared import prepared
from quenotte.care.agenda import queries as agenda
from quenotte.care.patients.rules import known_birth
from quenotte.care.recalls import rules
from quenotte.care.recalls.models import (
    Recall,
    RecallAttempt,
    RecallChoice,
    RecallRule,
    RecallText,
)
from quenotte.kernel.dates import age_text
from quenotte.kernel.phones import display_phone

#: Lines of one page of the list.
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it is shown."""

    at: datetime
    by: str
    channel: str
    result: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One recall as a line of the list. ``is_let_alone``: may not be contacted, or is dead."""

    id: UUID
    patient_id: UUID
    name: str
    age: str
    phone: str
    dialled: str
    email: str
    address: str
    reason: str
    due_on: date
    is_late: bool
    is_let_alone: bool
    comes_at: datetime | None
    attempts: list[Attempt]
    closed_at: datetime | None
    closed_as: str
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of the list, and how many there are in all."""

    lines: list[Line]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.lines)


def to_call(practice_id: UUID, *, until: date, rule_id: UUID | None = None) -> Page:
    """Return who is to be asked back by a day, the longest due first.

    Those who have an appointment to come are left out; those who may not be contacted stand last.
    """
    rows = _to_call(practice_id, until=until)
    if rule_id is not None:
        rows = rows.filter(rule_id=rule_id)
    return Page(_lines(rows[:SHOWN]), rows.count())


def _to_call(practice_id: UUID, *, until: date) -> QuerySet[Recall]:
    rows = Recall.objects.filter(practice_id=practice_id, closed_at=None, due_on__lte=until)
    coming = agenda.next_of_each(rows.values_list("patient_id", flat=True), timezone.now())
    alive_first = F("patient__died_on").asc(nulls_first=True)
    in_order = rows.order_by("patient__do_not_contact", alive_first, "due_on", "id")
    return in_order.exclude(patient_id__in=list(coming))


def coming_anyway(practice_id: UUID) -> Page:
    """Return the open recalls of patients who have an appointment to come."""
    rows = Recall.objects.filter(practice_id=practice_id, closed_at=None)
    coming = agenda.next_of_each(rows.values_list("patient_id", flat=True), timezone.now())
    rows = rows.filter(patient_id__in=list(coming))
    return Page(_lines(rows[:SHOWN]), rows.count())


def closed(practice_id: UUID) -> Page:
    """Return the recalls that ended, the latest first."""
    rows = Recall.objects.filter(practice_id=practice_id, closed_at__isnull=False)
    return Page(_lines(rows.order_by("-closed_at")[:SHOWN]), rows.count())


def line_of(practice_id: UUID, recall_id: UUID) -> Line | None:
    """Return one line, None when it is not of this practice."""
    found = _lines(Recall.objects.filter(practice_id=practice_id, id=recall_id))
    return found[0] if found else None


def lines_of(practice_id: UUID, ids: Iterable[UUID]) -> list[Line]:
    """Return these open recalls, those of other practices left out."""
    rows = Recall.objects.filter(practice_id=practice_id, id__in=list(ids), closed_at=None)
    return _lines(rows)


def of_patient(patient_id: UUID) -> list[tuple[UUID, str, date]]:
    """Return the open recalls of a patient: id, reason, day."""
    rows = _rows_of_patient(patient_id)
    return [(row[0], row[1] or row[2], row[3]) for row in rows]


@prepared
def _rows_of_patient(patient_id: UUID) -> QuerySet[Recall, tuple[UUID, str | None, str, date]]:
    rows = Recall.objects.filter(patient_id=patient_id, closed_at=None).order_by("due_on")
    return rows.values_list("id", "rule__name", "reason", "due_on")[:10]


def history_of(patient_id: UUID) -> list[Line]:
    """Return all the recalls of a patient, the latest first."""
    return _lines(Recall.objects.filter(patient_id=patient_id).order_by("-due_on"))


def choices_of(patient_id: UUID) -> dict[UUID, int]:
    """Return what was agreed with a patient: rule -> months, 0 for none."""
    rows = RecallChoice.objects.filter(patient_id=patient_id)
    return dict(rows.values_list("rule_id", "months"))


def rules_of(practice_id: UUID) -> QuerySet[RecallRule]:
    """Return the rules of a practice."""
    return RecallRule.objects.filter(practice_id=practice_id)


def text_of(practice_id: UUID, channel: str) -> tuple[str, str, int]:
    """Return subject, text and version; the product's own, version 0, until it is written."""
    found = RecallText.objects.filter(practice_id=practice_id, channel=channel).first()
    if found is None:
        return (*rules.DEFAULT_TEXTS[channel], 0)
    return found.subject, found.text, found.version


def count_due(practice_id: UUID, today: date) -> int:
    """Return how many patients are due by now and have no appointment to come."""
    return _to_call(practice_id, until=today + timedelta(days=7)).count()


def _lines(rows: QuerySet[Recall]) -> list[Line]:
    attempts = Prefetch("attempts", RecallAttempt.objects.select_related("by"))
    found = list(rows.select_related("patient", "rule").prefetch_related(attempts))
    coming = agenda.next_of_each({row.patient_id for row in found}, timezone.now())
    today = timezone.localdate()
    return [_line(row, coming.get(row.patient_id), today) for row in found]


def _line(row: Recall, comes_at: datetime | None, today: date) -> Line:
    patient = row.patient
    return Line(
        id=row.id,
        patient_id=patient.id,
        name=patient.full_name,
        age=age_text(patient.born_on, today) if known_birth(patient.born_on) else "",
        phone=display_phone(patient.phone) if patient.phone else "",
        dialled=patient.phone,
        email=patient.email,
        address=patient.address,
        reason=row.rule.name if row.rule else row.reason,
        due_on=row.due_on,
        is_late=row.due_on < today,
        is_let_alone=not patient.may_be_contacted,
        comes_at=comes_at,
        attempts=[_attempt(one) for one in row.attempts.all()],
        closed_at=row.closed_at,
        closed_as=row.get_closed_as_display(),
        version=row.version,
    )


def _attempt(row: RecallAttempt) -> Attempt:
    return Attempt(
        row.at, row.by.full_name, row.get_channel_display(), row.get_result_display(), row.note
    )
