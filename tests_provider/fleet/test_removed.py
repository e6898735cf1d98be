"""Agents that were removed long ago and never revoked: asked about, and no incident."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.enrolment import operations as enrolling
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations, queries
from quenotte.provider.fleet.models import Finding, Inventory, PastDay, Posture, State
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.incidents.models import Incident
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_agents import MINUTE, beside, speak
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def of_old(*, agent_heard: int | None, days_on: range) -> tuple[Machine, Machine]:
    """Return a companion of a year and an inventory agent beside it.

    ``agent_heard``: how many days ago the agent was heard last, None: never. ``days_on``: on which
    days, counted back from today, the machine was.
    """
    now = timezone.now()
    since = {"enrolled_at": now - 365 * DAY, "decided_at": now - 365 * DAY}
    companion = MachineFactory.create(
        name="ACCUEIL", customer=CustomerFactory.create(name="Cabinet des Lilas"), **since
    )
    agent = beside(companion, "glpi", **since)
    if agent_heard is not None:
        at = now - agent_heard * DAY
        State.objects.create(machine=companion, source="glpi", seen_at=at, day=at.date())
    for back in days_on:
        day = (now - back * DAY).date()
        PastDay.objects.create(machine=companion, source="station", day=day, early=1, late=0)
    # The release before looked at the machine, and at no agent of it.
    Posture.objects.create(
        machine=companion, judged_at=now, alert_after=now, counts_from=now - 365 * DAY
    )
    return companion, agent


def go_on(clock: Any, hours: int, *speakers: Machine) -> None:
    until = timezone.now() + timedelta(hours=hours)
    while timezone.now() < until:
        speak(*speakers)
        operations.heed_changes(now=timezone.now())
        operations.sweep(now=timezone.now())
        look()
        clock.shift(5 * MINUTE)


def removed() -> list[str]:
    return [one.row.agent for one in queries.removed_agents()]


@pytest.mark.parametrize("agent_heard", [100, None])
def test_agent_that_was_removed_long_ago_opens_no_incident_after_an_upgrade(
    frozen_clock: Any, agent_heard: int | None
):
    companion, agent = of_old(agent_heard=agent_heard, days_on=range(1, 99))
    go_on(frozen_clock, 2, companion)
    assert not Incident.objects.exists()
    assert not Finding.objects.filter(rule="agent_silence").exists()
    assert removed() == ["glpi"]
    (one,) = queries.removed_agents()
    assert (one.row, one.machine) == (agent, companion)
    assert (one.heard_at is None) is (agent_heard is None)
    # And it waits for nobody: the rest of the machine is listened to as ever.
    go_on(frozen_clock, 1)
    assert Incident.objects.get().rule == "silence"


def test_window_of_a_machine_that_is_asked_about_leaves_no_silence_behind(
    frozen_clock: Any, actor: Actor
):
    """It fell silent before the window, and is heard again soon after it."""
    companion, _agent = of_old(agent_heard=100, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    go_on(frozen_clock, 2)
    assert Finding.objects.get(rule="silence").is_open
    incidents.plan(
        customer_id=companion.customer_id, machine_id=companion.id, starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(hours=1), why="disque changé", actor=actor,
    )  # fmt: skip
    go_on(frozen_clock, 1)
    frozen_clock.shift(5 * MINUTE)
    look()
    # The window is over: the silence from before it is the same one, and so is the question.
    assert Finding.objects.get(rule="silence").is_open
    assert Posture.objects.get().silent_since is not None
    assert Finding.objects.get(rule="agent_left").state == "bad"
    go_on(frozen_clock, 1, companion)
    assert not Finding.objects.get(rule="silence").is_open
    assert not Incident.objects.filter(closed_at=None).exists()


def test_silence_that_stands_open_by_itself_ends_when_the_machine_is_heard(frozen_clock: Any):
    """As the release before left it: told, and not known to the one who listens."""
    companion, _agent = of_old(agent_heard=100, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    go_on(frozen_clock, 2)
    Posture.objects.update(silent_since=None, alert_after=timezone.now())
    speak(companion)
    go_on(frozen_clock, 1, companion)
    assert not Finding.objects.get(rule="silence").is_open
    assert not Incident.objects.filter(closed_at=None).exists()


def test_machine_that_was_off_for_months_has_an_agent_that_died(frozen_clock: Any):
    companion, _agent = of_old(agent_heard=100, days_on=range(100, 110))
    go_on(frozen_clock, 1, companion)
    assert removed() == []
    assert Finding.objects.get(rule="agent_silence").is_open
    assert Incident.objects.get().rule == "agent_silence"


def test_agent_that_is_silent_for_weeks_is_told(frozen_clock: Any):
    companion, _agent = of_old(agent_heard=40, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    assert removed() == []
    assert Incident.objects.get().rule == "agent_silence"


def test_silence_that_was_told_stays_one_however_long(frozen_clock: Any):
    companion, _agent = of_old(agent_heard=40, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    State.objects.filter(source="glpi").update(seen_at=timezone.now() - 90 * DAY)
    go_on(frozen_clock, 1, companion)
    assert removed() == []
    assert Incident.objects.get().closed_at is None


def test_agent_that_speaks_again_is_one_like_others(frozen_clock: Any):
    companion, agent = of_old(agent_heard=100, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    go_on(frozen_clock, 1, companion, agent)
    assert removed() == []
    go_on(frozen_clock, 36, companion)
    assert Incident.objects.get().rule == "agent_silence"


def test_revoked_one_is_asked_about_no_more(actor: Actor, frozen_clock: Any):
    companion, agent = of_old(agent_heard=100, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    enrolling.revoke(machine_id=agent.id, actor=actor)
    go_on(frozen_clock, 1, companion)
    assert not Finding.objects.filter(rule="agent_left").exists()


def test_it_is_listed_where_one_click_revokes_it(tom: Person, client_of: Any, frozen_clock: Any):
    companion, agent = of_old(agent_heard=100, days_on=range(1, 99))
    go_on(frozen_clock, 1, companion)
    client: Client = client_of(tom)
    page = page_of_quiet = client.get("/parc/incidents/?vue=calmes").content.decode()
    assert "Agents retirés ?" in page
    assert f'action="/inscriptions/machines/{agent.id}/revoquer/"' in page
    # The practice may read that it was named.
    assert Look.objects.filter(customer=companion.customer, what="incidents").exists()
    assert "Agents retirés ?" not in client.get("/parc/incidents/").content.decode()
    page = client.get(f"/parc/machines/{companion.id}/").content.decode()
    assert "Agent retiré ? GLPI (depuis le" in page
    assert "révoquez-le" in page
    page = client.get("/parc/recherche/?q=agent retiré").content.decode()
    assert "Cabinet des Lilas" in page
    page = client.get(f"/parc/cabinets/{companion.customer_id}/").content.decode()
    assert "gent retiré" not in page
    assert '<input type="hidden" name="from" value="calmes">' in page_of_quiet
    done = client.post(f"/inscriptions/machines/{agent.id}/revoquer/", {"from": "calmes"})
    # The next of the list is where she was.
    assert done["Location"] == "/parc/incidents/?vue=calmes"
    go_on(frozen_clock, 1, companion)
    page = client.get("/parc/incidents/?vue=calmes").content.decode()
    assert "Agents retirés ?" not in page


def test_practices_of_one_name_are_listed_each_by_itself():
    towns = [
        CustomerFactory.create(name="Cabinet du Parc", town=one) for one in ("Vannes", "Niort")
    ]
    for name in ("ACCUEIL", "BUREAU"):
        for one in towns:
            Finding.objects.create(
                machine=MachineFactory.create(customer=one, name=name), customer=one,
                rule="agent_left", cause="silence", severity="important", state="bad",
                reason="silent", is_open=False, since=timezone.now(),
                values={"names": ["station"], "heard_at": {"station": ""}},
            )  # fmt: skip
    listed = [(one.machine.customer.town, one.machine.name) for one in queries.removed_agents()]
    assert listed == sorted(listed)


def test_end_of_the_list_is_told(tom: Person, client_of: Any):
    customer = CustomerFactory.create()
    client: Client = client_of(tom)

    def left(count: int) -> str:
        """Return the list with agents of so many more machines."""
        Finding.objects.bulk_create(
            Finding(
                machine=MachineFactory.create(customer=customer), customer=customer,
                rule="agent_left", cause="silence", severity="important", state="bad",
                reason="silent", is_open=False, since=timezone.now(),
                values={"names": ["station"], "heard_at": {"station": ""}},
            )
            for _number in range(count)
        )  # fmt: skip
        return client.get("/parc/incidents/?vue=calmes").content.decode()

    page = left(50)
    assert page.count("jamais entendu") == 50
    assert "autre machine" not in page
    assert "Et 1 autre machine : elle viendra ici" in left(1)
    page = left(1)
    assert page.count("jamais entendu") == 50
    assert "Et 2 autres machines : elles viendront ici" in page


def server_of_old(agent: str, *, heard: int, days_on: range) -> tuple[Machine, Machine]:
    """Return the GLPI agent of a server and an agent beside it, heard last so many days ago."""
    now = timezone.now()
    since = {"enrolled_at": now - 365 * DAY, "decided_at": now - 365 * DAY}
    inventory = MachineFactory.create(agent="glpi", customer=CustomerFactory.create(), **since)
    other = beside(inventory, agent, **since)
    speak(inventory)
    facts = {"machine.is_server": {"value": True}}
    Inventory.objects.filter(machine=inventory).update(facts=facts)
    at = now - heard * DAY
    State.objects.create(machine=inventory, source=agent, seen_at=at, day=at.date())
    for back in days_on:
        day = (now - back * DAY).date()
        PastDay.objects.create(machine=inventory, source="glpi", day=day, early=1, late=0)
    Posture.objects.create(
        machine=inventory, judged_at=now, alert_after=now, counts_from=now - 365 * DAY
    )
    return inventory, other


@pytest.mark.parametrize("heard", [30, 100])
def test_server_that_would_not_be_missed_for_a_day_is_urgent_whenever_it_began(
    frozen_clock: Any, actor: Actor, heard: int
):
    _inventory, companion = server_of_old("station", heard=heard, days_on=range(1, 120))
    go_on(frozen_clock, 1)
    one = Finding.objects.get(rule="agent_silence")
    assert (one.is_open, one.severity, one.values["blind_h"]) == (True, "critical", 32)
    incident = Incident.objects.get()
    assert (incident.rule, incident.severity, incident.standing) == (
        "agent_silence", "critical", "told",
    )  # fmt: skip
    assert removed() == []
    enrolling.revoke(machine_id=companion.id, actor=actor)
    go_on(frozen_clock, 1)
    assert not Finding.objects.filter(rule="agent_silence", is_open=True).exists()


def test_server_of_which_it_was_only_asked_becomes_urgent(frozen_clock: Any):
    """As the release before left it: nothing but a question."""
    inventory, _companion = server_of_old("station", heard=100, days_on=range(1, 120))
    at = timezone.now() - 100 * DAY
    Finding.objects.create(
        machine=inventory, customer=inventory.customer, rule="agent_left", cause="silence",
        severity="notice", state="bad", reason="silent", since=at, is_open=False,
        values={"names": ["station"], "heard_at": {"station": at.isoformat()}},
    )  # fmt: skip
    go_on(frozen_clock, 1)
    assert removed() == []
    assert Incident.objects.get().severity == "critical"


def test_server_that_another_agent_watches_is_only_asked_about(frozen_clock: Any, actor: Actor):
    inventory, _companion = server_of_old("station", heard=100, days_on=range(1, 120))
    other = beside(inventory, "osquery")
    go_on(frozen_clock, 1, other)
    assert removed() == ["station"]
    assert not Incident.objects.exists()
    # It dies: that is the news, and what was removed long ago is still no part of it.
    frozen_clock.shift(15 * MINUTE)
    speak(inventory)
    go_on(frozen_clock, 2)
    one = Finding.objects.get(rule="agent_silence")
    assert (one.severity, one.values["names"], removed()) == ("critical", ["osquery"], ["station"])
    # Nobody is left who would miss the server: whoever was removed is news from now on.
    enrolling.revoke(machine_id=other.id, actor=actor)
    go_on(frozen_clock, 1)
    one = Finding.objects.get(rule="agent_silence")
    assert (one.severity, one.values["names"], removed()) == ("critical", ["station"], [])


def test_copies_of_which_a_removed_agent_told_are_told_by_their_own_rule(frozen_clock: Any):
    companion = MachineFactory.create(
        enrolled_at=timezone.now() - 365 * DAY, decided_at=timezone.now() - 365 * DAY
    )
    server = beside(companion, "practice", decided_at=timezone.now() - 365 * DAY)
    at = timezone.now() - 100 * DAY
    State.objects.create(machine=companion, source="practice", seen_at=at, day=at.date())
    for back in range(1, 99):
        day = (timezone.now() - back * DAY).date()
        PastDay.objects.create(machine=companion, source="station", day=day, early=1, late=0)
    now = timezone.now()
    Posture.objects.create(
        machine=companion, judged_at=now, alert_after=now, counts_from=now - 365 * DAY
    )
    go_on(frozen_clock, 1, companion)
    assert removed() == [server.agent]
    operations.hear_copies(now=timezone.now())
    assert Finding.objects.get(rule="backup_silence").is_open
    one = Finding.objects.get(rule="agent_left")
    words = queries.sentence(one.rule, one.state, one.reason, one.values)
    assert words.startswith("agent retiré ? serveur du cabinet")
    assert "sauvegardes" not in words
