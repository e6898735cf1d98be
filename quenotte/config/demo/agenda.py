"""How the demo practice books: its types, its hours, its leave, who would come sooner."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import (
    AgendaSettings,
    Appointment,
    AppointmentType,
    Leave,
    OpeningPeriod,
    Pin,
    ShortNotice,
)
from quenotte.care.patients.models import Patient
from quenotte.config.demo import words
from quenotte.kernel.holidays import public_holidays

ZONE: Final = ZoneInfo("Europe/Paris")
_Colour = AppointmentType.Colour

#: Colour and assistant's minutes of each sort of visit (``words.VISITS`` has the length).
_LOOKS: Final = {
    "Contrôle annuel": (_Colour.TEAL, 0),
    "Détartrage": (_Colour.SKY, 10),
    "Soin carie": (_Colour.INDIGO, 45),
    "Traitement endodontique": (_Colour.VIOLET, 60),
    "Couronne": (_Colour.PLUM, 30),
    "Extraction": (_Colour.SAND, 30),
    "Urgence douleur": (_Colour.SLATE, 10),
    "Première consultation": (_Colour.MOSS, 0),
}

#: Half-open minutes from midnight: 9:00 to 12:30, 14:00 to 19:00; Dr Hugo rests on Wednesday.
_OPEN: Final = ((9 * 60, 12 * 60 + 30), (14 * 60, 19 * 60))
_WEDNESDAY: Final = 2
_WEEKEND: Final = (5, 6)
#: How many weeks from the first start say that the practice does not open at weekends.
_WEEKS_AHEAD: Final = 27

_WISHES: Final = (
    ("any", 30, "Habite à côté, vient en dix minutes"),
    ("morning", 45, "Pas avant 10 h"),
    ("afternoon", 30, ""),
    ("any", 60, "Prévenir la veille au plus tard"),
)


def make_types(practice: Practice) -> dict[str, AppointmentType]:
    """Create the types, in the order of the visits; return them by name."""
    made = [
        AppointmentType(
            practice=practice,
            name=name,
            minutes=minutes,
            colour=_LOOKS[name][0],
            assistant_minutes=min(_LOOKS[name][1], minutes),
            position=position,
        )
        for position, (name, minutes, _sentences) in enumerate(words.VISITS)
    ]
    AppointmentType.objects.bulk_create(made)
    return {kind.name: kind for kind in made}


def make_hours(practice: Practice, dentists: Sequence[Person], today: date) -> None:
    """Open from Monday to Friday, and on the day of the first start, whichever it is.

    The last dentist does not work on Wednesday.
    """
    days = sorted({*range(5), today.weekday()})
    whose: list[tuple[Person | None, list[int]]] = [(None, days)]
    if len(dentists) > 1:
        whose.append((dentists[-1], [day for day in days if day != _WEDNESDAY]))
    if today in public_holidays(today.year):
        AgendaSettings.objects.create(practice=practice, works_on_holidays=True)
    OpeningPeriod.objects.bulk_create(
        OpeningPeriod(
            practice=practice,
            practitioner=person,
            weekday=weekday,
            opens_minute=opens,
            closes_minute=closes,
        )
        for person, weekdays in whose
        for weekday in weekdays
        for opens, closes in _OPEN
    )


def make_first_day_only(practice: Practice, today: date) -> None:
    """Close on the same day of the weeks that follow when the first start is at a weekend.

    The practice is open that day only to show one: nobody is given an appointment on a Sunday.
    """
    if today.weekday() not in _WEEKEND:
        return
    days = [today + timedelta(weeks=week) for week in range(1, _WEEKS_AHEAD)]
    Leave.objects.bulk_create(_leave(practice, None, day, 1, Leave.Kind.CLOSING) for day in days)


def make_leave(practice: Practice, dentists: Sequence[Person], today: date) -> None:
    """Put a day of training in three weeks, and a week of holidays in two months."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=3)
    Leave.objects.bulk_create(
        [
            _leave(practice, dentists[0], monday + timedelta(days=3), 1, Leave.Kind.TRAINING),
            _leave(practice, dentists[-1], monday + timedelta(weeks=6), 7, Leave.Kind.HOLIDAY),
        ]
    )


def _leave(practice: Practice, person: Person | None, day: date, days: int, kind: str) -> Leave:
    starts_at = datetime.combine(day, time(), ZONE)
    return Leave(
        practice=practice,
        practitioner=person,
        starts_at=starts_at,
        ends_at=datetime.combine(day + timedelta(days=days), time(), ZONE),
        kind=kind,
    )


def make_waiting_list(
    random: Random, practice: Practice, patients: Sequence[Patient], today: date
) -> None:
    """Let some patients wait for a freed slot."""
    kinds = list(AppointmentType.objects.filter(practice=practice))
    ShortNotice.objects.bulk_create(
        ShortNotice(
            practice=practice,
            patient=patient,
            kind=random.choice([kind for kind in kinds if kind.minutes <= minutes]),
            minutes=minutes,
            day_part=day_part,
            from_day=today,
            note=note,
        )
        for patient, (day_part, minutes, note) in zip(
            random.sample(patients, len(_WISHES)), _WISHES, strict=True
        )
    )


def make_pins(practice: Practice, today: date) -> None:
    """Let the secretary carry one appointment of the next days."""
    secretary = Person.objects.filter(practice=practice, role="secretaire").first()
    coming = Appointment.objects.filter(
        practice=practice, starts_at__date__gt=today, status="booked"
    ).first()
    if secretary and coming:
        Pin.objects.create(person=secretary, appointment=coming)
