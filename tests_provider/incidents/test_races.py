"""Two workers at once, on both engines: nothing lost, nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.fleet.models import Unsettled
from quenotte.provider.incidents import operations
from quenotte.provider.incidents.models import Incident, Outgoing, Sending, Step
from tests.support import mail_servers
from tests.support.racing import race
from tests_provider.factories import DutyFactory, PostureFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db(transaction=True)
Found = Callable[..., Any]


@pytest.fixture
def found(transactional_db: None, found: Found) -> Found:
    return found


def draw() -> int:
    return operations.draw(now=timezone.now())


def test_two_workers_share_what_there_is_to_draw(tom: Person, found: Found):
    DutyFactory.create(person=tom)
    for _number in range(40):
        found(severity="critical")
    assert sum(race(draw, draw, draw)) + draw() == 40  # type: ignore[arg-type]
    assert (Incident.objects.count(), Step.objects.count(), Outgoing.objects.count()) == (
        40,
        40,
        40,
    )
    assert not Unsettled.objects.exists()


def test_what_is_found_while_somebody_draws_is_drawn_after(found: Found):
    one = found()

    def find() -> object:
        return found(machine=one.machine, rule="firewall_on", cause="firewall", reason="off")

    race(draw, find)
    draw()
    assert set(Incident.objects.values_list("cause", flat=True)) == {"encryption", "firewall"}


def test_storm_is_opened_once(tom: Person):
    DutyFactory.create(person=tom)
    for _number in range(12):
        PostureFactory.create(silent_since=timezone.now() - timedelta(minutes=1), is_sudden=True)

    def listen() -> object:
        return operations.listen(now=timezone.now())

    race(listen, listen, listen)
    look()
    assert Incident.objects.filter(customer=None).count() == 1
    assert Outgoing.objects.count() == 1


def test_message_is_sent_by_one_worker(tom: Person, found: Found):
    DutyFactory.create(person=tom)
    with mail_servers.serving() as post:
        Sending.objects.create(
            practice=tom.practice, smtp_host="127.0.0.1", smtp_port=post.port,
            smtp_security="none", sender_address="technique@exemple.test",
        )  # fmt: skip
        for _number in range(6):
            found(severity="critical")
        draw()
        assert sum(race(operations.send_due, operations.send_due)) == 6  # type: ignore[arg-type]
    assert len({one["Message-ID"] for one in post.letters}) == len(post.letters) == 6


def test_incident_is_taken_by_one(tom: Person, diane: Person, found: Found, actor: Any):
    from dataclasses import replace

    found()
    draw()
    one = Incident.objects.get()
    other = replace(actor, person_id=diane.id, person_label=diane.full_name)
    answers = race(
        lambda: operations.take(incident_id=one.id, actor=actor),
        lambda: operations.take(incident_id=one.id, actor=other),
    )
    assert sum(isinstance(answer, operations.AlreadyTaken) for answer in answers) == 1
    assert Step.objects.filter(kind="taken").count() == 1
