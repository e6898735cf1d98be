from datetime import timedelta

import pytest

from quenotte.base.audit.models import Line
from quenotte.care.reminders.models import Message, ReminderSettings
from quenotte.care.reminders.operations.answers import NotAMessage
from quenotte.care.reminders.operations.resending import CannotResend, NotOverYet, send_again
from quenotte.care.reminders.operations.sending import send_due
from quenotte.care.reminders.rules.states import Blocked
from tests.care.people import actor
from tests.conftest import NOW
from tests.factories import MessageFactory, MessageTemplateFactory

LATER = NOW + timedelta(days=3)

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(sending, book):
    return MessageFactory.create(appointment=book(LATER), state="failed", reason="recipient")


def test_new_message_leaves_and_the_old_one_stays(failed, sarah, post):
    again = send_again(actor=actor(sarah), message_id=failed.id)
    assert (again.copy, again.state, again.asked_by_id) == (2, "due", sarah.id)
    failed.refresh_from_db()
    assert (failed.state, failed.seen_at) == ("failed", NOW)
    assert Line.objects.get(object_kind="message").person_id == sarah.id
    assert send_due(now=lambda: NOW) == 1
    assert again.token_digest != failed.token_digest


def test_person_may_send_a_kind_that_is_not_sent_by_itself(failed, sarah, post, practice):
    MessageTemplateFactory.create(practice=practice, is_on=False)
    send_again(actor=actor(sarah), message_id=failed.id)
    assert send_due(now=lambda: NOW) == 1


def test_message_on_its_way_is_not_sent_beside_itself(failed, sarah):
    send_again(actor=actor(sarah), message_id=failed.id)
    with pytest.raises(NotOverYet):
        send_again(actor=actor(sarah), message_id=failed.id)
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email": ""}, Blocked.NO_ADDRESS),
        ({"refuses_mail": True}, Blocked.REFUSES),
        ({"do_not_contact": True}, Blocked.DO_NOT_CONTACT),
    ],
)
def test_patient_still_decides(failed, sarah, marie, change, reason):
    type(marie).objects.update(**change)
    with pytest.raises(CannotResend) as caught:
        send_again(actor=actor(sarah), message_id=failed.id)
    assert caught.value.reason is reason
    assert "Rien n’a été envoyé" in str(caught.value)
    assert Message.objects.count() == 1


def test_appointment_still_decides(failed, sarah, frozen_clock):
    type(failed.appointment).objects.update(status="cancelled")
    with pytest.raises(CannotResend) as caught:
        send_again(actor=actor(sarah), message_id=failed.id)
    assert "a changé" in str(caught.value)
    type(failed.appointment).objects.update(status="booked")
    frozen_clock.move_to(LATER - timedelta(hours=1))
    with pytest.raises(CannotResend) as caught:
        send_again(actor=actor(sarah), message_id=failed.id)
    assert caught.value.reason is Blocked.TOO_LATE


def test_practice_that_sends_nothing_sends_nothing_again(failed, sarah):
    ReminderSettings.objects.update(is_on=False)
    with pytest.raises(CannotResend):
        send_again(actor=actor(sarah), message_id=failed.id)


def test_short_message_is_judged_by_its_own_switch(sending, book, sarah):
    text = MessageFactory.create(appointment=book(LATER), channel="sms", state="failed")
    ReminderSettings.objects.update(sms_is_on=False)
    with pytest.raises(CannotResend):
        send_again(actor=actor(sarah), message_id=text.id)


def test_message_of_another_practice_is_unknown(failed, chloe):
    with pytest.raises(NotAMessage):
        send_again(actor=actor(chloe), message_id=failed.id)
