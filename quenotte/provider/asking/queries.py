"""Reading questions and how their answers stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from quenotte.kernel.posture.facts import KEYS, Fact, Source, Unknown
from quenotte.provider.asking.models import Asked, Question
from quenotte.provider.asking.rules import SUBJECTS, Standing, standing
from quenotte.provider.fleet import queries as fleet

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine
    from quenotte.provider.fleet.showing import Told


@dataclass(frozen=True)
class Row:
    """One machine of a question, how its answer stands, and what it said."""

    machine: "Machine"
    standing: Standing
    at: datetime | None
    facts: tuple["Told", ...]


@dataclass(frozen=True)
class Progress:
    """How far a question has come."""

    rows: list[Row]
    answered: int
    is_over: bool

    @property
    def count(self) -> int:
        """Return how many machines were asked."""
        return len(self.rows)


def questions() -> QuerySet[Question]:
    """Return the questions, the newest first, with how many were asked and answered."""
    counted = Question.objects.annotate(
        count=Count("asked"), answered=Count("asked", filter=Q(asked__answered_at__isnull=False))
    )
    return counted.order_by("-at", "id")


def question(question_id: UUID) -> Question | None:
    """Return one question; None when there is none."""
    return Question.objects.filter(pk=question_id).first()


def subject_words(subject: str) -> str:
    """Return what a subject asks; one of an older release says itself."""
    return str(SUBJECTS.get(subject, subject))


def progress(question: Question, now: datetime) -> Progress:
    """Return how the answers of a question stand, machines under contract alone."""
    found = Asked.objects.filter(question=question, machine__customer__is_active=True)
    asked = found.select_related("machine__customer").order_by(
        "machine__customer__name", "machine__name"
    )
    rows = [_row(one, question, now) for one in asked]
    answered = sum(one.at is not None for one in rows)
    return Progress(rows, answered, answered == len(rows) or now >= question.expires_at)


def _row(one: Asked, question: Question, now: datetime) -> Row:
    how = standing(
        sent_at=one.sent_at,
        answered_at=one.answered_at,
        is_failed=one.is_failed,
        expires_at=question.expires_at,
        now=now,
    )
    return Row(one.machine, how, one.answered_at, tuple(_facts(one)))


def _facts(one: Asked) -> Iterator["Told"]:
    for key, told in one.facts.items():
        if key in KEYS and one.answered_at is not None:
            why = Unknown(told["unknown"]) if "unknown" in told else None
            fact = Fact(key, told.get("value"), Source.OSQUERY, one.answered_at, why)
            yield fleet.told_fact(fact)
