"""The silence of an agent among incidents: no storm, quiet when it is borne, plain in a letter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Finding, Inventory, Posture
from quenotte.provider.incidents import operations, wording
from quenotte.provider.incidents.models import Incident, Muted, Outgoing
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory
from tests_provider.fleet.test_agents import MINUTE, beside, speak
from tests_provider.incidents.conftest import look
from tests_provider.incidents.test_quieting import plan

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


def pair(network: str = "Orange") -> tuple[Machine, Machine]:
    """Return a companion and osquery on one machine, both heard just now."""
    companion = MachineFactory.create(customer=CustomerFactory.create(internet_provider=network))
    other = beside(companion, "osquery")
    speak(companion, other)
    return companion, other


def go_on(clock: Any, minutes: int, *speakers: Machine, step: int = 5) -> None:
    for _step in range(0, minutes, step):
        clock.shift(step * MINUTE)
        speak(*speakers)
        fleet.sweep(now=timezone.now())
        look()


def found_now() -> Finding:
    return Finding.objects.get(rule="agent_silence")


def test_agents_that_die_together_are_no_storm(frozen_clock: Any):
    pairs = [pair() for _number in range(12)]
    fleet.sweep(now=timezone.now())
    go_on(frozen_clock, 60, *(other for _companion, other in pairs), step=15)
    assert Finding.objects.filter(rule="agent_silence", is_open=True).count() == 12
    assert not Incident.objects.filter(customer=None).exists()
    # Each is told at once: none of them can be part of one.
    standing = Incident.objects.values_list("cause", "standing", "severity")
    assert set(standing) == {("silence", "told", "important")}


def test_line_that_is_cut_silences_machines_and_not_their_agents(frozen_clock: Any):
    pairs = [pair() for _number in range(12)]
    fleet.sweep(now=timezone.now())
    frozen_clock.shift(4 * MINUTE)
    speak(*(other for _companion, other in pairs))
    go_on(frozen_clock, 60, step=3)
    assert not Finding.objects.filter(rule="agent_silence", is_open=True).exists()
    assert Incident.objects.get(customer=None).machines == 12


def test_silence_of_an_agent_counts_from_the_end_of_a_window(actor: Actor, frozen_clock: Any):
    companion, other = pair()
    fleet.sweep(now=timezone.now())
    plan(companion, actor)
    go_on(frozen_clock, 115, other)
    assert found_now().is_open
    assert Muted.objects.get().rule == "agent_silence"
    assert not Incident.objects.exists()
    go_on(frozen_clock, 10, other)
    # The window ended after two hours: nothing is told from memory.
    assert (found_now().is_open, found_now().state) == (False, "ok")
    assert Posture.objects.get().counts_from is not None
    go_on(frozen_clock, 45, other)
    assert not found_now().is_open
    go_on(frozen_clock, 10, other)
    assert found_now().is_open
    assert Incident.objects.get().standing == "told"


def test_agent_that_is_borne_hides_no_other(actor: Actor, frozen_clock: Any):
    companion, other = pair()
    inventory = beside(companion, "practice")
    speak(inventory)
    fleet.sweep(now=timezone.now())
    go_on(frozen_clock, 60, other, inventory)
    assert Incident.objects.get().standing == "told"
    until = timezone.now() + timedelta(days=30)
    operations.grant(finding_id=found_now().id, why="Retiré exprès", ends_at=until, actor=actor)
    look()
    assert Incident.objects.get().standing == "borne"
    go_on(frozen_clock, 30, other, inventory)
    assert Incident.objects.get().standing == "borne"
    go_on(frozen_clock, 60, inventory)
    assert found_now().values["names"] == ["osquery", "station"]
    assert Incident.objects.get().standing == "told"


def test_silence_of_a_machine_says_more_than_that_of_an_agent(found: Found):
    first = MachineFactory.create()
    silent = {"cause": "silence", "severity": "important", "reason": "silent"}
    agent = found(
        machine=first, rule="agent_silence", values={"names": ["glpi"], "heard_at": {}}, **silent,
        since=timezone.now() - timedelta(hours=3), opened_at=timezone.now() - timedelta(hours=3),
    )  # fmt: skip
    look()
    one = Incident.objects.get()
    assert (one.rule, wording.sentence_of(one)) == (
        "agent_silence", "agent muet sur une machine entendue : GLPI (jamais entendu)",
    )  # fmt: skip
    assert "ordinateur qui marche" in str(wording.plain(one.cause, one.rule)[0])
    other = MachineFactory.create(customer=first.customer)
    at = timezone.now().isoformat()
    found(machine=other, rule="silence", values={"last_seen_at": at}, **silent)
    look()
    one = Incident.objects.get()
    assert (one.rule, one.machines, one.since) == ("silence", 2, agent.opened_at)
    assert "n’entendons plus" in str(wording.plain(one.cause, one.rule)[0])


def test_letter_says_that_there_is_nothing_to_do(found: Found):
    one = found(
        rule="agent_silence", cause="silence", reason="silent",
        values={"names": ["station"], "heard_at": {}},
    )  # fmt: skip
    look()
    _title, text = operations.preview(one.customer, now=timezone.now())
    assert "Un programme de suivi ne nous parle plus" in text
    assert "Vérifiez qu’il est allumé" not in text


def test_server_that_speaks_once_a_day_from_now_on_is_urgent(tom: Any, frozen_clock: Any):
    DutyFactory.create(person=tom)
    companion = MachineFactory.create()
    inventory = beside(companion, "glpi")
    speak(companion, inventory)
    facts = {"machine.is_server": {"value": True}}
    Inventory.objects.filter(machine=companion, source="station").update(facts=facts)
    fleet.sweep(now=timezone.now())
    frozen_clock.shift(16 * MINUTE)
    speak(inventory)
    go_on(frozen_clock, 60)
    found = found_now()
    assert (found.is_open, found.severity, found.values["blind_h"]) == (True, "critical", 32)
    message = Outgoing.objects.get()
    assert message.text.startswith("Agent muet sur un serveur : compagnon")
    assert message.text.endswith("s’il s’arrêtait, on ne le saurait pas avant 32 h")

    speak(companion)
    go_on(frozen_clock, 5, companion)
    assert not found_now().is_open


def test_workstation_that_speaks_once_a_day_from_now_on_is_not(frozen_clock: Any):
    companion = MachineFactory.create()
    inventory = beside(companion, "glpi")
    speak(companion, inventory)
    fleet.sweep(now=timezone.now())
    frozen_clock.shift(16 * MINUTE)
    speak(inventory)
    go_on(frozen_clock, 60)
    assert (found_now().severity, "blind_h" in found_now().values) == ("important", False)
