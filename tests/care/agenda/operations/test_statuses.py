from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.models import Appointment, Pin
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import AppointmentFactory, PatientFactory, PinFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(book):
    """An appointment that begins now, on the 17th at 9:30."""
    return book(starts_at=at(9, 30, day=17))


@pytest.fixture
def become(sarah):
    def became(appointment, status, *, version=None, by=sarah):
        return operations.set_status(
            actor=actor(by), appointment_id=appointment.id, status=status, expected_version=version
        )

    return became


@pytest.fixture
def undo(sarah):
    def undone(appointment, *, version=None):
        return operations.undo_status(
            actor=actor(sarah), appointment_id=appointment.id, expected_version=version
        )

    return undone


def test_steps_of_a_visit_keep_their_times(today, become, frozen_clock):
    start = timezone.now()
    for status in ("confirmed", "arrived", "in_chair", "done"):
        made = become(today, status)
        assert (made.status, made.reached_at(status)) == (status, timezone.now())
        frozen_clock.shift(timedelta(minutes=10))
    made.refresh_from_db()
    assert made.arrived_at == start + timedelta(minutes=10)
    assert made.done_at == start + timedelta(minutes=30)
    assert (made.version, made.reached_at("booked")) == (5, None)


def test_step_is_one_line_and_one_event(today, become, patient):
    become(today, "arrived")
    line = Line.objects.latest("number")
    assert Line.objects.count() == 2
    assert (line.action, line.patient_id) == ("change", patient.id)
    assert line.detail == {"action": "status", "status": "arrived", "state": "booked"}
    event = Event.objects.latest("id")
    assert (event.name, event.data["days"]) == ("agenda", ["2026-03-17"])


def test_step_taken_twice_changes_nothing(today, become):
    become(today, "arrived")
    assert become(today, "arrived").version == 2
    assert Line.objects.count() == 2


def test_step_that_does_not_follow_is_refused(today, become):
    become(today, "in_chair")
    with pytest.raises(operations.IllegalStep) as refused:
        become(today, "missed")
    assert "« Au fauteuil »" in str(refused.value)
    assert "« Non venu »" in str(refused.value)


def test_step_of_an_older_version_is_refused(today, become, bob):
    become(today, "arrived", by=bob)
    with pytest.raises(operations.ChangedMeanwhile) as refused:
        become(today, "in_chair", version=1)
    assert f"arrivé par {bob.full_name}" in str(refused.value)


def test_arrival_of_tomorrow_is_refused(book, become):
    with pytest.raises(operations.TooSoon) as refused:
        become(book(), "arrived")
    assert "18/03/2026" in str(refused.value)
    assert refused.value.fault == "day"


def test_nobody_is_missed_before_the_time(book, become):
    with pytest.raises(operations.TooSoon) as refused:
        become(book(starts_at=at(9, 45, day=17)), "missed")
    assert "9 h 45" in str(refused.value)


def test_step_of_an_appointment_from_elsewhere_is_refused(today, become, chloe):
    with pytest.raises(operations.NoSuchAppointment):
        become(today, "arrived", by=chloe)


def test_clock_that_jumps_back_never_shortens_a_wait(today, become, frozen_clock):
    become(today, "arrived")
    arrived_at = timezone.now()
    frozen_clock.shift(timedelta(hours=-1))
    made = become(today, "in_chair")
    assert (made.arrived_at, made.seated_at) == (arrived_at, arrived_at)


def test_undo_comes_back_to_the_step_before(today, become, undo):
    become(today, "confirmed")
    become(today, "arrived")
    made = undo(today)
    assert (made.status, made.arrived_at, made.previous_status) == ("confirmed", None, "")
    assert Line.objects.latest("number").detail == {
        "action": "undo",
        "status": "confirmed",
        "state": "arrived",
    }
    with pytest.raises(operations.NothingToUndo):
        undo(today)


