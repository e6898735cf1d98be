import pytest

from quenotte.base.audit.models import Line
from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.models import Pin
from tests.care.agenda.conftest import at
from tests.care.people import actor

pytestmark = pytest.mark.django_db


def test_pin_leaves_the_appointment_where_it_is(book, sarah, patient):
    made = book(title="Contrôle")
    operations.pin(actor=actor(sarah), appointment_id=made.id)
    (pinned,) = queries.pinboard(sarah.practice_id)
    assert (pinned.appointment_id, pinned.version) == (made.id, 1)
    assert (pinned.starts_at, pinned.minutes, pinned.title) == (at(9), 30, "Contrôle")
    assert (pinned.person_id, pinned.person) == (sarah.id, sarah.full_name)
    assert pinned.patient_name == patient.full_name
    assert Line.objects.latest("number").detail == {"action": "pin"}


def test_pin_twice_is_one(book, sarah):
    made = book()
    for _ in range(2):
        operations.pin(actor=actor(sarah), appointment_id=made.id)
    assert Pin.objects.count() == 1
    assert Line.objects.count() == 2


def test_pin_that_a_colleague_carries_is_refused(book, sarah, bob):
    made = book()
    operations.pin(actor=actor(bob), appointment_id=made.id)
    with pytest.raises(operations.AlreadyPinned) as refused:
        operations.pin(actor=actor(sarah), appointment_id=made.id)
    assert bob.full_name in str(refused.value)


def test_pin_of_what_was_cancelled_is_refused(book, sarah):
    made = book()
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="patient", expected_version=1
    )
    with pytest.raises(operations.NoLongerThere):
        operations.pin(actor=actor(sarah), appointment_id=made.id)


def test_pin_of_somebody_who_is_here_is_refused(book, sarah):
    made = book(starts_at=at(9, 30, day=17))
    operations.set_status(
        actor=actor(sarah), appointment_id=made.id, status="arrived", expected_version=1
    )
    with pytest.raises(operations.NoLongerThere):
        operations.pin(actor=actor(sarah), appointment_id=made.id)


def test_pin_of_a_stranger_is_refused(book, chloe):
    with pytest.raises(operations.NoSuchAppointment):
        operations.pin(actor=actor(chloe), appointment_id=book().id)


def test_pinboard_of_another_practice_is_its_own(book, sarah, chloe):
    operations.pin(actor=actor(sarah), appointment_id=book().id)
    assert queries.pinboard(chloe.practice_id) == []


def test_unpin_by_anybody_of_the_desk(book, sarah, bob):
    made = book()
    operations.pin(actor=actor(bob), appointment_id=made.id)
    operations.unpin(actor=actor(sarah), appointment_id=made.id)
    assert not Pin.objects.exists()
    assert Line.objects.latest("number").detail == {"action": "unpin"}


def test_unpin_of_what_is_on_no_board_writes_nothing(book, sarah):
    operations.unpin(actor=actor(sarah), appointment_id=book().id)
    assert Line.objects.count() == 1


def test_history_tells_of_the_board(book, sarah, patient):
    made = book()
    operations.pin(actor=actor(sarah), appointment_id=made.id)
    operations.unpin(actor=actor(sarah), appointment_id=made.id)
    told = queries.history(made.id, patient.id)
    assert [one.words for one in told] == ["retiré du panneau", "mis sur le panneau", "réservé"]
