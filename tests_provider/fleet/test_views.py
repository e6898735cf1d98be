"""Pages of the fleet: two clicks from the morning to the evidence; each opening leaves a line."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base import mending
from quenotte.base.audit.models import Line
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.kernel.posture.gravity import LEVELS
from quenotte.provider.fleet import operations, queries, wording
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.incidents.jobs import look
from tests_provider.factories import CustomerFactory, MachineFactory, StateFactory
from tests_provider.fleet.test_judging import WINDOWS, tell

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


@pytest.fixture
def server(frozen_clock: Any) -> Any:
    """A practice whose disk is plain and whose copy was not proved for three days too many."""
    machine = MachineFactory.create(
        name="SERVEUR",
        speaks_for_practice=True,
        customer=CustomerFactory.create(name="Cabinet des Quenottes"),
    )
    tell(machine, {**WINDOWS, "machine.is_server": {"value": True}})
    old = (timezone.now() - timedelta(days=11)).isoformat().replace("+00:00", "Z")
    tell(machine, {"backup.proven_at": {"value": old}}, source="practice")
    operations.judge_due(now=timezone.now())
    incidents.draw(now=timezone.now())
    return machine


def test_morning_says_who_and_why(tom: Person, client_of: Login, server: Any):
    CustomerFactory.create(name="Cabinet tranquille")
    page = client_of(tom).get("/parc/")
    assertContains(page, "Cabinet des Quenottes")
    assertContains(page, "sauvegarde non prouvée depuis 11 jours")
    assertContains(page, "disque non chiffré")
    assertContains(page, "urgent")
    assertNotContains(page, "Cabinet tranquille")


@pytest.mark.parametrize(
    ("query", "is_there"),
    [("cause=backup", True), ("cause=ports", False), ("gravite=notice", False), ("cause=x", True)],
)
def test_morning_is_narrowed(
    tom: Person, client_of: Login, server: Any, query: str, is_there: bool
):
    page = client_of(tom).get(f"/parc/?{query}")
    look = assertContains if is_there else assertNotContains
    look(page, "Cabinet des Quenottes")


def test_empty_fleet_says_what_to_do(tom: Person, client_of: Login):
    assertContains(client_of(tom).get("/parc/"), "Aucun cabinet suivi")
    CustomerFactory.create()
    Run.objects.create(name=look.name, state=Run.State.DONE, finished_at=timezone.now())
    assertContains(client_of(tom).get("/parc/"), "Personne n’a besoin de vous")


def test_machine_says_when_each_of_its_agents_was_heard(
    tom: Person, client_of: Login, frozen_clock: Any
):
    companion, at = MachineFactory.create(), timezone.now()
    MachineFactory.create(customer=companion.customer, agent="practice", host=companion)
    MachineFactory.create(customer=companion.customer, agent="glpi", host=companion)
    for source, heard_at in (("station", at - timedelta(days=2)), ("practice", at)):
        StateFactory.create(machine=companion, source=source, seen_at=heard_at)
    page = client_of(tom).get(f"/parc/machines/{companion.id}/")
    told = {one.agent: heard_at for one, heard_at in page.context["agents"]}
    assert told == {"station": at - timedelta(days=2), "practice": at, "glpi": None}
    assertContains(page, "pas encore entendu", count=1)


def test_practice_shows_findings_with_evidence_and_leaves_a_line(
    tom: Person, client_of: Login, server: Any
):
    page = client_of(tom).get(f"/parc/cabinets/{server.customer_id}/")
    for words in ("Disque non chiffré", "compagnon Quenotte", "C:", "serveur du cabinet"):
        assertContains(page, words)
    line = Line.objects.get(object_kind="customer", action="read")
    assert (line.object_id, line.person_id) == (str(server.customer_id), tom.id)


def test_evidence_is_what_is_known_now(
    tom: Person, client_of: Login, server: Any, frozen_clock: Any
):
    frozen_clock.shift(timedelta(minutes=50))
    tell(server, {**WINDOWS, "machine.is_server": {"value": True}})
    page = client_of(tom).get(f"/parc/cabinets/{server.customer_id}/")
    assertContains(page, "17 mars 2026, 10 h 20")


def test_machine_shows_each_rule_what_is_unknown_and_why(
    tom: Person, client_of: Login, server: Any
):
    page = client_of(tom).get(f"/parc/machines/{server.id}/")
    for words in ("aucun agent ne l’a dit", "inconnu", "Windows 10", "Heures d’activité"):
        assertContains(page, words)
    assert Line.objects.filter(object_kind="customer", action="read").count() == 1


@pytest.mark.parametrize("path", ["/parc/cabinets/{}/", "/parc/machines/{}/"])
def test_what_is_not_there_is_not_found(tom: Person, client_of: Login, path: str):
    assert client_of(tom).get(path.format(uuid4())).status_code == 404


@pytest.mark.parametrize("path", ["/parc/", "/inscriptions/", "/parc/cabinets/{}/"])
def test_stranger_is_led_to_the_login(db: None, path: str):
    assert Client().get(path.format(uuid4())).status_code == 302


def test_wrong_verb_is_refused(tom: Person, client_of: Login):
    assert client_of(tom).post("/parc/").status_code == 405


def test_changes_are_paged_and_of_one_fact(tom: Person, client_of: Login, frozen_clock: Any):
    machine = MachineFactory.create()
    for number in range(45):
        tell(machine, {"machine.memory_mib": {"value": number}, "lock.after_s": {"value": 5}})
        frozen_clock.shift(timedelta(minutes=5))
    tell(machine, {"machine.memory_mib": {"value": 44}, "lock.after_s": {"value": 600}})
    client, address = client_of(tom), f"/parc/machines/{machine.id}/changements/"
    assertContains(client.get(address), "45 changements")
    assert len(client.get(f"{address}?page=2").context["changes"]) == 5
    page = client.get(f"{address}?quoi=lock.after_s")
    assert [one["after"] for one in page.context["changes"]] == ["600"]
    assertContains(client.get(f"{address}?quoi=nothing"), "45 changements")
    assertContains(client.get(f"/parc/machines/{machine.id}/"), "Tous les changements")


def test_twin_that_lost_its_key_is_named(tom: Person, client_of: Login):
    old = MachineFactory.create(name="ANCIEN")
    new = MachineFactory.create(
        name="NOUVEAU",
        customer=old.customer,
        hardware_uuid=old.hardware_uuid,
        standing="quarantine",
        decided_at=None,
    )
    client = client_of(tom)
    page = client.post(f"/inscriptions/machines/{new.id}/accepter/", follow=True)
    assertContains(page, "clé retirée : ANCIEN")
    page = client.get(f"/parc/machines/{new.id}/")
    assertContains(page, "Même matériel que ANCIEN")
    assertContains(page, tom.full_name)
    assertContains(client.get(f"/parc/machines/{old.id}/"), "Machine révoquée")


def test_practice_says_each_fact_once_and_what_to_do(tom: Person, client_of: Login, server: Any):
    page = client_of(tom).get(f"/parc/cabinets/{server.customer_id}/").content.decode()
    assert page.count("auvegarde non prouvée depuis 11 jours") == 1
    assert "Sauvegarde : sauvegarde" not in page
    assert page.count(escape(mending.for_technician("backup_proven.old"))) == 1
    assert escape(mending.for_technician("disks_encrypted.plain")) in page


def test_machine_that_speaks_for_its_practice_says_what_is_to_do_there(
    tom: Person, client_of: Login, server: Any
):
    overview = queries.overview(server.customer_id)
    (row,), broken = overview.machines, len(queries.findings_of_practice(server.customer_id))
    assert len(overview.findings) == broken
    assert (row.machine, row.bad) == (server, broken)
    page = client_of(tom).get(f"/parc/machines/{server.id}/")
    assertContains(page, "Sauvegarde non prouvée depuis 11 jours")
    assertContains(page, escape(mending.for_technician("backup_proven.old")))


def test_every_broken_rule_of_the_fleet_says_what_to_do():
    own = {"silence.silent", "agent_silence.silent", "agent_left.silent",
           "backup_silence.silent", "unseen.long", "backup_unknown.not_reported"}  # fmt: skip
    assert all(mending.for_technician(one) for one in own)


def test_every_rule_of_the_fleet_has_its_place():
    assert set(wording.RULES) <= set(LEVELS)