def test_undo_of_a_booking_is_none(today, undo):
    with pytest.raises(operations.NothingToUndo):
        undo(today)


def test_undo_of_yesterday_is_history(today, become, undo, frozen_clock):
    become(today, "in_chair")
    frozen_clock.shift(timedelta(days=2))
    with pytest.raises(operations.NothingToUndo):
        undo(today)


def test_cancel_frees_the_place_and_keeps_the_reason(book, sarah, alice):
    made = book()
    PinFactory.create(appointment=made, person=sarah)
    cancelled = operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="patient", expected_version=1
    )
    assert (cancelled.status, cancelled.cancel_reason) == ("cancelled", "patient")
    assert cancelled.cancelled_at == timezone.now()
    assert Line.objects.latest("number").detail["reason"] == "patient"
    assert not Pin.objects.exists()
    assert book(patient_id=PatientFactory.create(practice=alice.practice).id).starts_at == at(9)


def test_cancel_without_a_known_reason_is_a_mistake(book, sarah):
    with pytest.raises(ValueError, match="because"):
        operations.cancel(
            actor=actor(sarah), appointment_id=book().id, reason="because", expected_version=1
        )


@pytest.fixture
def cancelled_then_taken(book, sarah, alice):
    made = book()
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="mistake", expected_version=1
    )
    book(patient_id=PatientFactory.create(practice=alice.practice).id)
    return made


def test_cancelled_comes_back_where_nobody_sits(book, sarah, become, undo):
    made = book()
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="mistake", expected_version=1
    )
    back = undo(made)
    assert (back.status, back.cancel_reason, back.cancelled_at) == ("booked", "", None)
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="mistake", expected_version=3
    )
    assert become(made, "booked").cancel_reason == ""


def test_cancelled_never_comes_back_onto_another(cancelled_then_taken, become, undo):
    for attempt in (
        lambda: undo(cancelled_then_taken),
        lambda: become(cancelled_then_taken, "booked"),
    ):
        with pytest.raises(operations.SlotTaken):
            attempt()
    cancelled_then_taken.refresh_from_db()
    assert cancelled_then_taken.status == "cancelled"


def test_missed_patient_who_comes_late_sits_down(today, become, frozen_clock):
    become(today, "missed")
    frozen_clock.shift(timedelta(minutes=25))
    made = become(today, "arrived")
    assert (made.missed_at, made.arrived_at) == (None, timezone.now())


def test_missed_patient_who_comes_to_a_taken_place_is_refused(today, become, book, alice):
    become(today, "missed")
    somebody = PatientFactory.create(practice=alice.practice)
    book(patient_id=somebody.id, starts_at=at(9, 30, day=17))
    with pytest.raises(operations.SlotTaken):
        become(today, "arrived")


def test_missed_may_turn_out_to_be_cancelled(today, become, sarah):
    become(today, "missed")
    made = operations.cancel(
        actor=actor(sarah), appointment_id=today.id, reason="patient", expected_version=2
    )
    assert (made.status, made.missed_at) == ("cancelled", None)


def test_undo_from_missed_to_nobody_else_is_checked_too(today, become, undo, book, alice):
    become(today, "missed")
    book(
        patient_id=PatientFactory.create(practice=alice.practice).id,
        starts_at=at(9, 30, day=17),
    )
    with pytest.raises(operations.SlotTaken):
        undo(today)


def test_history_tells_the_steps(today, become, undo, patient):
    become(today, "arrived")
    undo(today)
    assert [change.words for change in queries.history(today.id, patient.id)] == [
        "étape annulée, de nouveau « réservé »",
        "arrivé",
        "réservé",
    ]


def test_old_appointment_without_steps_can_still_be_closed(alice, patient, become):
    old = AppointmentFactory.create(
        patient=patient, practitioner=alice, starts_at=timezone.now() - timedelta(days=3)
    )
    assert become(old, "missed").status == "missed"
    assert Appointment.objects.get().version == 2
