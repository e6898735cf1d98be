import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.reminders.models import Message, ReminderSettings
from quenotte.care.reminders.operations import carriers
from quenotte.care.reminders.operations.news import collect_reports, forget_old
from quenotte.care.reminders.operations.sending import LEASE, REST, send_due
from quenotte.care.reminders.rules.tokens import token_of
from quenotte.devices.mail.troubles import Cause, MailTrouble
from tests.conftest import NOW
from tests.factories import MessageFactory, MessageTemplateFactory
from tests.support import mail_servers
from tests.support.mail_servers import Mood, serving
from tests.support.racing import race

DAY = timedelta(days=1)
LATER = NOW.replace(hour=10, minute=0) + DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(sending, book):
    return MessageFactory.create(appointment=book(LATER, title="Détartrage et composite"))


def again(message):
    message.refresh_from_db()
    return message


def send(at=NOW):
    return send_due(now=lambda: at)


def trouble(cause, **changes):
    return MailTrouble(cause, **{"is_temporary": True} | changes)


def test_letter_leaves_once_and_its_line_is_written(message, post):
    assert send() == 1
    assert send() == 0
    (letter,) = post.letters
    assert letter.recipient == "marie@courriel.example"
    assert letter.subject == "Rappel : votre rendez-vous du mercredi 18 mars à 10h"
    assert again(message).state == "sent"
    assert (message.sent_at, message.attempts, message.leased_until) == (NOW, 1, None)
    line = Line.objects.get(action="send")
    assert (line.result, line.source, line.patient_id) == ("ok", "system", message.patient_id)
    assert line.detail == {"channel": "mail", "purpose": "reminder"}
    assert line.practice_id == message.practice_id
    assert Event.objects.filter(name="reminder", audience="reminders.read").exists()


def test_letter_says_nothing_of_health_nor_of_the_family_name(message, post):
    send()
    words = post.letters[0].text + post.letters[0].subject
    for secret in ("Détartrage", "composite", "Durand", str(message.patient.file_number) + " "):
        assert secret.lower() not in words.lower()
    assert "Bonjour Marie," in words
    assert "Cabinet des Quenottes\n02 61 91 12 34" in words


def test_without_public_address_the_letter_asks_to_telephone(message, post, settings):
    settings.PUBLIC_URL = ""
    send()
    assert "appelez le 02 61 91 12 34" in post.letters[0].text
    assert "dites-le au cabinet" in post.letters[0].text
    assert "http" not in post.letters[0].text
    assert not post.letters[0].unsubscribe_url


def test_link_and_way_out_are_those_of_the_message(message, post, settings):
    settings.PUBLIC_URL = "https://rappels.quenottes.example"
    send()
    token = token_of(settings.SEALING_KEY, message.id)
    assert f"https://rappels.quenottes.example/r/{token}/\n" in post.letters[0].text
    stop = f"https://rappels.quenottes.example/r/{token}/arret/"
    assert post.letters[0].unsubscribe_url == stop
    assert stop in post.letters[0].text


def test_one_click_way_out_is_not_promised_without_https(message, post, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    send()
    assert not post.letters[0].unsubscribe_url


def test_version_of_the_words_is_kept(message, post, practice):
    words = MessageTemplateFactory.create(practice=practice)
    send()
    assert again(message).template == words
    assert post.letters[0].subject == "Le mercredi 18 mars"


def test_nothing_leaves_before_its_moment(message, post):
    Message.objects.update(due_at=NOW + timedelta(minutes=1))
    assert send() == 0
    assert post.letters == []


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        ({"status": "cancelled"}, "withdrawn", "not_expected"),
        ({"starts_at": LATER + timedelta(minutes=5)}, "withdrawn", "moved_again"),
    ],
)
def test_appointment_that_changed_meanwhile_withdraws_it(message, post, change, state, reason):
    type(message.appointment).objects.update(**change)
    assert send() == 0
    assert (again(message).state, message.reason) == (state, reason)
    assert post.letters == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"refuses_mail": True}, "refuses"),
        ({"do_not_contact": True}, "do_not_contact"),
        ({"died_on": NOW.date()}, "do_not_contact"),
        ({"email": ""}, "no_address"),
    ],
)
def test_patient_who_said_no_meanwhile_gets_nothing(message, post, marie, change, reason):
    type(marie).objects.update(**change)
    assert send() == 0
    assert (again(message).state, message.reason) == ("withdrawn", reason)


def test_words_switched_off_meanwhile_withdraw_it(message, post, practice):
    MessageTemplateFactory.create(practice=practice, is_on=False)
    assert send() == 0
    assert again(message).reason == "switched_off"


def test_night_puts_it_off_until_the_morning(message, post):
    Message.objects.update(due_at=NOW.replace(hour=20))
    assert send(NOW.replace(hour=22)) == 0
    assert timezone.localtime(again(message).due_at).hour == 8
    assert message.state == "due"


