"""A server that tells of copies no more is one piece of news, however many rules see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.enrolment import operations as enrolling
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as found
from quenotte.provider.fleet.models import Finding, Posture
from quenotte.provider.incidents import queries, wording
from quenotte.provider.incidents.models import Incident
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_agents import FACTS, MINUTE, beside, speak
from tests_provider.fleet.test_judging import tell
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
UNTOLD = "plus de nouvelles des sauvegardes"


@pytest.fixture
def pair() -> tuple[Machine, Machine]:
    """Return a companion and the server of a practice on one machine, both heard just now."""
    companion = MachineFactory.create(
        name="SERVEUR", customer=CustomerFactory.create(name="Cabinet des Lilas")
    )
    server = beside(companion, "practice")
    speak(companion, server)
    fleet.sweep(now=timezone.now())
    return companion, server


def go_on(clock: Any, hours: float, *speakers: Machine) -> None:
    """Let hours pass as the worker sees them."""
    until = timezone.now() + timedelta(hours=hours)
    while timezone.now() < until:
        clock.shift(5 * MINUTE)
        speak(*speakers)
        now = timezone.now()
        fleet.sweep(now=now)
        fleet.hear_copies(now=now)
        look()


def is_open(rule: str) -> bool:
    return Finding.objects.filter(rule=rule, is_open=True).exists()


def test_dead_agent_of_a_practice_is_one_incident(
    pair: Any, tom: Person, client_of: Any, frozen_clock: Any
):
    companion, server = pair
    go_on(frozen_clock, 9, companion)
    assert not is_open("backup_silence")
    one = Incident.objects.get(closed_at=None)
    assert (one.cause, one.rule, one.findings) == ("silence", "agent_silence", 1)
    # And it says what follows from it.
    assert wording.sentence_of(one).endswith(f"; {UNTOLD}")
    page = client_of(tom).get(f"/parc/cabinets/{companion.customer_id}/").content.decode()
    assert page.count(UNTOLD) == 1
    go_on(frozen_clock, 1, companion, server)
    assert not queries.needing().exists()
    assert not is_open("backup_silence")


def test_dead_server_of_a_practice_is_one_incident(pair: Any, frozen_clock: Any):
    go_on(frozen_clock, 9)
    assert is_open("silence")
    assert not is_open("backup_silence")
    assert Incident.objects.get(closed_at=None).cause == "silence"


def test_agent_that_never_told_of_copies_is_one_incident(frozen_clock: Any):
    companion = MachineFactory.create()
    beside(companion, "practice")
    speak(companion)
    go_on(frozen_clock, 9, companion)
    assert Incident.objects.get(closed_at=None).cause == "silence"


def silence_of(machine: Machine) -> str:
    """Return what is said of the agents of a machine."""
    one = Finding.objects.get(machine=machine, rule="agent_silence")
    return found.sentence(one.rule, one.state, one.reason, one.values)


def test_agent_that_tells_of_copies_with_its_own_key_says_what_follows(
    tom: Person, client_of: Any, frozen_clock: Any
):
    """Companion and server of the practice are one agent; osquery goes on beside it."""
    companion = MachineFactory.create(speaks_for_practice=True)
    other = beside(companion, "osquery")
    speak(companion, other)
    tell(companion, FACTS["practice"], source="practice")
    fleet.sweep(now=timezone.now())
    go_on(frozen_clock, 9, other)
    assert not is_open("backup_silence")
    one = Incident.objects.get(closed_at=None)
    assert "compagnon Quenotte" in wording.sentence_of(one)
    assert wording.sentence_of(one).endswith(f"; {UNTOLD}")
    page = client_of(tom).get(f"/parc/cabinets/{companion.customer_id}/").content.decode()
    assert page.count(UNTOLD) == 1


def test_agent_of_a_server_that_was_replaced_says_nothing_of_copies(pair: Any, frozen_clock: Any):
    companion, _server = pair
    new = MachineFactory.create(customer=companion.customer)
    new_server = beside(new, "practice")
    go_on(frozen_clock, 6, companion, new, new_server)
    assert not is_open("backup_silence")
    assert UNTOLD not in silence_of(companion)
    # The one that tells of them dies as well: that is said at once, and once.
    go_on(frozen_clock, 6, companion)
    assert is_open("silence")
    assert not is_open("backup_silence")
    assert silence_of(companion).endswith(f"; {UNTOLD}")
    one = Incident.objects.get(closed_at=None)
    assert one.cause == "silence"
    # It is back: what is told of the copies is no news of the other one.
    go_on(frozen_clock, 1, companion, new, new_server)
    assert UNTOLD not in silence_of(companion)
    assert UNTOLD not in wording.sentence_of(Incident.objects.get(closed_at=None))


def test_machine_of_a_replaced_server_that_is_revoked_leaves_one_that_says_it(
    pair: Any, actor: Actor, frozen_clock: Any
):
    companion, _server = pair
    new = MachineFactory.create(customer=companion.customer, speaks_for_practice=True)
    speak(new)
    go_on(frozen_clock, 2, companion, new)
    assert UNTOLD not in silence_of(companion)
    enrolling.revoke(machine_id=new.id, actor=actor)
    fleet.heed_changes(now=timezone.now())
    assert silence_of(companion).endswith(f"; {UNTOLD}")


def test_what_is_said_of_copies_is_no_news_at_each_look(pair: Any, frozen_clock: Any):
    companion, _server = pair
    go_on(frozen_clock, 2, companion)
    one = Finding.objects.get(rule="agent_silence")
    Posture.objects.update(alert_after=timezone.now())
    fleet.sweep(now=timezone.now())
    assert Finding.objects.get(rule="agent_silence").values == one.values
    assert fleet.claim_unsettled(10, but=[]) == {}


def test_other_agent_of_the_server_explains_no_silence_of_its_copies(frozen_clock: Any):
    # It tells of the copies itself, and tells of itself alone from now on.
    companion = MachineFactory.create(speaks_for_practice=True)
    other = beside(companion, "osquery")
    speak(companion, other)
    fleet.sweep(now=timezone.now())
    go_on(frozen_clock, 9, companion)
    assert is_open("agent_silence")
    assert is_open("backup_silence")
    causes = Incident.objects.filter(closed_at=None).values_list("cause", flat=True)
    assert set(causes) == {"silence", "backup"}


def test_second_server_that_is_heard_leaves_the_silence_of_copies(pair: Any, frozen_clock: Any):
    companion, _server = pair
    second = MachineFactory.create(customer=companion.customer, speaks_for_practice=True)
    speak(second)
    go_on(frozen_clock, 9, companion, second)
    assert is_open("backup_silence")
    # Which says it alone.
    assert UNTOLD not in silence_of(companion)


def test_silence_of_copies_gives_way_to_that_of_its_server(frozen_clock: Any):
    companion = MachineFactory.create(speaks_for_practice=True)
    speak(companion)
    fleet.sweep(now=timezone.now())
    go_on(frozen_clock, 6, companion)
    assert is_open("backup_silence")
    go_on(frozen_clock, 2)
    assert is_open("silence")
    assert not is_open("backup_silence")
    assert Incident.objects.get(closed_at=None).cause == "silence"


def test_server_that_is_back_opens_no_second_incident(pair: Any, frozen_clock: Any):
    companion, server = pair
    go_on(frozen_clock, 9)
    # Its companion is heard first, the server of the practice when it is started.
    go_on(frozen_clock, 1 / 4, companion)
    assert not queries.needing().exists()
    go_on(frozen_clock, 1, companion, server)
    assert set(Incident.objects.values_list("cause", flat=True)) == {"silence"}


def test_server_that_is_back_and_tells_of_no_copies_is_said_in_its_time(frozen_clock: Any):
    companion = MachineFactory.create(speaks_for_practice=True)
    speak(companion)
    tell(companion, FACTS["practice"], source="practice")
    told_at = timezone.now()
    fleet.sweep(now=timezone.now())
    go_on(frozen_clock, 9)
    go_on(frozen_clock, 4.5, companion)
    assert not is_open("backup_silence")
    go_on(frozen_clock, 1, companion)
    one = Finding.objects.get(rule="backup_silence")
    assert one.is_open
    # It says when they were told of, and not when the server was back.
    assert one.values["last_seen_at"] == told_at.isoformat()


def test_silence_of_copies_stands_when_another_of_their_servers_is_back(
    pair: Any, frozen_clock: Any
):
    companion, _server = pair
    second = MachineFactory.create(customer=companion.customer, speaks_for_practice=True)
    speak(second)
    go_on(frozen_clock, 9, second)
    assert is_open("backup_silence")
    go_on(frozen_clock, 1 / 4, companion, second)
    assert not is_open("silence")
    assert is_open("backup_silence")
