"""One week of 400 appointments, and the slots that a measurement books: rows and addresses."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quenotte.base.people.models import Person
    from quenotte.care.patients.models import Patient

APPOINTMENTS = 400
_ZONE = ZoneInfo("Europe/Paris")
_DAYS, MINUTES = 5, 15


def monday(today: date) -> date:
    """Return the Monday of the measured week, later than every other appointment."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=15)


def fill(random: Random, patients: list[Patient], dentists: list[Person], today: date) -> None:
    """Create the week: two dentists, five days, a quarter of an hour each from 8:00 on."""
    from quenotte.base.practice.models import Chair
    from quenotte.care.agenda.models import Appointment, AppointmentType

    chairs = list(Chair.objects.filter(room__practice_id=dentists[0].practice_id))
    kinds = list(AppointmentType.objects.filter(practice_id=dentists[0].practice_id))
    a_day = APPOINTMENTS // _DAYS // len(dentists)
    Appointment.objects.bulk_create(
        Appointment(
            practice_id=dentist.practice_id,
            patient=random.choice(patients),
            practitioner=dentist,
            chair=chair,
            kind=(kind := random.choice(kinds)),
            title=kind.name,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=MINUTES),
            status=random.choice(("booked", "confirmed")),
        )
        for dentist, chair in zip(dentists, chairs, strict=False)
        for day in range(_DAYS)
        for number in range(a_day)
        for starts_at in [
            datetime.combine(monday(today) + timedelta(days=day), time(8), _ZONE)
            + timedelta(minutes=MINUTES * number)
        ]
    )


def sample(patients: list[Patient], dentist: Person, today: date) -> dict[str, object]:
    """Return the week to ask for, and forms that each book a free slot of later weeks."""
    from quenotte.base.practice.models import Chair

    chair = Chair.objects.filter(room__practice_id=dentist.practice_id).first()
    assert chair is not None
    return {
        "week": monday(today).isoformat(),
        "bookings": [
            {
                "patient": str(patient.id),
                "practitioner": str(dentist.id),
                "chair": str(chair.id),
                "minutes": str(MINUTES),
                "panel": "1",
                "day": f"{starts_at:%d/%m/%Y}",
                "time": f"{starts_at:%H:%M}",
            }
            for patient, starts_at in zip(patients, free(today), strict=False)
        ],
    }


def free(today: date) -> Iterator[datetime]:
    """Yield quarters of an hour at which the demo practice works, weeks after the full one."""
    from quenotte.kernel.holidays import public_holidays

    day = monday(today) + timedelta(weeks=2)
    while True:
        if day.weekday() < 5 and day not in public_holidays(day.year):
            for hour in (9, 10, 11, 14, 15, 16, 17):
                for minute in range(0, 60, MINUTES):
                    yield datetime.combine(day, time(hour, minute), _ZONE)
        day += timedelta(days=1)
