from datetime import timedelta

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda.operations import IllegalStep
from quenotte.care.reminders.models import Message
from quenotte.care.reminders.operations.answers import (
    AlreadyAnswered,
    LinkOver,
    NotAMessage,
    Standing,
    answer,
    invitation,
    mark_seen,
    refuse_more,
)
from quenotte.care.reminders.rules.states import Answer
from tests.care.people import actor
from tests.conftest import NOW
from tests.factories import MessageFactory
from tests.support.racing import race

LATER = NOW + timedelta(days=3)

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(sending, book):
    return MessageFactory.create(appointment=book(LATER), state="sent", sent_at=NOW)


def test_confirmation_shows_in_the_agenda_and_in_the_journal(message):
    answer(message_id=message.id, wanted=Answer.CONFIRMED)
    message.refresh_from_db()
    assert (message.answer, message.answered_at) == ("confirmed", NOW)
    message.appointment.refresh_from_db()
    assert message.appointment.status == "confirmed"
    assert Event.objects.filter(name="agenda", audience="agenda.read").exists()
    line = Line.objects.get(object_kind="message")
    assert (line.action, line.source, line.person_id) == ("change", "link", None)
    assert line.detail["state"] == "confirmed"
    assert line.patient_id == message.patient_id


def test_call_me_leaves_the_appointment_as_it_is(message):
    answer(message_id=message.id, wanted=Answer.CALL_ME)
    message.appointment.refresh_from_db()
    assert message.appointment.status == "booked"
    assert Event.objects.filter(name="reminder").exists()


def test_what_is_already_confirmed_stays_so(message):
    type(message.appointment).objects.update(status="confirmed")
    answer(message_id=message.id, wanted=Answer.CONFIRMED)
    assert Message.objects.get().answer == "confirmed"


def test_link_answers_once_whichever_message_held_it(message):
    other = MessageFactory.create(appointment=message.appointment, channel="sms")
    answer(message_id=message.id, wanted=Answer.CONFIRMED)
    for link in (message, other):
        with pytest.raises(AlreadyAnswered):
            answer(message_id=link.id, wanted=Answer.CALL_ME)
        assert invitation(Message.objects.get(id=link.id)).standing is Standing.ANSWERED
    assert Message.objects.exclude(answer="").count() == 1


@pytest.mark.parametrize("status", ["cancelled", "missed", "arrived", "done"])
def test_appointment_that_is_no_longer_expected_takes_no_answer(message, status):
    type(message.appointment).objects.update(status=status)
    with pytest.raises(LinkOver):
        answer(message_id=message.id, wanted=Answer.CONFIRMED)


def test_link_ends_when_the_appointment_begins_or_moves(message, frozen_clock):
    moved = message.appointment
    type(moved).objects.update(starts_at=LATER + timedelta(minutes=5))
    with pytest.raises(LinkOver):
        answer(message_id=message.id, wanted=Answer.CONFIRMED)
    type(moved).objects.update(starts_at=LATER)
    frozen_clock.move_to(LATER)
    with pytest.raises(LinkOver):
        answer(message_id=message.id, wanted=Answer.CONFIRMED)
    assert invitation(Message.objects.get()).standing is Standing.OVER


def test_message_that_asks_nothing_takes_no_answer(sending, book):
    message = MessageFactory.create(appointment=book(LATER), kind="cancelled")
    with pytest.raises(LinkOver):
        answer(message_id=message.id, wanted=Answer.CONFIRMED)


def test_what_the_agenda_refuses_leaves_no_answer(message, monkeypatch):
    def refuse(**_values):
        raise IllegalStep(status="arrived", wanted="confirmed")

    monkeypatch.setattr("quenotte.care.agenda.operations.set_status", refuse)
    with pytest.raises(IllegalStep):
        answer(message_id=message.id, wanted=Answer.CONFIRMED)
    assert Message.objects.get().answer == ""


def test_page_shows_a_time_and_a_practice_and_nobody(message):
    found = invitation(message)
    assert found.standing is Standing.OPEN
    assert (found.starts_at, found.practice, found.phone) == (
        LATER, "Cabinet des Quenottes", "02 61 91 12 34",
    )  # fmt: skip
    assert "Durand" not in repr(found)
    assert "Marie" not in repr(found)


def test_practice_without_telephone_shows_none(message, practice):
    type(practice).objects.update(phone="")
    assert invitation(message).phone == ""


def test_way_out_is_noted_on_the_record_by_channel(message, marie):
    version = marie.version
    refuse_more(message_id=message.id)
    refuse_more(message_id=message.id)
    marie.refresh_from_db()
    assert (marie.refuses_mail, marie.refuses_sms, marie.version) == (True, False, version + 1)
    line = Line.objects.get(object_kind="patient")
    assert (line.source, line.detail["fields"]) == ("link", "refuses_mail")


def test_called_back_is_noted_once(message, sarah):
    mark_seen(actor=actor(sarah), message_id=message.id)
    mark_seen(actor=actor(sarah), message_id=message.id)
    message.refresh_from_db()
    assert message.seen_at == NOW
    assert Line.objects.filter(object_kind="message", person_id=sarah.id).count() == 1


def test_message_of_another_practice_is_unknown(message, chloe):
    with pytest.raises(NotAMessage):
        mark_seen(actor=actor(chloe), message_id=message.id)


@pytest.mark.django_db(transaction=True)
def test_two_links_at_once_are_one_answer(message):
    other = MessageFactory.create(appointment=message.appointment, channel="sms")
    given = race(
        lambda: answer(message_id=message.id, wanted=Answer.CONFIRMED),
        lambda: answer(message_id=other.id, wanted=Answer.CALL_ME),
    )
    assert sum(isinstance(it, AlreadyAnswered) for it in given) == 1
    assert Message.objects.exclude(answer="").count() == 1
