"""Reads of periodontal examinations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.base.prepared import prepared
from quenotte.care.perio.models import (
    PerioExam,
    PerioHabit,
    PerioSite,
    PerioStatement,
    PerioTooth,
)
from quenotte.care.perio.rules.indices import Indices, indices
from quenotte.care.perio.rules.mouths import TEETH, Presence
from quenotte.care.perio.rules.paths import USUAL, Order
from quenotte.care.perio.rules.readings import Charting, SiteReading, ToothReading
from quenotte.care.perio.rules.staging import Context
from quenotte.kernel.teeth import expected_teeth

if TYPE_CHECKING:
    from quenotte.base.people.models import Person

#: Answers FDI number -> presence for the teeth of a patient on a day, where something is known.
TeethSource = Callable[[UUID, date, date], Mapping[int, str]]

_CLOSED_COLUMNS: Final = ("id", "examined_on", "closed_at", "closed_by")
_ENTRANCES: Final = ("V", "L", "M", "D")
_sources: list[TeethSource] = []


def teeth_from(source: TeethSource) -> None:
    """Let another room say which teeth are missing or implants; the last one given is asked.

    It is called with (patient, birth date, day); ``care.apps`` gives the chart's.
    """
    _sources[:] = [source]


def known_teeth(patient_id: UUID, born_on: date, day: date) -> dict[int, Presence]:
    """Return what stands in each of the 32 places before anybody looked.

    What the chart says, else what the age makes expected.
    """
    expected = expected_teeth((day - born_on).days / 365.25)
    usual = {one: Presence.PRESENT if one in expected else Presence.MISSING for one in TEETH}
    told = _sources[0](patient_id, born_on, day) if _sources else {}
    return usual | {tooth: Presence(seen) for tooth, seen in told.items() if tooth in TEETH}


def exam_of(patient_id: UUID, exam_id: UUID) -> PerioExam | None:
    """Return an examination of this patient, None for another's."""
    return PerioExam.objects.filter(patient_id=patient_id, id=exam_id).first()


def is_closed(exam_id: UUID) -> bool:
    """Tell whether an examination is there and takes no measure any more."""
    return PerioExam.objects.filter(pk=exam_id, status=PerioExam.Status.CLOSED).exists()