def test_too_late_is_a_failure_that_somebody_has_to_know(message, post):
    late = LATER - timedelta(hours=1)
    assert send(late) == 0
    assert (again(message).state, message.reason) == ("failed", "too_late")
    assert Line.objects.get(action="send").result == "failed"


def test_greylisting_is_waited_out_with_growing_patience(message, post):
    post.troubles.extend([trouble(Cause.BUSY, code=450)] * 2)
    assert send() == 0
    assert (again(message).state, message.reason, message.attempts) == ("due", "busy", 1)
    assert message.due_at == NOW + timedelta(minutes=5)
    assert send(NOW + timedelta(minutes=5)) == 0
    assert again(message).due_at == NOW + timedelta(minutes=20)
    assert send(NOW + timedelta(minutes=20)) == 1
    assert (again(message).state, message.reason, message.attempts) == ("sent", "", 3)


def test_unknown_mailbox_is_final(message, post):
    post.troubles.append(trouble(Cause.RECIPIENT, code=550, is_temporary=False))
    assert send() == 0
    assert (again(message).state, message.reason) == ("failed", "recipient")
    assert send(NOW + timedelta(hours=1)) == 0
    line = Line.objects.get(action="send")
    assert (line.result, line.detail["reason"]) == ("failed", "recipient")


def test_recipient_who_is_always_put_off_is_given_up(message, post):
    Message.objects.update(attempts=7)
    post.troubles.append(trouble(Cause.MAILBOX_FULL, code=452))
    send()
    assert (again(message).state, message.reason) == ("failed", "mailbox_full")


@pytest.mark.parametrize("is_temporary", [True, False])
def test_server_that_refuses_us_fails_no_letter_and_is_left_in_peace(
    sending, book, post, is_temporary
):
    first, second = (
        MessageFactory.create(appointment=book(LATER + timedelta(hours=n))) for n in range(2)
    )
    post.troubles.append(trouble(Cause.LOGIN, code=535, is_temporary=is_temporary))
    assert send() == 0
    assert len(post.accounts) == 1
    assert {again(it).state for it in (first, second)} == {"due"}
    assert sum(it.attempts for it in (first, second)) == 0
    sending.refresh_from_db()
    assert (sending.trouble, sending.trouble_since, sending.rests_until) == (
        "login", NOW, NOW + REST,
    )  # fmt: skip
    assert send(NOW + timedelta(minutes=1)) == 0
    assert len(post.accounts) == 1
    assert send(NOW + REST) == 2
    sending.refresh_from_db()
    assert (sending.trouble, sending.rests_until) == ("", None)


def test_trouble_keeps_the_moment_at_which_it_began(message, post, sending):
    post.troubles.extend([trouble(Cause.TIMEOUT)] * 2)
    send()
    send(NOW + REST)
    sending.refresh_from_db()
    assert sending.trouble_since == NOW


def test_password_sealed_with_another_key_is_told(message, post, sending):
    ReminderSettings.objects.update(sealed_password="gAAAA")
    assert send() == 0
    sending.refresh_from_db()
    assert sending.trouble == "password_lost"
    assert post.accounts == []


def test_nobody_is_resting_for_short_messages(sending, book, post):
    MessageFactory.create(appointment=book(LATER), channel="sms")
    ReminderSettings.objects.update(rests_until=NOW + REST)
    assert send() == 1


def test_uncertain_letter_leaves_again_with_the_same_number(message, post):
    post.troubles.append(trouble(Cause.DROPPED, is_uncertain=True))
    send()
    send(NOW + timedelta(minutes=5))
    first, second = post.letters
    assert first.identifier == second.identifier
    assert (first.text, first.subject) == (second.text, second.subject)


def test_claim_of_a_dead_worker_is_taken_up_when_it_runs_out(message, post):
    Message.objects.update(state="sending", attempts=1, leased_until=NOW + LEASE)
    assert send() == 0
    assert send(NOW + LEASE + timedelta(seconds=1)) == 1
    assert again(message).attempts == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(sending, book, post):
    for hour in range(6):
        MessageFactory.create(appointment=book(LATER + timedelta(hours=hour)))
    sent = race(send, send)
    assert sum(int(str(it)) for it in sent) == 6
    assert len({it.identifier for it in post.letters}) == len(post.letters) == 6


def test_round_has_an_end(sending, book, post):
    for hour in range(3):
        MessageFactory.create(appointment=book(LATER + timedelta(hours=hour)))
    assert send_due(now=lambda: NOW, limit=2) == 2


def test_practice_that_was_switched_off_sends_nothing(message, post):
    ReminderSettings.objects.update(is_on=False)
    assert send() == 0


