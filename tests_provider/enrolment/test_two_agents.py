"""An inventory agent and our companion on one machine: one machine, and both are heard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.kernel.enrolment import Told
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment import operations, queries
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.enrolment.rules import Doubt, Hardware, digest
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.facts import fingerprint, stored
from quenotte.provider.fleet.models import Finding, Posture
from quenotte.provider.fleet.operations import Answer, Contact
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db

HERE = Hardware("4c4c4544-0042", "ABC123")


@pytest.fixture
def customer() -> Customer:
    return CustomerFactory.create()


@pytest.fixture
def token(customer: Customer, actor: Actor) -> str:
    return operations.make_token(customer_id=customer.id, machines=9, actor=actor)[1]


def enrol(token: str, agent: str, hardware: Hardware = HERE) -> tuple[Machine, str]:
    told = Told(agent=agent, agent_name=f"accueil-{agent}", name="ACCUEIL", hardware=hardware)
    made = operations.enrol(token=token, told=told)
    return Machine.objects.get(pk=made.machine_id), made.key


@pytest.fixture
def both(token: str, actor: Actor) -> tuple[Machine, str, Machine, str]:
    """An inventory agent, then the companion beside it; both accepted."""
    first, first_key = enrol(token, "glpi")
    operations.accept(machine_id=first.id, actor=actor)
    second, second_key = enrol(token, "station")
    assert second.doubt == Doubt.BESIDE
    operations.accept(machine_id=second.id, actor=actor)
    second.refresh_from_db()
    return first, first_key, second, second_key


def say(key: str, source: Source, **values: object) -> Answer:
    facts = [
        Fact(name.replace("__", "."), value, source, timezone.now())
        for name, value in values.items()
    ]
    contact = Contact(digest(key), source, fingerprint(facts), stored(facts), HERE)
    return fleet.take([contact], at=timezone.now())[0]


def test_second_agent_joins_the_machine_that_is_known(both):
    first, _key, second, _other = both
    assert second.host_id == first.id
    assert list(queries.believed()) == [first]
    assert queries.beside(first) == [second]
    assert queries.sources_of([first.id]) == {first.id: {"glpi", "station"}}


def test_both_tell_of_one_machine_and_the_rules_hear_both(both):
    first, first_key, _second, second_key = both
    assert say(first_key, Source.GLPI, os__family="windows", lock__after_s=0) is Answer.TAKEN
    assert say(second_key, Source.STATION, lock__after_s=300) is Answer.TAKEN
    told = {(one.source, one.key) for one in kept.of_machines([first.id])[first.id]}
    assert {(Source.GLPI, "os.family"), (Source.STATION, "lock.after_s")} <= told
    fleet.judge_due(now=timezone.now())
    found = Finding.objects.get(machine=first, rule="screen_locks")
    assert {one["source"] for one in found.dissent} | {one["source"] for one in found.evidence} == {
        "glpi",
        "station",
    }
    assert Posture.objects.count() == 1


def test_what_a_revoked_agent_told_is_believed_no_more(both, actor: Actor):
    first, first_key, second, second_key = both
    say(first_key, Source.GLPI, os__family="windows")
    say(second_key, Source.STATION, lock__after_s=0)
    operations.revoke(machine_id=second.id, actor=actor)
    assert say(second_key, Source.STATION, lock__after_s=0) is Answer.UNKNOWN
    assert say(first_key, Source.GLPI, os__family="windows") is Answer.TAKEN
    fleet.judge({first.id}, now=timezone.now())
    assert Finding.objects.get(machine=first, rule="screen_locks").state == "unknown"


def test_the_agent_that_stays_is_the_machine_when_the_first_is_revoked(both, actor: Actor):
    first, _first_key, second, second_key = both
    operations.revoke(machine_id=first.id, actor=actor)
    second.refresh_from_db()
    assert second.host_id is None
    assert list(queries.believed()) == [second]
    assert say(second_key, Source.STATION, lock__after_s=300) is Answer.TAKEN
    assert {one.key for one in kept.of_machines([second.id])[second.id]} == {"lock.after_s"}


def test_first_agent_installed_anew_takes_the_others_along(both, token: str, actor: Actor):
    first, _first_key, second, _second_key = both
    anew, _key = enrol(token, "glpi")
    assert anew.doubt == Doubt.TWICE
    operations.accept(machine_id=anew.id, actor=actor)
    for one in (first, second, anew):
        one.refresh_from_db()
    assert first.standing == "revoked"
    assert (second.host_id, anew.host_id) in {(None, second.id), (anew.id, None)}
    assert queries.believed().count() == 1


def test_another_hardware_is_another_machine(both, token: str, actor: Actor):
    other, _key = enrol(token, "station", Hardware("9999-1", "XYZ"))
    assert other.doubt == Doubt.NEW
    operations.accept(machine_id=other.id, actor=actor)
    assert queries.believed().count() == 2


def test_same_hardware_of_another_practice_is_another_machine(both, actor: Actor):
    elsewhere = CustomerFactory.create(name="Cabinet du Port")
    token = operations.make_token(customer_id=elsewhere.id, machines=1, actor=actor)[1]
    other, _key = enrol(token, "osquery")
    assert other.doubt == Doubt.NEW
    operations.accept(machine_id=other.id, actor=actor)
    other.refresh_from_db()
    assert other.host_id is None


def test_hardware_that_jumps_puts_its_own_agent_aside(both):
    first, _first_key, second, second_key = both
    facts = [Fact("lock.after_s", 1, Source.STATION, timezone.now())]
    stranger = Hardware("other", "other")
    contact = Contact(digest(second_key), "station", fingerprint(facts), stored(facts), stranger)
    assert fleet.take([contact], at=timezone.now()) == [Answer.QUARANTINED]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.standing, second.standing) == ("accepted", "quarantine")


def test_silence_is_that_of_the_agent_that_speaks_most_often(both):
    first, first_key, _second, second_key = both
    say(first_key, Source.GLPI, os__family="windows")
    say(second_key, Source.STATION, lock__after_s=300)
    now = timezone.now()
    fleet.judge_due(now=now)
    fleet.sweep(now=now)
    # Forty minutes of opening and some: an inventory agent alone would be silent tomorrow.
    fleet.sweep(now=now + timedelta(hours=2))
    assert Posture.objects.get(machine=first).silent_since is not None


def test_server_that_speaks_through_its_second_agent(token: str, actor: Actor):
    first, _key = enrol(token, "glpi")
    operations.accept(machine_id=first.id, actor=actor)
    second, second_key = enrol(token, "station")
    operations.accept(machine_id=second.id, actor=actor, speaks_for_practice=True)
    first.refresh_from_db()
    assert first.speaks_for_practice
    assert queries.spoken_for(digest(second_key)) == first.customer_id
