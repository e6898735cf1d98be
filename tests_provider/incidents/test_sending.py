"""The outbox: only what is urgent, to who is on duty, once, whatever the services do."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.provider.incidents import jobs, operations
from quenotte.provider.incidents.models import Channel, Outgoing, Sending, Subscription
from quenotte.provider.incidents.operations import carriers, sending
from tests.support import mail_servers, push_services
from tests.support.mail_servers import Mood
from tests_provider.factories import (
    CustomerFactory,
    DutyFactory,
    MachineFactory,
    PersonFactory,
    SubscriptionFactory,
)
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


@pytest.fixture
def way(tom: Person) -> Sending:
    """How the provider sends; its server is that of each test."""
    operations.push_key(practice_id=tom.practice_id)
    Sending.objects.update(
        sender_address="technique@exemple.test", smtp_host="127.0.0.1", smtp_security="none",
        sms_sender="DENTAIRE",
    )  # fmt: skip
    return Sending.objects.get()


def reach(post: Any) -> None:
    Sending.objects.update(smtp_port=post.port)


def send(at: datetime | None = None) -> int:
    return operations.send_due(now=lambda: at or timezone.now())


def urgent(found: Found) -> Any:
    machine = MachineFactory.create(
        name="FAUTEUIL-1", customer=CustomerFactory.create(name="Cabinet des Lilas")
    )
    return found(
        machine=machine, rule="antivirus_active", cause="antivirus", severity="critical",
        reason="none", values={},
    )  # fmt: skip


def only() -> Outgoing:
    return Outgoing.objects.get()


def test_urgent_is_told_at_once_and_the_rest_is_not(tom: Person, found: Found):
    DutyFactory.create(person=tom)
    found()
    look()
    assert not Outgoing.objects.exists()
    urgent(found)
    look()
    one = only()
    assert (one.channel, one.destination, one.due_at) == (
        "mail",
        "tom@example.test",
        timezone.now(),
    )
    assert (one.title, one.text) == ("Cabinet des Lilas, Nantes", "Aucun antivirus")
    look()
    assert Outgoing.objects.count() == 1


def test_who_is_on_duty_is_told_and_nobody_else(tom: Person, diane: Person, found: Found):
    DutyFactory.create(person=tom, weekdays="1", from_hour=9, to_hour=10)
    DutyFactory.create(person=diane, weekdays="1", from_hour=10, to_hour=19)
    gone = PersonFactory.create(practice=tom.practice, role="technicien", is_active=False)
    DutyFactory.create(person=gone)
    urgent(found)
    look()
    assert [one.person for one in Outgoing.objects.all()] == [tom]


def test_nobody_on_duty_is_told_when_the_next_begins(tom: Person, found: Found, frozen_clock: Any):
    DutyFactory.create(person=tom)
    frozen_clock.shift(timedelta(hours=12))
    urgent(found)
    look()
    due = timezone.localtime(only().due_at)
    assert (due.day, due.hour, due.minute) == (18, 8, 0)
    assert send() == 0


@pytest.mark.usefixtures("sms_operator")
def test_three_ways_each_their_message(tom: Person, found: Found):
    DutyFactory.create(person=tom, by_push=True, by_sms=True, phone="+33639980001")
    SubscriptionFactory.create(person=tom)
    SubscriptionFactory.create(person=tom)
    urgent(found)
    look()
    assert sorted(Outgoing.objects.values_list("channel", flat=True)) == [
        "mail", "push", "push", "sms",
    ]  # fmt: skip


def test_letter_arrives_and_says_so(tom: Person, found: Found, way: Sending):
    DutyFactory.create(person=tom)
    urgent(found)
    look()
    with mail_servers.serving() as post:
        reach(post)
        assert send() == 1
        assert send() == 0
    (letter,) = post.letters
    assert (letter["To"], letter["Subject"]) == ("tom@example.test", "Cabinet des Lilas, Nantes")
    assert letter["Message-ID"] == f"<{only().id}@exemple.test>"
    assert letter.get_content().strip() == "Aucun antivirus"
    assert (only().state, only().sent_at) == ("sent", timezone.now())
    line = Line.objects.get(object_kind="alert")
    assert (line.action, line.object_id) == ("send", str(only().id))


def test_server_that_is_down_keeps_all_and_rests_longer_and_longer(
    tom: Person, found: Found, way: Sending, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    urgent(found)
    look()
    Sending.objects.update(smtp_port=9)
    rests = []
    for _turn in range(6):
        assert send() == 0
        channel = Channel.objects.get()
        assert channel.rests_until is not None
        rests.append((channel.rests_until - timezone.now()).total_seconds() / 60)
        frozen_clock.move_to(channel.rests_until)
    assert rests[0] == 1
    assert rests == sorted(rests)
    assert (only().state, only().attempts, channel.trouble) == ("due", 0, "unreachable")
    with mail_servers.serving() as post:
        reach(post)
        assert send() == 1
    assert len(post.letters) == 1
    assert Channel.objects.get().trouble == ""


def test_way_that_nobody_set_is_said_on_the_pages(
    tom: Person, found: Found, client_of: Callable[[Person], Any]
):
    page = client_of(tom).get("/parc/").content.decode()
    assert "Personne n’est prévenu des urgences" in page
    DutyFactory.create(person=tom)
    urgent(found)
    look()
    assert send() == 0
    page = client_of(tom).get("/parc/").content.decode()
    assert "Envois en panne : courriel" in page
    assert "aucun serveur d’envoi n’est réglé" in page
    assert "Personne n’est prévenu" not in page


def test_recipient_that_refuses_for_ever_is_given_up_and_others_go_on(
    tom: Person, diane: Person, found: Found, way: Sending
):
    for one in (tom, diane):
        DutyFactory.create(person=one)
    urgent(found)
    look()
    with mail_servers.serving(mood=Mood(rcpt=["550 5.1.1 nobody"])) as post:
        reach(post)
        assert send() == 1
    states = Outgoing.objects.order_by("state").values_list("state", "reason")
    assert list(states) == [("failed", "recipient"), ("sent", "")]
    assert Line.objects.filter(object_kind="alert", result="failed").count() == 1


def test_recipient_that_says_later_waits_longer_each_time(
    tom: Person, found: Found, way: Sending, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    urgent(found)
    look()
    waits = []
    with mail_servers.serving(mood=Mood(rcpt=["451 4.7.1 greylisted"] * 8)) as post:
        reach(post)
        for _turn in range(8):
            assert send() == 0
            if only().state == "due":
                waits.append((only().due_at - timezone.now()).total_seconds() / 60)
                frozen_clock.move_to(only().due_at)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert only().state == "failed"


def test_killed_after_the_server_took_it_sends_the_same_letter_again(
    tom: Person, found: Found, way: Sending, monkeypatch: pytest.MonkeyPatch
):
    DutyFactory.create(person=tom)
    urgent(found)
    look()

    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    with mail_servers.serving() as post:
        reach(post)
        with monkeypatch.context() as patch:
            patch.setattr(sending, "_write_sent", die)
            with pytest.raises(KeyboardInterrupt):
                send()
        # Held by the claim of who died, then taken up.
        assert send() == 0
        assert send(timezone.now() + timedelta(minutes=11)) == 1
    assert len({one["Message-ID"] for one in post.letters}) == 1


def test_message_that_breaks_us_does_not_keep_the_others(
    tom: Person, diane: Person, found: Found, way: Sending, monkeypatch: pytest.MonkeyPatch
):
    for one in (tom, diane):
        DutyFactory.create(person=one)
    urgent(found)
    look()
    carry, broken = carriers.carry, Outgoing.objects.filter(person=tom).get()

    def break_one(message: Outgoing, *rest: Any) -> None:
        if message.pk == broken.pk:
            raise RuntimeError
        carry(message, *rest)

    with mail_servers.serving() as post:
        reach(post)
        monkeypatch.setattr(carriers, "carry", break_one)
        assert send() == 1
    broken.refresh_from_db()
    assert (broken.state, broken.reason) == ("due", "error")


def test_alarm_that_is_over_before_it_left_is_dropped(
    tom: Person, found: Found, mend: Found, way: Sending
):
    DutyFactory.create(person=tom)
    finding = urgent(found)
    look()
    mend(finding)
    look()
    with mail_servers.serving() as post:
        reach(post)
        assert send() == 0
    assert not post.letters
    assert (only().state, only().reason) == ("dropped", "closed")


def test_notification_is_read_by_its_browser_alone_and_names_no_person(
    tom: Person, found: Found, way: Sending, settings: Any
):
    DutyFactory.create(person=tom, by_mail=False, by_push=True)
    with push_services.serving() as service:
        settings.PUSH_SERVICES = (service.origin,)
        SubscriptionFactory.create(
            person=tom, endpoint=f"{service.origin}/1", p256dh=service.p256dh, auth=service.auth
        )
        urgent(found)
        look()
        assert send() == 1
    (text,) = service.texts()
    incident = only().incident
    assert incident is not None
    assert json.loads(text) == {
        "title": "Cabinet des Lilas, Nantes",
        "body": "Aucun antivirus",
        "url": f"/parc/incidents/{incident.id}/",
        "tag": str(incident.id),
    }
    for name in (tom.first_name, tom.last_name, tom.username):
        assert name not in text
    assert "Lilas" not in str(service.taken)
    assert b"Lilas" not in service.bodies[0]


@pytest.mark.parametrize("status", [404, 410])
def test_browser_that_is_gone_is_forgotten(
    tom: Person, found: Found, way: Sending, settings: Any, status: int
):
    DutyFactory.create(person=tom, by_mail=False, by_push=True)
    with push_services.serving(status) as service:
        settings.PUSH_SERVICES = (service.origin,)
        SubscriptionFactory.create(
            person=tom, endpoint=f"{service.origin}/1", p256dh=service.p256dh, auth=service.auth
        )
        urgent(found)
        look()
        assert send() == 0
    assert not Subscription.objects.exists()
    assert (only().state, only().reason) == ("failed", "gone")


def test_push_service_that_is_busy_is_asked_again(
    tom: Person, found: Found, way: Sending, settings: Any
):
    DutyFactory.create(person=tom, by_mail=False, by_push=True)
    with push_services.serving(503) as service:
        settings.PUSH_SERVICES = (service.origin,)
        SubscriptionFactory.create(
            person=tom, endpoint=f"{service.origin}/1", p256dh=service.p256dh, auth=service.auth
        )
        urgent(found)
        look()
        assert send() == 0
        assert send(timezone.now() + timedelta(minutes=1)) == 1
    assert len(service.texts()) == 1


@pytest.mark.usefixtures("sms_operator")
def test_short_message_is_taken_once(
    tom: Person, found: Found, way: Sending, settings: Any, tmp_path: Any
):
    settings.DATA_DIR = tmp_path
    (tmp_path / "cache").mkdir()
    DutyFactory.create(person=tom, by_mail=False, by_sms=True, phone="+33639980001")
    urgent(found)
    look()
    assert send() == 1
    operator = carriers.operator()
    assert operator is not None
    report = operator.report(str(only().id), now=timezone.now())
    assert report is not None
    assert report.delivery == "accepted"
    # The operator had it, and we died before we wrote so.
    Outgoing.objects.update(state="due", text="D’autres mots")
    assert send() == 1


def test_keys_that_cannot_be_read_stop_the_way_and_say_so(tom: Person, found: Found, way: Sending):
    DutyFactory.create(person=tom, by_push=True)
    SubscriptionFactory.create(person=tom)
    Sending.objects.update(sealed_push_key="q1.AAAA", sealed_password="q1.AAAA")
    urgent(found)
    look()
    assert send() == 0
    assert set(Channel.objects.values_list("name", "trouble")) == {
        ("push", "no_key"),
        ("mail", "password_lost"),
    }


def test_report_is_handed_over_within_a_minute(
    tom: Person, way: Sending, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
):
    """A look each twenty seconds asks for the sending at once: two turns of the worker."""
    from quenotte.base.jobs.models import Run
    from tests_provider.fleet.test_judging import WINDOWS, tell

    DutyFactory.create(person=tom)
    machine = MachineFactory.create()
    arrived = timezone.now()
    tell(machine, {**WINDOWS, "remote.tools": {"value": [{"name": "AnyDesk", "id": "1"}]}})
    frozen_clock.shift(timedelta(seconds=20))
    jobs.look()
    assert Run.objects.filter(name=jobs.send.name).count() == 1
    frozen_clock.shift(timedelta(seconds=20))
    with mail_servers.serving() as post:
        reach(post)
        jobs.send()
    assert len(post.letters) == 1
    sent_at = only().sent_at
    assert sent_at is not None
    assert sent_at - arrived <= timedelta(seconds=60)
