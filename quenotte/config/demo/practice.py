"""Fills an empty database with the demo practice, always the same for the same seed."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Chair, Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson, SearchKey
from quenotte.care.patients.operations import search_keys_of
from quenotte.care.recalls import operations as recalls
from quenotte.config.demo import (
    acts,
    agenda,
    desk,
    history,
    material,
    mouths,
    papers,
    patients,
    perio,
    plans,
    reminders,
    staff,
    visits,
    words,
    workstations,
)

#: Called with a French sentence and the share done, from 0.0 to 1.0.
Progress = Callable[[str, float], None]

SEED: Final = 2026
_BATCH: Final = 2_000


@dataclass(frozen=True)
class Size:
    """How much work the practice has behind it."""

    patients: int = 2_000
    years: int = 5
    days_ahead: int = 60
    #: People in the rooms at any hour, for those who try the pages at night.
    is_always_busy: bool = False


def is_prepared() -> bool:
    """Tell whether the database already holds a practice."""
    return Practice.objects.exists()


def prepare(progress: Progress, *, size: Size | None = None, now: datetime | None = None) -> None:
    """Create the demo practice in one transaction; do nothing when one is there.

    ``now`` (aware) is the moment at which its day is looked at: the clock's.

    A start that was killed half-way leaves nothing behind and begins again.
    """
    if is_prepared():
        return
    size = size or Size()
    now = timezone.localtime(now)
    today = now.date()
    random = Random(SEED)  # noqa: S311 - invented data, not a secret
    with transaction.atomic():
        progress("Création du cabinet et de l’équipe", 0.0)
        practice = staff.make_practice()
        people = _make_patients(random, practice, size, today, progress)
        _make_visits(random, practice, people, size, now, progress)
        desk.fill(practice, [one for one in people if one.died_on is None], now)
        # Before the plans: they price their acts by these fees.
        acts.fill(practice, today)
        plans.fill(practice, [one for one in people if one.died_on is None], now)
        papers.fill(practice, [one for one in people if one.died_on is None], now)
        perio.fill(practice, [one for one in people if one.died_on is None], now)
        history.fill(practice, [one for one in people if one.died_on is None], now)
        material.fill(practice, [one for one in people if one.died_on is None], now)
        reminders.turn_on(practice)
        workstations.fill(practice, now)
        recalls.plan(today=today)
        record(
            action=Action.CREATE,
            actor=SYSTEM,
            object_kind="practice",
            object_id=str(practice.id),
        )
    progress("Cabinet de démonstration prêt", 1.0)


def _make_patients(
    random: Random, practice: Practice, size: Size, today: date, progress: Progress
) -> list[Patient]:
    everybody: list[Patient] = []
    author = Person.objects.get(practice=practice, username="alice")
    drawn = patients.draw_patients(random, practice, size.patients, today)
    while batch := list(islice(drawn, _BATCH)):
        people = [patient for patient, _, _ in batch]
        Patient.objects.bulk_create(people)
        RelatedPerson.objects.bulk_create(it for _, relatives, _ in batch for it in relatives)
        MedicalAlert.objects.bulk_create(it for _, _, alerts in batch for it in alerts)
        SearchKey.objects.bulk_create(
            key
            for patient, relatives, _ in batch
            for key in search_keys_of(patient, [relative.phone for relative in relatives])
        )
        ChartEvent.objects.bulk_create(
            event
            for patient in people
            for event in mouths.draw_first(random, patient, author, today)
        )
        everybody += people
        progress("Création des patients", 0.3 * len(everybody) / size.patients)
    practice.last_file_number = len(everybody)
    practice.save(update_fields=["last_file_number"])
    return everybody


def _make_visits(
    random: Random,
    practice: Practice,
    people: list[Patient],
    size: Size,
    now: datetime,
    progress: Progress,
) -> None:
    today = now.date()
    dentists = list(Person.objects.filter(practice=practice, role="praticien").order_by("username"))
    chairs = list(Chair.objects.filter(room__practice=practice).order_by("room__position"))
    columns = [visits.Column(who, chair) for who, chair in zip(dentists, chairs, strict=False)]
    kinds = agenda.make_types(practice)
    days = list(visits.working_days(today, years=size.years, days_ahead=size.days_ahead))
    living = [patient for patient in people if patient.died_on is None]
    lost: dict[UUID, set[int]] = defaultdict(set)
    for patient_id, finding in ChartEvent.objects.values_list("patient_id", "finding"):
        if finding and mouths.lost(finding):
            lost[patient_id].update(finding["teeth"])
    known: set[UUID] = set()
    for start in range(0, len(days), 60):
        appointments = [
            appointment
            for day in days[start : start + 60]
            for appointment in visits.draw_appointments(
                random, living, columns, day, now, is_always_busy=size.is_always_busy
            )
        ]
        _first_visits_first(appointments, known)
        for appointment in appointments:
            appointment.kind = kinds[appointment.title]
            appointment.assistant_minutes = min(
                appointment.kind.assistant_minutes, appointment.minutes
            )
        _share_the_assistant(appointments)
        drawn = (visits.draw_note(random, appointment, lost) for appointment in appointments)
        notes = [note for note in drawn if note is not None]
        _insert(Appointment, appointments)
        _insert(Note, notes)
        _insert(ChartEvent, filter(None, map(mouths.told, notes)))
        progress("Création de cinq ans de rendez-vous et de notes", 0.3 + 0.7 * start / len(days))
    agenda.make_hours(practice, dentists, today)
    agenda.make_first_day_only(practice, today)
    agenda.make_leave(practice, dentists, today)
    agenda.make_waiting_list(random, practice, living, today)
    agenda.make_pins(practice, today)


def _share_the_assistant(appointments: Iterable[Appointment]) -> None:
    """Let a dentist work alone while the only assistant is with the other one."""
    free_from = datetime.min.replace(tzinfo=UTC)
    for appointment in sorted(appointments, key=lambda one: one.starts_at):
        if appointment.starts_at < free_from:
            appointment.assistant_minutes = 0
        elif appointment.assistant_minutes:
            free_from = appointment.starts_at + timedelta(minutes=appointment.assistant_minutes)


def _first_visits_first(appointments: list[Appointment], known: set[UUID]) -> None:
    """Let a first consultation be the first, and only the first."""
    for appointment in appointments:
        is_first = appointment.patient_id not in known
        known.add(appointment.patient_id)
        if appointment.title == words.FIRST_VISIT and not is_first:
            appointment.title = "Contrôle annuel"


def _insert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=_BATCH)