def test_no_log_quotes_a_patient_or_a_password(message, post, caplog):
    caplog.set_level(logging.DEBUG)
    post.troubles.append(trouble(Cause.LOGIN, is_temporary=False))
    send()
    for secret in ("marie@", "Durand", "Marie"):
        assert secret not in caplog.text


class TestShortMessages:
    @pytest.fixture
    def text(self, sending, book):
        return MessageFactory.create(appointment=book(LATER), channel="sms")

    def test_it_is_taken_and_its_arrival_told(self, text, operator):
        assert send() == 1
        assert again(text).destination == "+33639981234"
        assert collect_reports(now=NOW) == 0
        assert collect_reports(now=NOW + timedelta(minutes=2)) == 1
        assert again(text).state == "delivered"
        assert text.delivered_at > NOW
        assert collect_reports(now=NOW + timedelta(minutes=3)) == 0
        assert [it.result for it in Line.objects.filter(action="send")] == ["ok", "ok"]

    def test_failure_afterwards_is_told(self, text, marie):
        type(marie).objects.update(mobile_phone="+33639981200")
        send()
        collect_reports(now=NOW + timedelta(minutes=2))
        assert (again(text).state, text.reason) == ("failed", "unknown_subscriber")

    def test_landline_is_refused_for_good(self, text, marie):
        type(marie).objects.update(mobile_phone="+33199001234")
        assert send() == 0
        assert again(text).state == "failed"

    def test_throttling_is_waited_out(self, text, monkeypatch, tmp_path):
        from quenotte.devices.sms.simulator import Simulator

        busy = Simulator(tmp_path / "busy.sqlite3", per_second=0)
        monkeypatch.setattr(carriers, "operator", lambda: busy)
        assert send() == 0
        assert (again(text).state, text.reason) == ("due", "throttled")

    def test_death_between_taken_and_written_sends_no_second_one(self, text, operator, practice):
        send()
        Message.objects.update(state="sending", leased_until=NOW - DAY, sent_at=None)
        MessageTemplateFactory.create(practice=practice, channel="sms", subject="")
        assert send() == 1
        assert again(text).state == "sent"

    def test_news_that_come_twice_count_once(self, text, operator, monkeypatch):
        send()
        collect_reports(now=NOW + timedelta(minutes=2))
        Line.objects.filter(action="send").count()
        stale = Message.objects.get()
        stale.state = "sent"
        from quenotte.care.reminders.operations import news

        report = operator.report(str(text.id), now=NOW + timedelta(minutes=5))
        assert news._write(stale, report) is False


def test_old_messages_are_forgotten_after_a_year(sending, book):
    old = MessageFactory.create(appointment=book(NOW - 366 * DAY))
    kept = MessageFactory.create(appointment=book(NOW - 364 * DAY))
    assert forget_old() == 1
    assert list(Message.objects.all()) == [kept]
    assert old.id != kept.id


class TestRealServer:
    """A real SMTP server on a loopback port (aiosmtpd)."""

    @pytest.fixture(autouse=True)
    def clock(self, frozen_clock):
        """Stay at ``NOW``: the servers count by monotonic time."""

    def reach(self, post, **changes):
        ReminderSettings.objects.update(
            **{"smtp_host": "127.0.0.1", "smtp_port": post.port} | changes
        )

    def test_letter_arrives(self, message):
        with serving() as post:
            self.reach(post)
            assert send() == 1
        assert post.letters[0]["To"] == "marie@courriel.example"
        assert post.letters[0]["Message-ID"] == f"<{message.id.hex}@quenottes.example>"

    def test_letter_goes_through_tls_with_the_sealed_password(self, message, tmp_path, monkeypatch):
        authority = mail_servers.authority(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
        with serving(starttls=authority.server(), login=True) as post:
            self.reach(
                post,
                smtp_security="starttls",
                smtp_user=mail_servers.USER,
                sealed_password=carriers.sealed(mail_servers.PASSWORD),
            )
            assert send() == 1
        assert post.peers[0]["login"]
        assert post.peers[0]["tls"]

    def test_later_then_now(self, message):
        with serving(mood=Mood(rcpt=["451 4.7.1 greylisted"])) as post:
            self.reach(post)
            assert send() == 0
            assert send(NOW + timedelta(minutes=5)) == 1
        assert len(post.letters) == 1

    def test_line_cut_after_the_content_gives_two_letters_of_one_number(self, message):
        with serving(mood=Mood(drops_in_data=True)) as post:
            self.reach(post)
            assert send() == 0
            assert again(message).reason == "dropped"
            post.mood.drops_in_data = False
            assert send(NOW + timedelta(minutes=5)) == 1
        first, second = post.letters
        assert first["Message-ID"] == second["Message-ID"]
        assert first.get_content() == second.get_content()
