"""Five years of appointments, and what was noted after them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Chair
from quenotte.care.agenda.models import Appointment
from quenotte.care.chart.models import Note
from quenotte.care.patients.models import Patient
from quenotte.config.demo import words
from quenotte.config.demo.patients import draw_uuid
from quenotte.kernel.holidays import public_holidays
from quenotte.kernel.teeth import expected_teeth

ZONE = ZoneInfo("Europe/Paris")
_MORNING, _AFTERNOON = (time(9), time(12, 30)), (time(14), time(19))
#: When the clock itself says how far today has come in a practice that is always busy; before,
#: half of its day is done.
_FROM, _LAST_AHEAD = time(10, 30), 3
#: Who is to be seen within so long sits in the waiting room already.
_AHEAD: Final = timedelta(minutes=12)
#: Dr Hugo, the last of the columns, rests on Wednesday.
_REST: Final = 2
_Status = Appointment.Status


@dataclass(frozen=True)
class Column:
    """A practitioner at a chair."""

    practitioner: Person
    chair: Chair


def working_days(today: date, *, years: int, days_ahead: int) -> Iterator[date]:
    """Yield the days worked from ``years`` ago: no weekend, no holiday, and today in any case."""
    day = today - timedelta(days=365 * years)
    while day <= today + timedelta(days=days_ahead):
        if is_worked(day) or day == today:
            yield day
        day += timedelta(days=1)


def is_worked(day: date) -> bool:
    """Tell whether the practice works on a day."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def draw_appointments(
    random: Random,
    patients: Sequence[Patient],
    columns: Sequence[Column],
    day: date,
    now: datetime,
    *,
    is_always_busy: bool = False,
) -> Iterator[Appointment]:
    """Draw one day; later days are less and less full.

    ``now`` is the local time of today: whoever was to come before has come. A practice that
    ``is_always_busy`` has people in its rooms whatever the clock says. Today is worked whatever
    the calendar says: who tries the pages on a Sunday finds a day at work.
    """
    today = now.date()
    for column in columns if is_always_busy else _at_work(columns, day):
        slots = list(_slots(random, day))
        place = _place_of_now([starts_at for starts_at, _visit in slots], now)
        for position, (starts_at, visit) in enumerate(slots):
            if day > today and random.random() < min(0.9, 0.15 + (day - today).days / 60):
                continue
            patient = random.choice(patients)
            appointment = Appointment(
                id=draw_uuid(random),
                practice_id=column.practitioner.practice_id,
                patient=patient,
                practitioner=column.practitioner,
                chair=column.chair,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=visit[1]),
                title=_title(visit[0], patient, day),
            )
            if is_always_busy or day != today:
                appointment.status = _status(random, day, today, position - place)
            else:
                appointment.status = _status_now(random, appointment, now)
            _give_times(random, appointment, now)
            yield appointment


def _at_work(columns: Sequence[Column], day: date) -> Sequence[Column]:
    return columns[:-1] if len(columns) > 1 and day.weekday() == _REST else columns


def _title(title: str, patient: Patient, day: date) -> str:
    """Return the reason drawn, or one that suits the age."""
    return "Contrôle annuel" if _age(patient, day) < 15 and title in words.ADULT_VISITS else title


def _age(patient: Patient, day: date) -> float:
    return (day - patient.born_on).days / 365.25


def _slots(random: Random, day: date) -> Iterator[tuple[datetime, tuple[str, int, Sequence[str]]]]:
    for opens, closes in (_MORNING, _AFTERNOON):
        moment = datetime.combine(day, opens, ZONE)
        while fitting := _fitting(moment, datetime.combine(day, closes, ZONE)):
            visit = random.choice(fitting)
            yield moment, visit
            moment += timedelta(minutes=visit[1] + random.choice((0, 0, 0, 15)))


def _fitting(moment: datetime, closes: datetime) -> list[tuple[str, int, tuple[str, ...]]]:
    left = (closes - moment).total_seconds() / 60
    return [visit for visit in words.VISITS if visit[1] <= left]


