from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.care.agenda import queries
from tests.factories import AppointmentFactory, PatientFactory


@pytest.fixture
def visits(alice, patient):
    """Two appointments to come, three past."""
    now = timezone.now()
    return [
        AppointmentFactory.create(
            patient=patient,
            practitioner=alice,
            starts_at=now + timedelta(days=days),
            title=f"J{days:+}",
        )
        for days in (-30, -7, -1, 2, 90)
    ]


def titles(found):
    return [visit.title for visit in found]


def test_visits_around_now(patient, visits):
    around = queries.visits_around(patient.id, timezone.now(), 40)
    assert titles(around.coming) == ["J+2", "J+90"]
    assert titles(around.past) == ["J-1", "J-7", "J-30"]


def test_next_and_past_visits(patient, visits):
    now = timezone.now()
    assert titles(queries.next_visits(patient.id, now, 1)) == ["J+2"]
    assert titles(queries.past_visits(patient.id, now, 2)) == ["J-1", "J-7"]


@pytest.mark.parametrize(
    ("status", "begun", "is_past"),
    [
        ("in_chair", 10, False),
        ("booked", 10, False),
        ("in_chair", 90, False),
        ("booked", 90, True),
        ("done", 10, True),
        ("missed", 10, True),
        ("in_chair", 3000, True),
    ],
)
def test_appointment_that_goes_on_is_not_past(alice, patient, status, begun, is_past):
    now = timezone.now()
    starts_at = now - timedelta(minutes=begun)
    AppointmentFactory.create(
        patient=patient, practitioner=alice, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30), status=status,
    )  # fmt: skip
    around = queries.visits_around(patient.id, now, 40)
    assert (len(around.coming), len(around.past)) == (not is_past, is_past)
    assert len(queries.next_visits(patient.id, now, 9)) == (not is_past)
    assert len(queries.past_visits(patient.id, now, 9)) == is_past


@pytest.mark.parametrize(
    ("status", "label", "is_off"),
    [("booked", "Réservé", False), ("missed", "Non venu", True), ("cancelled", "Annulé", True)],
)
def test_visit_says_how_it_went(alice, patient, status, label, is_off):
    AppointmentFactory.create(patient=patient, practitioner=alice, status=status)
    (visit,) = queries.next_visits(patient.id, timezone.now(), 1)
    assert (visit.status_label, visit.is_off, visit.minutes) == (label, is_off, 30)
    assert visit.practitioner == alice.full_name


def test_day_holds_its_own_appointments_in_order(sarah, patient):
    now = timezone.now()
    late = AppointmentFactory.create(patient=patient, starts_at=now + timedelta(hours=2))
    early = AppointmentFactory.create(patient=patient, starts_at=now)
    AppointmentFactory.create(patient=patient, starts_at=now + timedelta(days=1))
    AppointmentFactory.create(patient=PatientFactory.create())
    found = queries.visits_of_day(sarah.practice_id, timezone.localdate())
    assert [one.visit.id for one in found] == [early.id, late.id]
