from datetime import timedelta

import pytest

from quenotte.care.reminders import jobs
from quenotte.care.reminders.models import Message
from tests.conftest import NOW
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


def test_round_plans_sends_and_asks_for_news(sending, book, post):
    book(NOW + timedelta(days=2, hours=23))
    jobs.send_reminders()
    assert [it.state for it in Message.objects.filter(channel="mail")] == ["sent"]
    assert len(post.letters) == 1
    jobs.send_reminders()
    assert len(post.letters) == 1


def test_old_messages_are_forgotten(sending, book):
    MessageFactory.create(appointment=book(NOW - timedelta(days=400)))
    jobs.forget_messages()
    assert not Message.objects.exists()
