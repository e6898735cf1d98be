"""Two people at once, each on a connection of her own: exactly one wins, the other is told."""

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.audit.operations import verify
from quenotte.care.agenda import operations
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import Wish
from quenotte.care.patients.models import Patient
from quenotte.kernel.errors import Refusal
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import PatientFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody(alice):
    return PatientFactory.create(practice=alice.practice)


def winners(answers):
    return [answer for answer in answers if not isinstance(answer, Refusal)]


def losers(answers):
    return [type(answer) for answer in answers if isinstance(answer, Refusal)]


def test_two_secretaries_on_one_slot(book, somebody, sarah, bob):
    answers = race(lambda: book(by=sarah), lambda: book(by=bob, patient_id=somebody.id))
    assert losers(answers) == [operations.SlotTaken]
    assert [Appointment.objects.get()] == winners(answers)
    assert Line.objects.filter(object_kind="appointment").count() == 1
    assert verify().is_sound


def test_two_bookings_that_overlap_by_some_minutes(book, somebody):
    answers = race(book, lambda: book(patient_id=somebody.id, starts_at=at(9, 20)))
    assert losers(answers) == [operations.SlotTaken]
    assert Appointment.objects.count() == 1


def test_two_practitioners_in_one_chair(book, somebody, hugo):
    answers = race(book, lambda: book(patient_id=somebody.id, practitioner_id=hugo.id))
    assert losers(answers) == [operations.SlotTaken]


def test_two_columns_at_once_both_win(book, somebody, hugo, other_chair):
    answers = race(
        book,
        lambda: book(patient_id=somebody.id, practitioner_id=hugo.id, chair_id=other_chair.id),
    )
    assert losers(answers) == []
    assert Appointment.objects.count() == 2


def test_two_new_patients_on_one_slot_leave_one_record(book):
    def call(surname):
        new = operations.NewPatient(surname=surname, first_name="Yann", phone="+33639980012")
        return book(new_patient=new)

    before = Patient.objects.count()
    answers = race(lambda: call("Le Goff"), lambda: call("Le Bihan"))
    assert losers(answers) == [operations.SlotTaken]
    assert Patient.objects.count() == before + 1


def test_appointment_dragged_while_another_cancels_it(book, sarah, bob):
    made = book()

    def drag():
        return operations.move(
            actor=actor(sarah), appointment_id=made.id, starts_at=at(14), expected_version=1
        )

    def cancel():
        return operations.cancel(
            actor=actor(bob), appointment_id=made.id, reason="patient", expected_version=1
        )

    answers = race(drag, cancel)
    assert losers(answers) == [operations.ChangedMeanwhile]
    made.refresh_from_db()
    was_dragged = made.starts_at == at(14)
    assert (made.status == "cancelled") is not was_dragged
    assert (made.version, Line.objects.count()) == (2, 2)


def test_two_drag_to_one_place(book, somebody, sarah):
    first, second = book(), book(patient_id=somebody.id, starts_at=at(10))

    def drag(made):
        return lambda: operations.move(
            actor=actor(sarah), appointment_id=made.id, starts_at=at(15), expected_version=1
        )

    answers = race(drag(first), drag(second))
    assert losers(answers) == [operations.SlotTaken]


def test_two_drag_across_each_other(book, somebody, hugo, other_chair, alice, chair, sarah):
    """Each leaves the column that the other enters: nobody waits for ever."""
    first = book()
    second = book(
        patient_id=somebody.id,
        practitioner_id=hugo.id,
        chair_id=other_chair.id,
        starts_at=at(11),
    )

    def drag(made, practitioner, place):
        return lambda: operations.move(
            actor=actor(sarah),
            appointment_id=made.id,
            practitioner_id=practitioner.id,
            chair_id=place.id,
            expected_version=1,
        )

    answers = race(drag(first, hugo, other_chair), drag(second, alice, chair))
    assert losers(answers) == []


def test_cancelled_comes_back_while_another_books(book, somebody, sarah, bob):
    made = book()
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="mistake", expected_version=1
    )
    answers = race(
        lambda: operations.undo_status(
            actor=actor(sarah), appointment_id=made.id, expected_version=2
        ),
        lambda: book(by=bob, patient_id=somebody.id),
    )
    assert losers(answers) == [operations.SlotTaken]
    assert Appointment.objects.exclude(status="cancelled").count() == 1


def test_two_place_the_same_waiting_patient(book, sarah, bob, alice, chair, patient):
    entry = operations.add_short_notice(
        actor=actor(sarah),
        patient_id=patient.id,
        wish=Wish(minutes=30, from_day=at(0, day=17).date()),
    )

    def place(person, hour):
        return lambda: operations.book_from_short_notice(
            actor=actor(person),
            entry_id=entry.id,
            practitioner_id=alice.id,
            chair_id=chair.id,
            starts_at=at(hour),
        )

    answers = race(place(sarah, 9), place(bob, 15))
    assert losers(answers) == [operations.NoLongerWaiting]
    assert Appointment.objects.count() == 1


def test_two_press_arrived_at_once(book, sarah, bob):
    made = book(starts_at=at(9, 30, day=17))

    def arrive(person):
        return lambda: operations.set_status(
            actor=actor(person), appointment_id=made.id, status="arrived", expected_version=None
        )

    assert losers(race(arrive(sarah), arrive(bob))) == []
    assert Line.objects.count() == 2