def exams_of(patient_id: UUID) -> list[PerioExam]:
    """Return the examinations of a patient, newest first, without those given up."""
    kept = PerioExam.objects.filter(patient_id=patient_id)
    return list(kept.exclude(status=PerioExam.Status.GIVEN_UP))


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed examination as the timeline tells it."""

    id: UUID
    examined_on: date
    closed_at: datetime
    closed_by: str


def closed_of(patient_id: UUID, limit: int, before: datetime | None = None) -> list[Closed]:
    """Return at most ``limit`` examinations, the last closed first."""
    if before is None:
        found = _last_closed(patient_id, limit=limit)
    else:
        found = _closed_before(patient_id, before, limit=limit)
    return [Closed(*row) for row in found]


@prepared
def _last_closed(patient_id: UUID, *, limit: int) -> QuerySet[PerioExam, tuple[Any, ...]]:
    rows = PerioExam.objects.filter(patient_id=patient_id, status="closed").order_by("-closed_at")
    return rows.values_list(*_CLOSED_COLUMNS)[:limit]


@prepared
def _closed_before(
    patient_id: UUID, before: datetime, *, limit: int
) -> QuerySet[PerioExam, tuple[Any, ...]]:
    rows = PerioExam.objects.filter(
        patient_id=patient_id, status="closed", closed_at__lt=before
    ).order_by("-closed_at")
    return rows.values_list(*_CLOSED_COLUMNS)[:limit]


def corrected_ids(exams: Iterable[PerioExam]) -> set[UUID]:
    """Return which of these were corrected by another closed one among them."""
    closed = PerioExam.Status.CLOSED
    return {one.corrects_id for one in exams if one.corrects_id and one.status == closed}


def charting_of(exam_id: UUID) -> Charting:
    """Return all that an examination holds; two queries."""
    return chartings_of([exam_id])[exam_id]


def chartings_of(exam_ids: Iterable[UUID]) -> dict[UUID, Charting]:
    """Return what each of these examinations holds; two queries for all."""
    wanted = list(exam_ids)
    teeth: dict[UUID, dict[int, ToothReading]] = {one: {} for one in wanted}
    sites: dict[UUID, dict[tuple[int, str], SiteReading]] = {one: {} for one in wanted}
    for exam_id, tooth, presence, mobility, *grades in PerioTooth.objects.filter(
        exam_id__in=wanted
    ).values_list(
        "exam_id", "tooth", "presence", "mobility", *(f"furcation_{e.lower()}" for e in _ENTRANCES)
    ):
        kept = {e: g for e, g in zip(_ENTRANCES, grades, strict=True) if g is not None}
        teeth[exam_id][tooth] = ToothReading(presence, mobility, kept)
    found: list[Any]
    for exam_id, tooth, site, *found in PerioSite.objects.filter(exam_id__in=wanted).values_list(
        "exam_id", "tooth", "site", "depth", "recession", "bleeding", "plaque", "suppuration"
    ):
        sites[exam_id][tooth, site] = SiteReading(*found)
    return {one: Charting(teeth[one], sites[one]) for one in wanted}


@dataclass(frozen=True)
class ExamLine:
    """An examination as a line of the list, with what it amounts to."""

    exam: PerioExam
    indices: Indices
    is_corrected: bool
    conclusion: PerioStatement | None


def lines_of(patient_id: UUID) -> list[ExamLine]:
    """Return the examinations of a patient with their indices, newest first; four queries."""
    exams = exams_of(patient_id)
    found = chartings_of(exam.id for exam in exams)
    corrected, concluded = corrected_ids(exams), _conclusions(exam.id for exam in exams)
    return [
        ExamLine(one, indices(found[one.id]), one.id in corrected, concluded.get(one.id))
        for one in exams
    ]


def _conclusions(exam_ids: Iterable[UUID]) -> dict[UUID, PerioStatement]:
    rows = PerioStatement.objects.filter(
        exam_id__in=list(exam_ids), kind=PerioStatement.Kind.CONCLUSION
    )
    return {one.exam_id: one for one in rows.order_by("signed_at")}


def statements_of(exam_id: UUID) -> list[PerioStatement]:
    """Return what was signed about an examination, oldest first."""
    return list(PerioStatement.objects.filter(exam_id=exam_id).order_by("signed_at"))


def context_of(told: Mapping[str, Any], age: int | None) -> Context:
    """Return what the help is told: what a conclusion keeps, and the age in years."""
    factors = frozenset(told.get("factors", ()))
    return Context(**{**told, "age": age, "factors": factors})


@dataclass(frozen=True, slots=True)
class Habit:
    """How a person works: the path of the probe, the jaw to begin with, sound."""

    order: Order = USUAL
    lower_first: bool = False
    has_sound: bool = False


def habit_of(person_id: UUID) -> Habit:
    """Return how a person works; the usual way for who never said."""
    row = PerioHabit.objects.filter(person_id=person_id).first()
    return Habit(Order(row.order), row.lower_first, row.has_sound) if row else Habit()


def examiners(practice_id: UUID) -> list["Person"]:
    """Return who may have examined: the dentists of the practice."""
    return list(people.accounts(practice_id).filter(is_active=True, role=Role.DENTIST.value))


def draft_key(exam_id: UUID) -> str:
    """Return the name under which the conclusion being typed is kept."""
    return f"perio:{exam_id}"


def draft_of(actor: Actor, exam_id: UUID) -> str:
    """Return the conclusion that this person began and did not sign."""
    kept = people.draft(actor.own_person_id, draft_key(exam_id))
    return kept.text if kept else ""


def given_up(patient_id: UUID) -> list[PerioExam]:
    """Return the drafts that were put aside, newest first."""
    status = PerioExam.Status.GIVEN_UP
    return list(PerioExam.objects.filter(patient_id=patient_id, status=status))


def corrected_by(exam: PerioExam) -> PerioExam | None:
    """Return the closed examination that took the place of this one."""
    closed = PerioExam.Status.CLOSED
    return PerioExam.objects.filter(corrects_id=exam.id, status=closed).first()


def earlier(exam: PerioExam) -> list[PerioExam]:
    """Return the closed examinations of the same patient before this one, newest first."""
    closed = PerioExam.objects.filter(
        patient_id=exam.patient_id,
        status=PerioExam.Status.CLOSED,
        examined_on__lte=exam.examined_on,
    )
    others = [one for one in closed if one.id not in {exam.id, exam.corrects_id}]
    replaced = corrected_ids([*others, exam])
    return [one for one in others if one.id not in replaced and one.started_at < exam.started_at]


def pairs(lines: list[ExamLine]) -> dict[UUID, UUID]:
    """Return examination -> the closed one before it, which it is compared with."""
    closed = [one.exam for one in lines if one.exam.status == "closed" and not one.is_corrected]
    return {new.id: old.id for new, old in pairwise(closed)}


def last_examined(practice_id: UUID) -> dict[UUID, date]:
    """Return the day of the last closed examination of each patient who has one; one query."""
    rows = PerioExam.objects.filter(patient__practice_id=practice_id, status="closed").order_by()
    return dict(rows.values_list("patient_id").annotate(last=Max("examined_on")))