def _place_of_now(starts: Sequence[datetime], now: datetime) -> int:
    """Return which appointment of a column is in the chair: the clock's, or the middle one."""
    if now.time() < _FROM:
        return len(starts) // 2
    begun = sum(start.time() <= now.time() for start in starts)
    return min(max(begun - 1, 0), len(starts) - _LAST_AHEAD)


def _status(random: Random, day: date, today: date, place: int) -> str:
    """Draw a status; ``place`` counts from the appointment that is in the chair today."""
    if day > today:
        return random.choice((_Status.BOOKED, _Status.CONFIRMED))
    if day < today:
        return random.choices(
            (_Status.DONE, _Status.MISSED, _Status.CANCELLED), weights=(92, 4, 4)
        )[0]
    if place < 0:
        return _Status.DONE
    current = {0: _Status.IN_CHAIR, 1: _Status.ARRIVED}
    return current.get(place, random.choice((_Status.BOOKED, _Status.CONFIRMED)))


def _status_now(random: Random, appointment: Appointment, now: datetime) -> str:
    """Draw the status of an appointment of today that the clock allows."""
    if appointment.ends_at <= now:
        return random.choices((_Status.DONE, _Status.MISSED), weights=(95, 5))[0]
    if appointment.starts_at <= now:
        return _Status.IN_CHAIR
    if appointment.starts_at - now <= _AHEAD:
        return _Status.ARRIVED
    return random.choice((_Status.BOOKED, _Status.CONFIRMED))


def _give_times(random: Random, appointment: Appointment, now: datetime) -> None:
    """Give the times of the steps that were taken; who is here arrived some minutes ago."""
    early = timedelta(minutes=random.randint(2, 12))
    if appointment.status == _Status.DONE:
        appointment.arrived_at = appointment.starts_at - early
        appointment.seated_at = appointment.starts_at
        appointment.done_at = appointment.ends_at
    elif appointment.status == _Status.IN_CHAIR:
        is_begun = appointment.starts_at <= now < appointment.ends_at
        appointment.seated_at = appointment.starts_at if is_begun else now - early
        appointment.arrived_at = appointment.seated_at - early
    elif appointment.status == _Status.ARRIVED:
        appointment.arrived_at = now - early
    elif appointment.status == _Status.CONFIRMED:
        appointment.confirmed_at = min(now, appointment.starts_at) - timedelta(days=2)
    elif appointment.status == _Status.MISSED:
        appointment.missed_at = appointment.ends_at
    elif appointment.status == _Status.CANCELLED:
        appointment.cancelled_at = appointment.starts_at - timedelta(days=1)
        appointment.cancel_reason = Appointment.CancelReason.PATIENT


def draw_note(random: Random, appointment: Appointment, lost: dict[UUID, set[int]]) -> Note | None:
    """Draw what the practitioner noted after an appointment that took place.

    ``lost`` holds the teeth that each patient no longer has; an extraction adds one.
    """
    if appointment.status != _Status.DONE or random.random() > 0.9:
        return None
    patient, title = appointment.patient, appointment.title
    gone = lost.setdefault(patient.id, set())
    present = sorted(expected_teeth(_age(patient, appointment.starts_at.date())) - gone)
    if not present:
        return None
    tooth = random.choice(present)
    if title == words.EXTRACTION:
        gone.add(tooth)
    sentences = [
        sentence
        for sentence in next(visit[2] for visit in words.VISITS if visit[0] == title)
        if _is_wisdom(tooth) or words.ERUPTION not in sentence
    ]
    return Note(
        id=draw_uuid(random),
        patient=patient,
        author=appointment.practitioner,
        signed_as=appointment.practitioner.full_name,
        signed_at=appointment.ends_at,
        text=random.choice(sentences).format(tooth=tooth),
    )


def _is_wisdom(tooth: int) -> bool:
    """Tell whether a tooth (FDI) is a third molar."""
    return tooth % 10 == 8 and tooth < 50
