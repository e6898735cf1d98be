"""Reads of the sterilisation: autoclaves and their day, cycles, pouches, whom to recall."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from quenotte.care.patients import rules as patients_rules
from quenotte.care.sterilisation import rules
from quenotte.care.sterilisation.models import (
    Autoclave,
    CycleRecallNote,
    Pouch,
    PouchUse,
    SterilisationCycle,
    SterilisationSettings,
    SteriliserTest,
)
from quenotte.care.sterilisation.rules import Fault, Lack, Programme, State
from quenotte.care.stock import rules as stock

#: Cycles on the first page; the register has all of them.
_LAST = 25


@dataclass(frozen=True, slots=True)
class Today:
    """An autoclave this morning: its tests, what a load would lack, what runs in it."""

    autoclave: Autoclave
    tests: list[SteriliserTest]
    lack: Lack | None
    running: SterilisationCycle | None


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody who received pouches of a failed cycle, how to reach her, who told her."""

    patient: Any
    uses: list[PouchUse]
    notes: list[CycleRecallNote]
    phones: list[str]

    @property
    def is_told(self) -> bool:
        """Whether somebody told her."""
        return stock.is_told(note.way for note in self.notes)


def settings_of(practice_id: UUID) -> SterilisationSettings:
    """Return the settings of a practice; the usual ones until somebody saves hers."""
    found = SterilisationSettings.objects.filter(practice_id=practice_id).first()
    return found or SterilisationSettings(practice_id=practice_id)


def autoclaves(practice_id: UUID) -> QuerySet[Autoclave]:
    """Return the autoclaves of a practice."""
    return Autoclave.objects.filter(practice_id=practice_id)


def programmes_of(autoclave: Autoclave) -> list[Programme]:
    """Return the programmes of an autoclave."""
    return rules.programmes_from(autoclave.programmes)[0]


def lack_on(autoclave_id: UUID, day: date) -> Lack | None:
    """Return what a load of this autoclave lacks on a day."""
    rows = SteriliserTest.objects.filter(autoclave_id=autoclave_id, day=day)
    return rules.lack(rows.order_by("at", "id").values_list("kind", "passed"))


def lacks_of(cycle: SterilisationCycle) -> set[str]:
    """Return what a load lacked when it was started, and what its day lacks now."""
    now = lack_on(cycle.autoclave_id, timezone.localdate(cycle.started_at))
    return {cycle.lack, now or ""} - {""}


def today(practice_id: UUID) -> list[Today]:
    """Return how each autoclave in service stands today."""
    day = timezone.localdate()
    tests = Prefetch(
        "tests", SteriliserTest.objects.filter(day=day).order_by("at", "id"), to_attr="of_today"
    )
    running = Prefetch(
        "cycles", SterilisationCycle.objects.filter(state="running"), to_attr="that_run"
    )
    rows: Any = autoclaves(practice_id).filter(is_active=True).prefetch_related(tests, running)
    return [
        Today(
            one,
            one.of_today,
            rules.lack((test.kind, test.passed) for test in one.of_today),
            next(iter(one.that_run), None),
        )
        for one in rows
    ]


def cycles(practice_id: UUID) -> QuerySet[Any]:
    """Return the cycles of a practice with ``made``, how many pouches came out; newest first."""
    rows = SterilisationCycle.objects.filter(practice_id=practice_id).select_related("autoclave")
    return rows.annotate(made=Count("pouches")).order_by("-started_at")


def last_cycles(practice_id: UUID) -> list[Any]:
    """Return the last cycles."""
    return list(cycles(practice_id)[:_LAST])


def cycles_of_month(practice_id: UUID, first: date) -> list[Any]:
    """Return the cycles of a month, oldest first, for the register."""
    rows = cycles(practice_id).filter(started_at__year=first.year, started_at__month=first.month)
    return list(rows.order_by("started_at"))


