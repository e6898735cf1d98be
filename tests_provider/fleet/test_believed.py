"""What a revoked agent told is kept, and believed nowhere: rules, evidence, search, pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.enrolment import operations as enrolling
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.finder import queries as finder
from quenotte.provider.finder.rules import words
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import looking, operations, queries
from quenotte.provider.fleet.models import Finding, Inventory
from tests_provider.factories import MachineFactory
from tests_provider.fleet.test_agents import beside
from tests_provider.fleet.test_judging import tell

pytestmark = pytest.mark.django_db

LIES: dict[str, Any] = {
    "disks": {
        "value": [{"mount": "C:", "total_mib": 200_000, "free_mib": 90_000, "is_encrypted": True}]
    },
    "software": {"value": [{"name": "AnyDesk", "version": "8.0"}]},
    "machine.is_server": {"value": True},
    "licences": {"value": [{"name": "Suite dentaire", "count": 3}]},
}


def shown(machine: Machine) -> list[Any]:
    """Return the inventory that the page of a machine shows, as the page asks for it."""
    agents = [machine, *enrolment.beside(machine)]
    heard = queries.heard([machine.id])
    return queries.sheet(machine, heard, enrolment.sources_among(agents)).inventory


@pytest.fixture
def pair(db: None) -> tuple[Machine, Machine]:
    """Return a companion, and an inventory agent beside it that lied."""
    companion = MachineFactory.create()
    liar = beside(companion, "glpi")
    tell(companion, {"os.family": {"value": "windows"}})
    tell(liar, LIES, source="glpi")
    operations.judge_due(now=timezone.now())
    return companion, liar


Revoke = Callable[[Machine], None]


@pytest.fixture
def revoke(actor: Actor) -> Revoke:
    """Return a way to revoke an agent, and to let the worker pass once."""

    def go(one: Machine) -> None:
        enrolling.revoke(machine_id=one.id, actor=actor)
        operations.heed_changes(now=timezone.now())
        operations.judge_due(now=timezone.now())

    return go


def said_of_disks(machine: Machine) -> tuple[Judged, tuple[str, ...]]:
    (looked,) = looking.look_at(machine.customer_id, now=timezone.now()).machines
    verdict = next(one.verdict for one in looked.said if one.verdict.rule == "disks_encrypted")
    return verdict.state, tuple(str(one.source) for one in verdict.evidence)


def who_says(typed: str) -> set[Any]:
    return set(finder.machines_saying(finder.phrases_with(words(typed))))


def test_evidence_rests_on_no_word_of_a_revoked_agent(pair: Any, revoke: Revoke):
    companion, liar = pair
    assert said_of_disks(companion) == (Judged.OK, ("glpi",))
    revoke(liar)
    assert said_of_disks(companion) == (Judged.UNKNOWN, ())
    # As on the pages.
    found = Finding.objects.get(machine=companion, rule="disks_encrypted")
    assert (found.state, found.evidence) == (Judged.UNKNOWN, [])


def test_machine_is_found_by_no_word_of_a_revoked_agent(pair: Any, revoke: Revoke):
    companion, liar = pair
    assert who_says("anydesk") == {companion.id}
    revoke(liar)
    assert who_says("anydesk") == set()
    assert who_says(companion.name) == {companion.id}


def test_pages_show_no_word_of_a_revoked_agent(pair: Any, revoke: Revoke):
    companion, liar = pair
    today = timezone.now().date()
    assert len(queries.licences_of(companion.customer_id, today)) == 1
    assert kept.servers_among([companion.id]) == {companion.id}
    revoke(liar)
    companion = Machine.objects.get(pk=companion.pk)
    told = shown(companion)
    assert {str(one.source) for one in told} == {"compagnon Quenotte"}
    assert queries.licences_of(companion.customer_id, today) == []
    assert kept.servers_among([companion.id]) == set()
    assert Inventory.objects.filter(machine=companion).count() == 2


def test_agent_in_quarantine_is_not_believed_meanwhile(pair: Any, actor: Actor):
    companion, liar = pair
    Machine.objects.filter(pk=liar.pk).update(standing="quarantine")
    assert said_of_disks(companion)[0] == Judged.UNKNOWN
    enrolling.accept(machine_id=liar.id, actor=actor)
    assert said_of_disks(companion)[0] == Judged.OK


def test_copies_are_told_by_who_may_alone(revoke: Revoke):
    companion = MachineFactory.create()
    server = beside(companion, "practice")
    copies = {"backup.has_anomaly": {"value": False}}
    tell(companion, {"os.family": {"value": "windows"}})
    tell(server, copies, source="practice")
    assert {one.key for one in kept.of_machines([companion.id])[companion.id]} == {
        "os.family",
        "backup.has_anomaly",
    }
    revoke(server)
    assert {one.key for one in kept.of_machines([companion.id])[companion.id]} == {"os.family"}


def test_page_of_a_revoked_machine_says_what_was_known(revoke: Revoke):
    machine = MachineFactory.create()
    tell(machine, LIES)
    revoke(machine)
    machine.refresh_from_db()
    assert shown(machine)
