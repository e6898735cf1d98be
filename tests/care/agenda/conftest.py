"""A practice with two chairs, open on weekdays, and how its people book."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Chair
from quenotte.care.agenda import operations
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient
from tests.care.people import actor
from tests.factories import ChairFactory, OpeningPeriodFactory, PersonFactory

PARIS = ZoneInfo("Europe/Paris")

Book = Callable[..., Appointment]


def at(hour: int, minute: int = 0, *, day: int = 18, month: int = 3) -> datetime:
    """Return a local time of 2026, on Wednesday 18 March unless told; today is the 17th."""
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def chair(alice: Person) -> Chair:
    """The chair of room 1."""
    return ChairFactory.create(
        room__practice=alice.practice, room__name="Salle 1", name="Fauteuil 1"
    )


@pytest.fixture
def other_chair(alice: Person) -> Chair:
    """The chair of room 2."""
    return ChairFactory.create(
        room__practice=alice.practice, room__name="Salle 2", name="Fauteuil 2"
    )


@pytest.fixture
def hugo(alice: Person) -> Person:
    """Dr Hugo: the other dentist."""
    return PersonFactory.create(practice=alice.practice, username="hugo", title="Dr")


@pytest.fixture
def opened(alice: Person) -> None:
    """Open the practice from Monday to Friday, 9:00 to 12:30 and 14:00 to 19:00."""
    for weekday in range(5):
        for opens, closes in ((540, 750), (840, 1140)):
            OpeningPeriodFactory.create(
                practice=alice.practice, weekday=weekday, opens_minute=opens, closes_minute=closes
            )


@pytest.fixture
def book(sarah: Person, alice: Person, chair: Chair, patient: Patient) -> Book:
    """Book for the patient with Dr Alice in room 1 at 9:00 unless told otherwise."""

    def booked(*, by: Person = sarah, anyway: bool = False, **asked: Any) -> Appointment:
        usual: dict[str, Any] = {
            "practitioner_id": alice.id,
            "chair_id": chair.id,
            "starts_at": at(9),
            "minutes": 30,
        }
        if "new_patient" not in asked:
            usual["patient_id"] = patient.id
        booking = operations.Booking(**{**usual, **asked})
        return operations.book(actor=actor(by), booking=booking, anyway=anyway)

    return booked
