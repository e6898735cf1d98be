from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.models import Appointment
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import AppointmentFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def comes(alice):
    def made(hour, minute=0, **more):
        return AppointmentFactory.create(
            patient__practice=alice.practice,
            practitioner=alice,
            starts_at=at(hour, minute, day=17),
            **more,
        )

    return made


def test_waiting_room_sorts_today_by_what_is_to_do(alice, comes):
    now = timezone.now()
    sits = comes(9, status="in_chair", arrived_at=now - timedelta(minutes=40), seated_at=now)
    second = comes(9, 15, status="arrived", arrived_at=now - timedelta(minutes=5))
    first = comes(10, status="arrived", arrived_at=now - timedelta(minutes=20))
    late = comes(9, 15)
    later = comes(11, status="confirmed")
    for status in ("done", "missed", "cancelled"):
        comes(8, status=status)
    room = queries.waiting_room(alice.practice_id)
    assert room.now == now
    assert [one.id for one in room.waiting] == [first.id, second.id]
    assert [one.id for one in room.in_chair] == [sits.id]
    assert [one.id for one in room.late] == [late.id]
    assert [one.id for one in room.expected] == [later.id]


def test_waiting_room_says_since_when_and_how_long(alice, comes, chair):
    made = comes(
        9,
        status="arrived",
        arrived_at=timezone.now() - timedelta(minutes=16),
        previous_status="booked",
        chair=chair,
    )
    (one,) = queries.waiting_room(alice.practice_id).waiting
    assert (one.waited_minutes, one.is_long, one.can_undo) == (16, True, True)
    assert (one.patient_name, one.status_label) == (made.patient.full_name, "Arrivé")
    assert (one.practitioner, one.room) == (alice.full_name, "Salle 1")


def test_wait_that_is_over_stands_still(alice, comes):
    now = timezone.now()
    comes(9, status="in_chair", arrived_at=now - timedelta(minutes=30), seated_at=now)
    (one,) = queries.waiting_room(alice.practice_id, now=now + timedelta(hours=1)).in_chair
    assert (one.waited_minutes, one.is_long) == (30, False)


@pytest.mark.parametrize(("minutes", "is_late"), [(-5, False), (9, False), (10, True)])
def test_patient_who_is_expected_becomes_late(alice, comes, minutes, is_late):
    made = comes(9, 30)
    room = queries.waiting_room(alice.practice_id, now=made.starts_at + timedelta(minutes=minutes))
    (one,) = room.late + room.expected
    assert (one.is_late, one.late_minutes) == (is_late, max(0, minutes))


def test_waiting_room_is_of_today_and_of_the_practice(alice, chloe, comes):
    AppointmentFactory.create(
        patient__practice=alice.practice, practitioner=alice, starts_at=at(9), status="booked"
    )
    AppointmentFactory.create(
        patient__practice=alice.practice,
        practitioner=alice,
        starts_at=at(17, day=16),
        status="arrived",
    )
    comes(10)
    room = queries.waiting_room(chloe.practice_id)
    assert [*room.waiting, *room.in_chair, *room.late, *room.expected] == []
    assert len(queries.waiting_room(alice.practice_id).expected) == 1


def test_waiting_room_is_one_query(alice, comes, django_assert_num_queries):
    for hour in range(9, 17):
        comes(hour)
    with django_assert_num_queries(1):
        queries.waiting_room(alice.practice_id)


def detail_of(appointment, person):
    found = queries.detail(person.practice_id, appointment.id, now=timezone.now())
    assert found is not None
    return found


def test_detail_tells_what_may_be_done(book, sarah, patient, alice):
    patient.mobile_phone = "+33639980012"
    patient.save()
    made = book(starts_at=at(9, 30, day=17))
    found = detail_of(made, sarah)
    assert found.appointment == made
    assert (found.patient_name, found.phone) == (patient.full_name, "06 39 98 00 12")
    assert (found.practitioner, found.chair) == (alice.full_name, "Salle 1")
    assert found.moves == ["confirmed", "arrived", "in_chair", "missed", "cancelled"]
    assert (found.can_undo, found.pinned_by) == (False, "")
    operations.pin(actor=actor(sarah), appointment_id=made.id)
    operations.set_status(
        actor=actor(sarah), appointment_id=made.id, status="arrived", expected_version=None
    )
    found = detail_of(made, sarah)
    assert (found.can_undo, found.pinned_by) == (True, sarah.full_name)
    assert not found.appointment.is_off


def test_detail_without_a_chair_or_from_elsewhere(book, sarah, chloe):
    made = book(chair_id=None)
    assert detail_of(made, sarah).chair == ""
    assert queries.detail(chloe.practice_id, made.id, now=timezone.now()) is None


def test_history_survives_a_line_of_an_unknown_kind(book, sarah):
    from quenotte.base.audit import operations as audit
    from quenotte.base.audit.rules import Action

    made = book()
    for detail in ({"action": "teleport"}, {"action": "move", "from": "?", "to": "x"}):
        audit.record(
            action=Action.CHANGE,
            actor=actor(sarah),
            patient_id=made.patient_id,
            object_kind="appointment",
            object_id=str(made.id),
            detail=detail,
        )
    told = [one.words for one in queries.history(made.id, made.patient_id)]
    assert told == ["déplacé du ? au ?", "modifié", "réservé"]


def test_model_says_its_status(alice):
    made = AppointmentFactory.create(
        patient=PatientFactory.create(practice=alice.practice), practitioner=alice, status="missed"
    )
    assert str(Appointment.objects.get(id=made.id)) == "Non venu"
    assert made.is_off
