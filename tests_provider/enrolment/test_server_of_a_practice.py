"""The server of a practice and our companion on it: one machine; neither shuts the other out."""

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.kernel.enrolment import Told
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment import operations, queries
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.enrolment.rules import Doubt, Hardware, digest
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.facts import fingerprint, stored
from quenotte.provider.fleet.operations import Answer, Contact
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db

HERE, BARE = Hardware("4c4c4544-0042", "ABC123"), Hardware()


@pytest.fixture
def customer() -> Customer:
    return CustomerFactory.create()


@pytest.fixture
def token(customer: Customer, actor: Actor) -> str:
    return operations.make_token(customer_id=customer.id, machines=9, actor=actor)[1]


def enrol(
    token: str, agent: str, hardware: Hardware, name: str = "serveur.lilas"
) -> tuple[Machine, str]:
    told = Told(agent=agent, agent_name=name, name=name, hardware=hardware)
    made = operations.enrol(token=token, told=told)
    return Machine.objects.get(pk=made.machine_id), made.key


def accept(machine: Machine, actor: Actor) -> Machine:
    operations.accept(machine_id=machine.id, actor=actor)
    machine.refresh_from_db()
    return machine


def say(key: str, source: Source, fact: str, value: object, hardware: Hardware) -> Answer:
    facts = [Fact(fact, value, source, timezone.now())]
    contact = Contact(digest(key), source, fingerprint(facts), stored(facts), hardware)
    return fleet.take([contact], at=timezone.now())[0]


def both_speak(companion_key: str, pulse_key: str) -> bool:
    heard = say(companion_key, Source.STATION, "lock.after_s", 300, HERE)
    pulsed = say(pulse_key, Source.PRACTICE, "backup.has_anomaly", False, BARE)
    return (heard, pulsed) == (Answer.TAKEN, Answer.TAKEN)


def test_pulse_joins_the_companion_that_was_there(token: str, actor: Actor):
    companion, companion_key = enrol(token, "station", HERE, "SERVEUR")
    accept(companion, actor)
    pulse, pulse_key = enrol(token, "practice", BARE)
    assert pulse.doubt == Doubt.BESIDE
    assert accept(pulse, actor).host_id == companion.id
    assert list(queries.believed()) == [companion]
    assert both_speak(companion_key, pulse_key)
    companion.refresh_from_db()
    assert (companion.standing, companion.speaks_for_practice) == ("accepted", True)


def test_companion_joins_the_pulse_that_was_there_and_tells_its_hardware(token: str, actor: Actor):
    pulse, pulse_key = enrol(token, "practice", BARE)
    assert pulse.doubt == Doubt.NEW
    accept(pulse, actor)
    companion, companion_key = enrol(token, "station", HERE)
    assert companion.doubt == Doubt.BESIDE
    assert accept(companion, actor).host_id == pulse.id
    assert both_speak(companion_key, pulse_key)
    pulse.refresh_from_db()
    assert (pulse.standing, pulse.serial) == ("accepted", "ABC123")


def test_companion_speaks_no_more_once_the_pulse_beside_it_is_revoked(token: str, actor: Actor):
    companion = accept(enrol(token, "station", HERE)[0], actor)
    pulse = accept(enrol(token, "practice", BARE)[0], actor)
    companion.refresh_from_db()
    assert companion.speaks_for_practice
    operations.revoke(machine_id=pulse.id, actor=actor)
    companion.refresh_from_db()
    assert not companion.speaks_for_practice


def test_companion_that_is_left_by_the_pulse_it_joined_speaks_for_nobody(token: str, actor: Actor):
    pulse = accept(enrol(token, "practice", BARE)[0], actor)
    companion = accept(enrol(token, "station", HERE)[0], actor)
    assert (companion.host_id, pulse.speaks_for_practice) == (pulse.id, True)
    operations.revoke(machine_id=pulse.id, actor=actor)
    companion.refresh_from_db()
    assert (companion.host_id, companion.speaks_for_practice) == (None, False)


def test_pulse_that_is_left_by_its_companion_goes_on_to_speak(token: str, actor: Actor):
    companion = accept(enrol(token, "station", HERE)[0], actor)
    pulse = accept(enrol(token, "practice", BARE)[0], actor)
    operations.revoke(machine_id=companion.id, actor=actor)
    pulse.refresh_from_db()
    assert (pulse.host_id, pulse.speaks_for_practice) == (None, True)


def test_clone_of_the_companion_is_noticed_beside_a_pulse(token: str, actor: Actor):
    for agent, hardware in (("practice", BARE), ("station", HERE)):
        accept(enrol(token, agent, hardware)[0], actor)
    clone, _key = enrol(token, "station", HERE)
    assert clone.doubt == Doubt.TWICE
    accept(clone, actor)
    left = Machine.objects.filter(standing="accepted")
    assert {one.agent for one in left} == {"practice", "station"}
    assert queries.believed().count() == 1


def test_key_of_the_companion_on_another_hardware_is_put_aside_and_the_pulse_goes_on(
    token: str, actor: Actor
):
    companion, companion_key = enrol(token, "station", HERE)
    accept(companion, actor)
    pulse, pulse_key = enrol(token, "practice", BARE)
    accept(pulse, actor)
    copied = Hardware("9999-1", "XYZ")
    assert say(companion_key, Source.STATION, "lock.after_s", 1, copied) is Answer.QUARANTINED
    assert say(pulse_key, Source.PRACTICE, "backup.has_anomaly", True, BARE) is Answer.TAKEN


def test_server_that_is_paired_again_takes_the_place_of_the_one_before(token: str, actor: Actor):
    first, first_key = enrol(token, "practice", BARE)
    accept(first, actor)
    again, again_key = enrol(token, "practice", BARE)
    assert again.doubt == Doubt.TWICE
    accept(again, actor)
    assert say(first_key, Source.PRACTICE, "backup.has_anomaly", True, BARE) is Answer.UNKNOWN
    assert say(again_key, Source.PRACTICE, "backup.has_anomaly", True, BARE) is Answer.TAKEN
    assert list(queries.believed()) == [again]


def test_name_that_two_machines_bear_joins_neither(token: str, actor: Actor):
    accept(enrol(token, "station", HERE)[0], actor)
    accept(enrol(token, "station", Hardware("9999-1", "XYZ"))[0], actor)
    pulse = accept(enrol(token, "practice", BARE)[0], actor)
    assert pulse.host_id is None


def test_companions_are_not_known_by_their_names(token: str, actor: Actor):
    accept(enrol(token, "glpi", BARE)[0], actor)
    other = enrol(token, "station", HERE)[0]
    assert other.doubt == Doubt.NEW
    assert accept(other, actor).host_id is None