def tests_of_month(practice_id: UUID, first: date) -> list[SteriliserTest]:
    """Return the tests of a month, oldest first, for the register."""
    rows = SteriliserTest.objects.filter(autoclave__practice_id=practice_id)
    rows = rows.filter(day__year=first.year, day__month=first.month)
    return list(rows.select_related("autoclave"))


def next_number(autoclave_id: UUID) -> int:
    """Return the number that the next cycle of an autoclave should have."""
    rows = SterilisationCycle.objects.filter(autoclave_id=autoclave_id).order_by("-number")
    return (rows.values_list("number", flat=True).first() or 0) + 1


def pouches_of(cycle_id: UUID) -> list[Any]:
    """Return the pouches of a cycle with ``standing``, the use that holds of each."""
    uses = PouchUse.objects.filter(undone_at=None).select_related("patient")
    standing = Prefetch("uses", uses, to_attr="standing")
    return list(Pouch.objects.filter(cycle_id=cycle_id).prefetch_related(standing))


def pouch_of(practice_id: UUID, code: str) -> Pouch | None:
    """Return the pouch that has a code."""
    rows = Pouch.objects.filter(practice_id=practice_id, code=code)
    return rows.select_related("cycle__autoclave").first()


def against(pouch: Pouch) -> Fault | None:
    """Return why a pouch may not be opened today, None when it may."""
    return rules.barred(State(pouch.cycle.state), pouch.expires_on, timezone.localdate())


def is_taken(code: str, practice_id: UUID) -> bool:
    """Return whether a pouch is written as opened for somebody."""
    rows = PouchUse.objects.filter(pouch__practice_id=practice_id, undone_at=None)
    return rows.filter(pouch__code=code).exists()


def uses_of(patient_id: UUID) -> list[PouchUse]:
    """Return the pouches opened for a patient, the latest first."""
    rows = PouchUse.objects.filter(patient_id=patient_id, undone_at=None)
    return list(rows.select_related("pouch__cycle__autoclave"))


def to_tell(cycle: SterilisationCycle) -> list[ToTell]:
    """Return whom a failed cycle concerns, those not told yet first."""
    uses: dict[UUID, list[PouchUse]] = defaultdict(list)
    rows = PouchUse.objects.filter(pouch__cycle_id=cycle.id, undone_at=None)
    for use in rows.select_related("pouch", "patient").order_by("at"):
        uses[use.patient_id].append(use)
    notes: dict[UUID, list[CycleRecallNote]] = defaultdict(list)
    for note in CycleRecallNote.objects.filter(cycle_id=cycle.id):
        notes[note.patient_id].append(note)
    found = [_to_tell(some, notes[patient_id]) for patient_id, some in uses.items()]
    return sorted(found, key=lambda one: (one.is_told, one.patient.full_name))


def _to_tell(uses: list[PouchUse], notes: list[CycleRecallNote]) -> ToTell:
    patient = uses[0].patient
    numbers = (patient.mobile_phone, patient.other_phone)
    phones = [patients_rules.shown_phone(one) for one in numbers if one]
    return ToTell(patient, uses, notes, phones)


def recalls(practice_id: UUID) -> list[Any]:
    """Return the failed cycles of which somebody still has to be told, with ``waiting``."""
    rows = SterilisationCycle.objects.filter(practice_id=practice_id, state="failed")
    rows = rows.annotate(waiting=Subquery(_untold())).filter(waiting__gt=0)
    return list(rows.select_related("autoclave"))


def _untold() -> QuerySet[Any, Any]:
    """Count, for the cycle outside, the patients of its standing uses whom nobody told."""
    told = CycleRecallNote.objects.filter(
        cycle_id=OuterRef("pouch__cycle_id"), patient_id=OuterRef("patient_id")
    )
    uses = PouchUse.objects.filter(pouch__cycle_id=OuterRef("pk"), undone_at=None)
    uses = uses.filter(~Exists(told.exclude(way=rules.TRIED)))
    grouped = uses.order_by().values("pouch__cycle_id")
    return grouped.annotate(patients=Count("patient_id", distinct=True)).values("patients")
