"""An agent that falls silent on a machine that is heard: found, told once, closed by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.customers import operations as customers
from quenotte.provider.enrolment import operations as enrolling
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations, queries
from quenotte.provider.fleet.models import Finding, Posture
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_judging import tell

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
#: What each says here, again and again; a server of a practice tells of its copies alone.
FACTS: dict[str, Any] = {
    "practice": {"backup.has_anomaly": {"value": False}},
    "station": {"os.family": {"value": "windows"}},
    "osquery": {"os.family": {"value": "windows"}},
    "glpi": {"os.family": {"value": "windows"}},
}


def speak(*rows: Machine) -> None:
    for one in rows:
        tell(one, FACTS[one.agent], source=one.agent)


def beside(machine: Machine, agent: str, **told: Any) -> Machine:
    """Return another agent on a machine, as it was enrolled."""
    speaks = agent == "practice"
    if speaks:
        Machine.objects.filter(pk=machine.pk).update(speaks_for_practice=True)
    made: Machine = MachineFactory.create(
        customer=machine.customer, agent=agent, host=machine, speaks_for_practice=speaks,
        hardware_uuid=machine.hardware_uuid, serial=machine.serial, name=machine.name, **told,
    )  # fmt: skip
    return made


@pytest.fixture
def pair(db: None) -> tuple[Machine, Machine]:
    """Return a companion and the server of a practice on one machine, both heard just now."""
    companion = MachineFactory.create(customer=CustomerFactory.create())
    server = beside(companion, "practice")
    speak(companion, server)
    operations.sweep(now=timezone.now())
    return companion, server


Going = Callable[..., list[tuple[str, str, int]]]


@pytest.fixture
def go_on(frozen_clock: Any) -> Going:
    """Return a way to let time pass while some agents speak every five minutes."""
    begun = timezone.now()

    def go(length: timedelta, *speakers: Machine) -> list[tuple[str, str, int]]:
        """Return what was told, each with the minute since the test began."""
        told, until = [], timezone.now() + length
        while timezone.now() < until:
            frozen_clock.shift(5 * MINUTE)
            now = timezone.now()
            speak(*speakers)
            told += [
                (one.finding.rule, one.event.value, (now - begun) // MINUTE)
                for one in (*operations.heed_changes(now=now), *operations.sweep(now=now))
            ]
        return told

    return go


def found() -> Finding:
    return Finding.objects.get(rule="agent_silence")


def words(one: Finding) -> str:
    return queries.sentence(one.rule, one.state, one.reason, one.values)


def test_companion_that_dies_beside_the_server_of_the_practice_is_told_once(pair: Any, go_on: Any):
    companion, server = pair
    # Five minutes and forty; ten more, for agents of a machine that begins come one by one.
    assert go_on(5 * HOUR, server) == [("agent_silence", "opened", 55)]
    one = found()
    assert (one.machine, one.customer_id) == (companion, companion.customer_id)
    assert (one.state, one.severity, one.cause, one.is_open) == (
        "bad", "important", "silence", True,
    )  # fmt: skip
    assert words(one) == (
        "agent muet sur une machine entendue : compagnon Quenotte (depuis le 17/03/2026 à 9 h 30)"
    )
    # The machine is heard: it is silent nowhere, and no part of a storm.
    assert Posture.objects.get().silent_since is None
    assert queries.sudden() == []
    assert not Posture.objects.filter(silent_since__isnull=False).exists()
    assert Posture.objects.get().alert_after > timezone.now()


def test_agent_that_is_heard_again_is_well_within_the_next_look(pair: Any, go_on: Any):
    companion, server = pair
    go_on(2 * HOUR, server)
    speak(companion)
    told = operations.sweep(now=timezone.now())
    assert [(one.finding.rule, one.event.value) for one in told] == [("agent_silence", "closed")]
    one = found()
    assert (one.state, one.is_open, one.opened_at, one.values) == ("ok", False, None, {})
    assert operations.sweep(now=timezone.now()) == []
    # It may die another time.
    assert go_on(HOUR, server) == [("agent_silence", "opened", 175)]


def test_whole_machine_that_stops_is_one_silence_alone(pair: Any, go_on: Any, frozen_clock: Any):
    _companion, server = pair
    frozen_clock.shift(4 * MINUTE)
    speak(server)
    assert go_on(3 * HOUR) == [("silence", "opened", 49)]
    assert not Finding.objects.filter(rule="agent_silence", is_open=True).exists()
    assert len(queries.sudden()) == 1


def test_silence_of_the_machine_takes_the_place_of_that_of_its_agent(pair: Any, go_on: Any):
    companion, server = pair
    go_on(2 * HOUR, server)
    assert go_on(HOUR) == [("silence", "opened", 165), ("agent_silence", "closed", 165)]
    # Back, but for the companion: it has its patience anew, and is told again.
    assert go_on(HOUR, server) == [("silence", "closed", 185), ("agent_silence", "opened", 235)]
    assert go_on(10 * MINUTE, companion, server) == [("agent_silence", "closed", 245)]


def test_agents_of_a_machine_that_begins_come_one_by_one(pair: Any, go_on: Any):
    companion, server = pair
    assert go_on(2 * HOUR) == [("silence", "opened", 45)]
    assert go_on(35 * MINUTE, server) == [("silence", "closed", 125)]
    assert go_on(2 * HOUR, companion, server) == []
    assert not Finding.objects.filter(rule="agent_silence").exists()


def test_agent_that_comes_back_before_anybody_was_told_is_not_told(pair: Any, go_on: Any):
    companion, server = pair
    assert go_on(45 * MINUTE, server) == []
    assert (found().state, found().is_open) == ("bad", False)
    assert go_on(2 * HOUR, companion, server) == []
    assert found().state == "ok"


def test_agent_that_never_spoke_is_silent_as_well(go_on: Going):
    machine = MachineFactory.create()
    beside(machine, "osquery")
    speak(machine)
    operations.sweep(now=timezone.now())
    assert go_on(2 * HOUR, machine) == [("agent_silence", "opened", 55)]
    assert words(found()).endswith(": osquery (jamais entendu)")


def test_second_agent_that_dies_joins_the_first(pair: Any, go_on: Any):
    companion, server = pair
    other = beside(companion, "osquery")
    speak(other)
    go_on(HOUR, server, other)
    opened_at = found().opened_at
    assert go_on(HOUR, server) == []
    assert (found().values["names"], found().opened_at) == (["osquery", "station"], opened_at)
    assert words(found()) == (
        "agent muet sur une machine entendue : osquery (depuis le 17/03/2026 à 10 h 30), "
        "compagnon Quenotte (depuis le 17/03/2026 à 9 h 30)"
    )
    speak(companion)
    assert operations.sweep(now=timezone.now()) == []
    assert (found().values["names"], found().is_open) == (["osquery"], True)


def paris(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


def test_inventory_agent_is_silent_by_its_day_and_by_opening_hours(frozen_clock: Any, actor: Actor):
    customer = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
    machine = MachineFactory.create(customer=customer)
    inventory = beside(machine, "glpi")
    # Friday at ten. It is expected on Saturday, and the practice opens on Monday.
    for at in (paris(20, 10), paris(20, 18), paris(21, 18), paris(23, 8, 31), paris(23, 16)):
        frozen_clock.move_to(at)
        speak(*([machine, inventory] if at == paris(20, 10) else [machine]))
        assert [one for one in operations.sweep(now=at) if one.finding.rule != "silence"] == []
    for minutes in range(0, 300, 5):
        at = paris(23, 16) + minutes * MINUTE
        frozen_clock.move_to(at)
        speak(machine)
        if operations.sweep(now=at):
            break
    # Eight hours of opening, and ten minutes.
    assert found().is_open
    opened_at = timezone.localtime(found().opened_at)
    assert (opened_at.date(), 17 <= opened_at.hour < 19) == (paris(23, 0).date(), True)
    assert words(found()).endswith(": GLPI (depuis le 20/03/2026 à 10 h 00)")


def test_closed_day_is_no_silence_of_an_agent(frozen_clock: Any, actor: Actor):
    customer = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
    type(customer).objects.filter(pk=customer.pk).update(closed_on=["2026-03-18"])
    machine = MachineFactory.create(customer=customer)
    other = beside(machine, "osquery")
    frozen_clock.move_to(paris(17, 18, 40))
    speak(machine, other)
    # Somebody is there on the closed day; nobody is told that the other agent is not.
    for at in (paris(17, 20), paris(18, 10), paris(18, 18)):
        frozen_clock.move_to(at)
        speak(machine)
        assert operations.sweep(now=at) == []
    for at in (paris(19, 9, 20), paris(19, 9, 31)):
        frozen_clock.move_to(at)
        speak(machine)
        told = operations.sweep(now=at)
    assert [one.finding.rule for one in told] == ["agent_silence"]


def test_agent_of_a_server_is_expected_at_any_hour(frozen_clock: Any, actor: Actor, go_on: Any):
    customer = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
    companion = MachineFactory.create(customer=customer)
    server = beside(companion, "practice")
    frozen_clock.move_to(paris(17, 22))
    speak(companion, server)
    operations.sweep(now=timezone.now())
    told = go_on(2 * HOUR, server)
    assert [(rule, event) for rule, event, _minute in told] == [("agent_silence", "opened")]
    assert found().opened_at == paris(17, 22, 55)


def test_machine_is_not_missed_again_and_again_for_a_companion_that_died(go_on: Going):
    machine = MachineFactory.create()
    inventory = beside(machine, "glpi")
    speak(machine, inventory)
    operations.sweep(now=timezone.now())
    # The companion speaks most often: with it the machine is silent, as far as anybody knows.
    assert go_on(3 * HOUR) == [("silence", "opened", 45)]
    speak(inventory)
    assert go_on(3 * HOUR) == [("silence", "closed", 185), ("agent_silence", "opened", 230)]
    speak(inventory)
    assert go_on(3 * HOUR) == []


def test_agent_that_is_revoked_is_waited_for_no_more(
    pair: Any, go_on: Any, actor: Actor, frozen_clock: Any
):
    companion, server = pair
    inventory = beside(companion, "glpi")
    frozen_clock.shift(32 * HOUR)
    assert go_on(20 * MINUTE, companion, server) == [("agent_silence", "opened", 32 * 60 + 15)]
    assert found().values["names"] == ["glpi"]
    enrolling.revoke(machine_id=inventory.id, actor=actor)
    told = operations.heed_changes(now=timezone.now())
    assert [(one.finding.rule, one.event.value) for one in told] == [("agent_silence", "closed")]
    assert go_on(HOUR, companion, server) == []


def test_agents_that_stay_have_their_patience_when_the_first_is_revoked(
    pair: Any, go_on: Any, actor: Actor
):
    companion, server = pair
    inventory = beside(companion, "glpi")
    speak(inventory)
    go_on(2 * HOUR, companion, server)
    enrolling.revoke(machine_id=companion.id, actor=actor)
    operations.judge_due(now=timezone.now())
    # Another row is the machine now, of which nothing was heard yet; nobody is silent.
    assert go_on(HOUR, server) == []
    assert not Finding.objects.filter(cause="silence", is_open=True).exists()
    assert Posture.objects.get().machine == inventory


def test_agent_that_joins_is_waited_for_at_once(actor: Actor, frozen_clock: Any):
    machine = MachineFactory.create(agent="glpi")
    speak(machine)
    operations.sweep(now=timezone.now())
    assert Posture.objects.get().alert_after > timezone.now() + 24 * HOUR
    companion = beside(machine, "station", standing="quarantine", decided_at=None)
    Machine.objects.filter(pk=companion.pk).update(host=None)
    enrolling.accept(machine_id=companion.id, actor=actor)
    companion.refresh_from_db()
    assert companion.host_id == machine.id
    operations.heed_changes(now=timezone.now())
    assert Posture.objects.get().alert_after == timezone.now() + 45 * MINUTE


def test_who_tells_of_the_copies_with_one_key_is_one_agent(go_on: Going):
    # Enrolled before the server of a practice was an agent of its own: it only tells of copies.
    machine = MachineFactory.create(speaks_for_practice=True)
    other = beside(machine, "osquery")
    for _number in range(20):
        tell(machine, FACTS["practice"], source="practice")
        assert go_on(5 * MINUTE, other) == []
    assert not Finding.objects.filter(rule="agent_silence", is_open=True).exists()


def test_page_of_the_machine_says_which_agent_and_how_to_close_it(
    pair: Any, go_on: Any, tom: Person, client_of: Any
):
    companion, server = pair
    go_on(2 * HOUR, server)
    client = client_of(tom)
    page = client.get(f"/parc/machines/{companion.id}/").content.decode()
    assert "Agent muet sur une machine entendue" in page
    assert "compagnon Quenotte (depuis le 17/03/2026 à 9 h 30)" in page
    assert "Retiré exprès ?" in page
    search = client.get("/parc/recherche/", {"q": "agent silencieux"}).content.decode()
    assert companion.name in search
    # The machine itself is heard.
    assert companion.name not in client.get("/parc/recherche/", {"q": "muette"}).content.decode()
