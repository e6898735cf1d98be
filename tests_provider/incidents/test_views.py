"""Pages of incidents: who needs somebody, one incident, what is quiet and why."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.incidents import operations, queries
from quenotte.provider.incidents.models import Exemption, Incident, Step, Window
from tests_provider.factories import (
    CustomerFactory,
    IncidentFactory,
    MachineFactory,
    PersonFactory,
)
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
Found = Callable[..., Any]


def test_morning_is_one_row_a_practice_the_gravest_first(tom: Person, client_of: Login):
    now = timezone.now()
    old = CustomerFactory.create(name="Cabinet ancien")
    IncidentFactory.create(customer=old, since=now - timedelta(days=9))
    IncidentFactory.create(customer=old, since=now, cause="ports", rule="open_ports",
                           reason="open", values={"ports": [3389]})  # fmt: skip
    urgent = CustomerFactory.create(name="Cabinet urgent")
    IncidentFactory.create(customer=urgent, severity="critical", cause="firewall",
                           rule="firewall_on", reason="off")  # fmt: skip
    for standing in ("held", "muted", "borne", "waiting"):
        quiet = CustomerFactory.create(name=f"Cabinet {standing}")
        IncidentFactory.create(customer=quiet, standing=standing)
    IncidentFactory.create(customer=CustomerFactory.create(name="Cabinet guéri"), closed_at=now)
    page = client_of(tom).get("/parc/").content.decode()
    assert page.index("Cabinet urgent") < page.index("Cabinet ancien")
    assert "ports ouverts au réseau : 3389, disque non chiffré : C:" in page
    assert "1 a une urgence" in page
    for name in ("held", "muted", "borne", "waiting", "guéri"):
        assert f"Cabinet {name}" not in page
    narrowed = client_of(tom).get("/parc/?cause=ports")
    assertContains(narrowed, "Cabinet ancien")
    assertNotContains(narrowed, "Cabinet urgent")
    assertNotContains(narrowed, "disque non chiffré")


def _urgent(name: str, cause: str, rule: str, reason: str, days: int) -> Incident:
    since = timezone.now() - timedelta(days=days)
    return IncidentFactory.create(
        customer=CustomerFactory.create(name=name), severity="critical", cause=cause, rule=rule,
        reason=reason, since=since, values={"names": ["AnyDesk"], "hours": 264},
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/parc/", "/parc/incidents/"])
def test_files_changed_en_masse_come_before_older_urgencies(
    tom: Person, client_of: Login, address: str
):
    _urgent("Cabinet AnyDesk", "remote", "remote_tools", "foreign", 30)
    _urgent("Cabinet sans preuve", "backup", "backup_proven", "old", 20)
    _urgent("Cabinet sans preuve depuis peu", "backup", "backup_proven", "old", 2)
    _urgent("Cabinet attaqué", "ransom", "backup_anomaly", "yes", 0)
    IncidentFactory.create(customer=CustomerFactory.create(name="Cabinet patient"),
                           since=timezone.now() - timedelta(days=90))  # fmt: skip
    page = client_of(tom).get(address).content.decode()
    names = ["attaqué", "sans preuve", "sans preuve depuis peu", "AnyDesk", "patient"]
    places = [page.index(f">Cabinet {name}<") for name in names]
    assert places == sorted(places)


def test_practice_says_its_gravest_first(tom: Person, client_of: Login):
    first = _urgent("Cabinet attaqué", "remote", "remote_tools", "foreign", 30)
    IncidentFactory.create(customer=first.customer, severity="critical", cause="ransom",
                           rule="backup_anomaly", reason="yes")  # fmt: skip
    assert first.customer is not None
    told = [one.incident.cause for one in queries.of_practice(first.customer.id)]
    assert told == ["ransom", "remote"]


def test_morning_asks_the_same_questions_whatever_the_number_of_practices(
    tom: Person, client_of: Login, django_assert_max_num_queries: Any
):
    client = client_of(tom)
    client.get("/parc/")
    for _number in range(3):
        IncidentFactory.create()
    # Nothing was ever heard or forgotten here: both are asked about to the end, and whether our own
    # door listens.
    with django_assert_max_num_queries(28) as few:
        client.get("/parc/")
    for _number in range(57):
        IncidentFactory.create()
    with django_assert_max_num_queries(len(few)) as many:
        page = client.get("/parc/?page=2")
    assert page.content.decode().count('class="table-name"') == 20
    assert len(many) == len(few)


def test_technician_takes_an_incident_notes_and_gives_it_back(
    tom: Person, diane: Person, client_of: Login
):
    one = IncidentFactory.create()
    address = f"/parc/incidents/{one.id}/"
    client = client_of(tom)
    assertContains(client.get(address), "Je m’en occupe")
    client.post(f"{address}prendre/")
    one.refresh_from_db()
    assert one.taken_by == tom
    assertContains(client_of(diane).post(f"{address}prendre/", follow=True), "Quelqu’un d’autre")
    client.post(f"{address}note/", {"note": "Disque changé."})
    assertContains(client.get(address), "Disque changé.")
    assertContains(client.get("/parc/"), f"pris en charge par {tom.full_name}")
    client_of(diane).post(f"{address}rendre/")
    assert Incident.objects.get().taken_by is None
    assert list(Step.objects.values_list("kind", flat=True)) == ["taken", "noted", "released"]
    lines = Line.objects.filter(object_kind="incident").values_list("person_id", flat=True)
    assert Counter(lines) == {tom.id: 2, diane.id: 1}
    # The note itself is in no line.
    assert "Disque" not in str(list(Line.objects.values("detail")))


def test_closed_incident_is_taken_by_nobody(tom: Person, client_of: Login):
    one = IncidentFactory.create(closed_at=timezone.now())
    page = client_of(tom).post(f"/parc/incidents/{one.id}/prendre/", follow=True)
    assertContains(page, "refermé entre-temps")
    assert client_of(tom).post(f"/parc/incidents/{one.id}/note/", {"note": " "}).status_code == 302
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("view", "shown"), [("", "ouvert"), ("moi", "mien"), ("calmes", "calme"), ("fermes", "fermé")]
)
def test_incidents_have_their_lists(tom: Person, client_of: Login, view: str, shown: str):
    now = timezone.now()
    each: dict[str, dict[str, Any]] = {
        "ouvert": {},
        "mien": {"taken_by": tom, "taken_at": now},
        "calme": {"standing": "borne"},
        "fermé": {"closed_at": now},
    }
    for name, values in each.items():
        IncidentFactory.create(customer=CustomerFactory.create(name=f"Cabinet {name}"), **values)
    page = client_of(tom).get(f"/parc/incidents/?vue={view}")
    assertContains(page, f"Cabinet {shown}")
    assertNotContains(page, "Cabinet fermé" if view != "fermes" else "Cabinet ouvert")
    # Four that were told this week, one technician, seven days.
    assertContains(page, "0,6 nouveaux par technicien")


def test_window_is_planned_shown_and_ended(tom: Person, client_of: Login, found: Found):
    machine = MachineFactory.create(name="SERVEUR")
    client = client_of(tom)
    address = f"/parc/cabinets/{machine.customer_id}/maintenance/"
    assertContains(client.get(address), "SERVEUR")
    told = {
        "machine": "", "starts_on": "17/03/2026", "starts_at": "09:00",
        "ends_on": "17/03/2026", "ends_at": "12:00", "why": "Changement de disque",
    }  # fmt: skip
    client.post(address, told)
    window = Window.objects.get()
    assert (window.customer, window.planned_by, window.machine) == (machine.customer, tom, None)
    found(machine=machine)
    look()
    page = client.get(f"/parc/cabinets/{machine.customer_id}/")
    for words in ("Changement de disque", "1 constat passé sous silence", "Finir maintenant"):
        assertContains(page, words)
    assertNotContains(client.get("/parc/"), "disque non chiffré")
    client.post(f"/parc/maintenances/{window.id}/finir/")
    window.refresh_from_db()
    assert window.ends_at == timezone.now()


def test_morning_says_who_is_in_maintenance_and_until_when(
    tom: Person, actor: Actor, client_of: Login
):
    now = timezone.now()
    server = MachineFactory.create(name="SERVEUR", customer__name="Cabinet des Saules")
    whole = CustomerFactory.create(name="Cabinet du Port")
    over = CustomerFactory.create(name="Cabinet d’hier")
    for customer, machine, start, end in (
        (server.customer, server, 0, 4), (whole, None, 0, 30), (over, None, 40, 41)
    ):  # fmt: skip
        operations.plan(
            customer_id=customer.id, machine_id=machine.id if machine else None,
            starts_at=now + timedelta(hours=start), ends_at=now + timedelta(hours=end),
            why="Travaux", actor=actor,
        )  # fmt: skip
    page = client_of(tom).get("/parc/")
    rows = page.context["resting"]
    assert [(str(one.customer.name), one.machines, one.is_over_today) for one in rows] == [
        ("Cabinet des Saules", ["SERVEUR"], True), ("Cabinet du Port", [], False)
    ]  # fmt: skip
    assertContains(page, "2 cabinets en maintenance")
    assertContains(page, ">Cabinet du Port, Nantes</a>")
    assertContains(page, f'href="/parc/cabinets/{whole.id}/"')
    assertContains(page, ">13 h 30</time>")
    assertContains(page, "18 mars 2026, 15 h 30")


def test_window_of_a_month_is_refused(tom: Person, client_of: Login):
    customer = CustomerFactory.create()
    told = {
        "starts_on": "17/03/2026", "starts_at": "09:00", "ends_on": "17/04/2026",
        "ends_at": "12:00", "why": "Travaux",
    }  # fmt: skip
    page = client_of(tom).post(f"/parc/cabinets/{customer.id}/maintenance/", told)
    assertContains(page, "une semaine au plus")
    assert not Window.objects.exists()


def test_exception_is_granted_shown_and_withdrawn(tom: Person, client_of: Login, found: Found):
    finding = found()
    look()
    client = client_of(tom)
    assertContains(client.get("/parc/"), "disque non chiffré")
    address = f"/parc/constats/{finding.id}/exception/"
    # What was found, as the practice's page says it.
    assertContains(client.get(address), "Disque non chiffré")
    client.post(address, {"ends_on": "01/09/2026", "why": "Remplacé en septembre"})
    borne = Exemption.objects.get()
    assert (borne.rule, borne.reason, borne.granted_by) == ("disks_encrypted", "plain", tom)
    look()
    assertNotContains(client.get("/parc/"), "disque non chiffré")
    page = client.get(f"/parc/cabinets/{finding.customer_id}/")
    for words in ("exception", "Remplacé en septembre", tom.full_name, "Disque non chiffré"):
        assertContains(page, words)
    client.post(f"/parc/exceptions/{borne.id}/retirer/")
    look()
    assertContains(client.get("/parc/"), "disque non chiffré")
    assert Incident.objects.get().standing == "told"


def test_exception_for_more_than_a_year_is_refused(tom: Person, client_of: Login, found: Found):
    finding = found()
    address = f"/parc/constats/{finding.id}/exception/"
    page = client_of(tom).post(address, {"ends_on": "01/09/2027", "why": "Plus tard"})
    assertContains(page, "dans l’année")
    assert not Exemption.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "incidents/{}/", "cabinets/{}/maintenance/", "constats/{}/exception/", "cabinets/{}/bilan/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(tom: Person, client_of: Login, path: str):
    assert client_of(tom).get(f"/parc/{path}".format(uuid4())).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "incidents/{}/prendre/", "incidents/{}/rendre/", "incidents/{}/note/",
        "maintenances/{}/finir/", "exceptions/{}/retirer/", "rappels/{}/fait/",
        "alertes/navigateur/", "alertes/essai/", "alertes/navigateurs/{}/retirer/",
    ],
)  # fmt: skip
def test_what_changes_something_is_posted_by_who_may(tom: Person, client_of: Login, path: str):
    address = f"/parc/{path}".format(uuid4())
    assert client_of(tom).get(address).status_code == 405
    assert Client().post(address).status_code == 302
    if "alertes" not in path:
        posted = client_of(tom).post(address, {"note": "x"})
        assert posted.status_code == 404
    stranger = PersonFactory.create(practice=tom.practice, role="secretaire")
    assert client_of(stranger).post(address).status_code == 403


def test_practice_whose_contract_ended_is_in_no_list(tom: Person, client_of: Login):
    gone = CustomerFactory.create(name="Cabinet parti", is_active=False)
    IncidentFactory.create(customer=gone)
    IncidentFactory.create(customer=gone, cause="ports", standing="borne")
    IncidentFactory.create(customer=gone, cause="disks", closed_at=timezone.now())
    client = client_of(tom)
    assert queries.morning().needing == 0
    for path in ("/parc/", *(f"/parc/incidents/?vue={view}" for view in ("", "calmes", "fermes"))):
        assertNotContains(client.get(path), "Cabinet parti")
    assert client.get(f"/parc/incidents/{Incident.objects.first().id}/").status_code == 404  # type: ignore[union-attr]


def test_general_outage_ends_when_its_machines_are_back(tom: Person, client_of: Login):
    """No rule is broken by it, and none is kept again."""
    over = IncidentFactory.create(customer=None, cause="storm", closed_at=timezone.now())
    Step.objects.create(incident=over, kind="closed", at=timezone.now())
    page = client_of(tom).get(f"/parc/incidents/{over.id}/")
    assertContains(page, "refermé : les machines sont revenues")
    assertContains(page, "elle finit quand les machines reviennent")
    assertNotContains(page, "la règle est de nouveau respectée")
