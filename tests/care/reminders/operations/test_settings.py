import pytest
from django.db import connection

from quenotte.base.audit.models import Line
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import ReminderSettings
from quenotte.care.reminders.operations import carriers
from quenotte.care.reminders.operations.settings import (
    EDITABLE,
    BadSmsSender,
    ClearTextRefused,
    NotReady,
    SettingsChanged,
    save_settings,
    try_mail,
)
from quenotte.devices.mail.troubles import Cause, MailTrouble
from tests.care.people import actor
from tests.conftest import NOW
from tests.support.mail_servers import serving
from tests.support.racing import race

pytestmark = pytest.mark.django_db

VALUES = {name: getattr(ReminderSettings(), name) for name in EDITABLE} | {
    "smtp_host": "smtp.courriel.example",
    "smtp_user": "cabinet",
    "sender_address": "rappels@quenottes.example",
    "sms_sender": "QUENOTTES",
}


def save(alice, *, password="", seen=0, **changes):
    return save_settings(
        actor=actor(alice), values=VALUES | changes, password=password, seen_version=seen
    )


def test_first_saving_and_its_line(alice):
    found = save(alice, password="mot-de-passe")
    assert (found.version, found.smtp_host) == (1, "smtp.courriel.example")
    line = Line.objects.get(object_kind="reminder_settings")
    assert "smtp_host" in line.detail["fields"]
    assert "mot-de-passe" not in str(line.detail)


def test_turning_on_notes_the_moment_once(alice):
    assert save(alice).turned_on_at is None
    assert save(alice, seen=1, is_on=True).turned_on_at == NOW
    ReminderSettings.objects.update(turned_on_at=None)
    assert save(alice, seen=2, is_on=True, sms_is_on=True).turned_on_at is None


def test_password_is_sealed_and_read_by_the_sender_alone(alice, practice):
    save(alice, password="mot-de-passe")
    found = queries.settings_of(practice.id)
    assert carriers.account_of(found).password == "mot-de-passe"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_password FROM care_remindersettings")
        assert "mot-de-passe" not in cursor.fetchone()[0]


def test_empty_password_keeps_the_one_there_is(alice, practice):
    save(alice, password="mot-de-passe")
    save(alice, seen=1, mail_hours_before=48)
    assert carriers.account_of(queries.settings_of(practice.id)).password == "mot-de-passe"


@pytest.mark.parametrize(
    "change",
    [
        {"smtp_host": "smtp.ailleurs.example"}, {"smtp_port": 2525},
        {"smtp_user": "autre"}, {"smtp_security": "tls"},
    ],
)  # fmt: skip
def test_password_never_goes_to_another_server(alice, practice, change):
    save(alice, password="mot-de-passe")
    save(alice, seen=1, **change)
    assert carriers.account_of(queries.settings_of(practice.id)).password == ""


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"is_on": True, "smtp_host": ""}, NotReady),
        ({"is_on": True, "sender_address": ""}, NotReady),
        ({"is_on": True, "sms_is_on": True, "sms_sender": ""}, BadSmsSender),
        ({"sms_sender": "0639981234"}, BadSmsSender),
        ({"smtp_security": "none"}, ClearTextRefused),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_saved(alice, change, refusal):
    with pytest.raises(refusal):
        save(alice, **change)
    assert not ReminderSettings.objects.exists()


def test_short_messages_alone_need_no_mail_server(alice):
    changes = {"is_on": True, "mail_is_on": False, "sms_is_on": True, "smtp_host": ""}
    assert save(alice, **changes).is_on


def test_relay_of_this_machine_needs_no_protection(alice):
    assert save(alice, smtp_host="localhost", smtp_security="none").version == 1


def test_stale_form_overwrites_nothing(alice):
    save(alice)
    with pytest.raises(SettingsChanged):
        save(alice, mail_hours_before=24)
    assert ReminderSettings.objects.get().mail_hours_before == 72


def test_saving_wakes_a_server_that_was_left_in_peace(alice):
    save(alice)
    ReminderSettings.objects.update(trouble="login", trouble_since=NOW, rests_until=NOW)
    found = save(alice, seen=1, password="juste")
    assert (found.trouble, found.rests_until) == ("", None)


@pytest.mark.django_db(transaction=True)
def test_two_first_savings_are_one(alice):
    given = race(lambda: save(alice), lambda: save(alice, mail_hours_before=24))
    assert sum(isinstance(it, SettingsChanged) for it in given) == 1
    assert ReminderSettings.objects.count() == 1


class TestTrial:
    def test_letter_names_no_patient_and_its_line_is_written(self, alice, sending, post):
        trial = try_mail(actor=actor(alice), recipient="alice@quenottes.example")
        assert trial.reason == ""
        (letter,) = post.letters
        assert letter.recipient == "alice@quenottes.example"
        assert letter.sender_name == "Cabinet des Quenottes"
        line = Line.objects.get(object_kind="reminder_settings")
        assert (line.action, line.result) == ("send", "ok")

    def test_refusal_is_told_and_written(self, alice, sending, post):
        post.troubles.append(MailTrouble(Cause.LOGIN, code=535, is_temporary=False))
        trial = try_mail(actor=actor(alice), recipient="alice@quenottes.example")
        assert (trial.reason, trial.code, trial.is_temporary) == ("login", 535, False)
        assert Line.objects.get(object_kind="reminder_settings").result == "failed"

    def test_success_wakes_the_server(self, alice, sending, post):
        ReminderSettings.objects.update(trouble="login", rests_until=NOW)
        try_mail(actor=actor(alice), recipient="alice@quenottes.example")
        assert ReminderSettings.objects.get().trouble == ""

    def test_password_sealed_with_another_key_is_told(self, alice, sending, post):
        ReminderSettings.objects.update(sealed_password="gAAAA")
        trial = try_mail(actor=actor(alice), recipient="alice@quenottes.example")
        assert trial.reason == "password_lost"

    def test_real_server_takes_it(self, alice, sending):
        with serving() as server:
            ReminderSettings.objects.update(smtp_host="127.0.0.1", smtp_port=server.port)
            trial = try_mail(actor=actor(alice), recipient="alice@quenottes.example")
        assert trial.reason == ""
        assert server.letters[0]["Subject"] == "Essai d’envoi de Cabinet des Quenottes"


def test_check_does_everything_but_send():
    from quenotte.devices.mail.accounts import Account, Security

    with serving() as server:
        carriers.check_mail(Account("127.0.0.1", server.port, Security.NONE))
    assert server.letters == []


def test_operator_is_a_simulator_and_says_so(settings, tmp_path, monkeypatch):
    monkeypatch.undo()
    assert carriers.operator().is_simulated
