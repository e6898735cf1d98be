"""The search across the fleet: the fact that matched, its source and time; views; the file."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from quenotte.base.audit.models import Line
from quenotte.base.keyboard.models import Sitting
from quenotte.base.people.models import Person
from quenotte.provider.console import jobs
from quenotte.provider.console.models import SavedSearch
from quenotte.provider.console.queries import explained, search
from quenotte.provider.console.rules import conditions
from quenotte.provider.fleet import operations
from quenotte.provider.traces.models import Look
from tests.support.cast import PASSWORD
from tests_provider.factories import CustomerFactory, MachineFactory, PersonFactory, StateFactory
from tests_provider.fleet.test_judging import WINDOWS, tell

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


@pytest.fixture
def fleet(frozen_clock: Any) -> dict[str, Any]:
    """Two practices: one with an old Windows and AnyDesk, one that is well."""
    lilas, halle = (CustomerFactory.create(name=f"Cabinet {name}") for name in ("Lilas", "Halle"))
    old = MachineFactory.create(customer=lilas, name="ACCUEIL", serial="OLD1")
    new = MachineFactory.create(customer=halle, name="BUREAU", serial="NEW1")
    software = [{"name": "AnyDesk", "version": "7.1"}, {"name": "=HYPERLINK(1)"}]
    tell(old, {**WINDOWS, "software": {"value": software}})
    well = [{"mount": "C:", "total_mib": 9, "free_mib": 8, "is_encrypted": True}]
    tell(
        new,
        {
            **WINDOWS,
            "os.name": {"value": "Microsoft Windows 11"},
            "os.version": {"value": "10.0.26200"},
            "disks": {"value": well},
        },
    )
    operations.judge_due(now=timezone.now())
    return {"old": old, "new": new}


def names(typed: str) -> list[str]:
    return [one.name for one in search(conditions(typed))]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Windows 10", ["ACCUEIL"]),
        ("windows", ["BUREAU", "ACCUEIL"]),
        ("AnyDesk", ["ACCUEIL"]),
        ("anydesk, windows 11", []),
        ("NEW1", ["BUREAU"]),
        ("Cabinet Lilas", ["ACCUEIL"]),
        ("nantes, bureau", ["BUREAU"]),
        ("BitLocker", ["BUREAU", "ACCUEIL"]),
        ("sans bitlocker", ["ACCUEIL"]),
        ("", []),
        ("%", []),
    ],
)
def test_words_find_machines(fleet: dict[str, Any], typed: str, expected: list[str]):
    assert names(typed) == expected


def test_program_that_names_a_windows_is_no_system(fleet: dict[str, Any]):
    runtime = {"name": "Microsoft Windows Desktop Runtime - 10.0.1 (x64)", "version": "10.0.1"}
    newer = MachineFactory.create(name="FAUTEUIL")
    facts = {"os.name": {"value": "Microsoft Windows 11"}, "software": {"value": [runtime]}}
    tell(newer, {**WINDOWS, **facts})
    operations.judge_due(now=timezone.now())
    assert names("Windows 10") == ["ACCUEIL"]
    assert names("windows desktop runtime 10") == ["FAUTEUIL"]
    (found,) = explained(list(search(conditions("Windows 10"))), conditions("Windows 10"))
    assert [one.words for one in found.matches] == ["Microsoft Windows 10 Professionnel"]


def test_machine_whose_name_holds_a_saying_is_found_by_it(fleet: dict[str, Any]):
    tell(MachineFactory.create(name="ADMINISTRATEUR-PC"), {"os.family": {"value": "windows"}})
    operations.judge_due(now=timezone.now())
    assert names("administrateur-pc") == ["ADMINISTRATEUR-PC"]


def test_silent_agents_are_found(fleet: dict[str, Any], frozen_clock: Any):
    frozen_clock.shift(timedelta(days=3))
    tell(fleet["new"], {"os.name": {"value": "Microsoft Windows 11"}})
    operations.judge_due(now=timezone.now())
    operations.sweep(now=timezone.now())
    assert names("agent silencieux") == ["ACCUEIL"]


def test_page_shows_what_matched_with_source_and_time(
    tom: Person, client_of: Login, fleet: dict[str, Any]
):
    page = client_of(tom).get("/parc/recherche/", {"q": "Windows 10, sans bitlocker"})
    for words in ("ACCUEIL", "Cabinet Lilas", "Microsoft Windows 10", "compagnon Quenotte"):
        assertContains(page, words)
    assertContains(page, "disque non chiffré")
    assertContains(page, "17 mars 2026, 9 h 30")
    assertNotContains(page, "BUREAU")


def test_each_practice_shown_has_its_row(tom: Person, client_of: Login, fleet: dict[str, Any]):
    client_of(tom).get("/parc/recherche/", {"q": "Windows"})
    rows = {(one.customer_id, one.what, one.machines) for one in Look.objects.all()}
    assert rows == {(one.customer_id, "search", 1) for one in fleet.values()}
    assert Line.objects.get(action="search").detail == {"purpose": "search", "count": 2}


def test_nothing_found_leaves_no_row(tom: Person, client_of: Login, fleet: dict[str, Any]):
    client = client_of(tom)
    assertContains(client.get("/parc/recherche/?q=introuvable"), "Aucune machine ne répond")
    assertContains(client.get("/parc/recherche/"), "Que cherchez-vous")
    assert not Look.objects.exists()


def test_pages_are_bounded_and_cost_the_same(fleet: dict[str, Any], tom: Person, client_of: Login):
    for _each in range(55):
        tell(MachineFactory.create(customer=fleet["old"].customer), WINDOWS)
    operations.judge_due(now=timezone.now())
    client = client_of(tom)
    found = client.get("/parc/recherche/?q=windows+10")
    assert (len(found.context["found"]), found.context["page"].paginator.count) == (50, 56)
    assert len(client.get("/parc/recherche/?q=windows+10&page=2").context["found"]) == 6
    wanted = conditions("windows 10, sans bitlocker")
    machines = list(search(wanted)[:50])
    with assertNumQueries(3):
        explained(machines, wanted)


def test_other_contracts_are_not_found(fleet: dict[str, Any]):
    customer = fleet["old"].customer
    customer.is_active = False
    customer.save()
    assert names("Windows 10") == []


def test_file_asks_for_a_proof_and_guards_formulas(
    tom: Person, client_of: Login, fleet: dict[str, Any]
):
    client = client_of(tom)
    typed = {"q": "hyperlink, windows 10"}
    sitting = client.post("/parc/recherche/export/", {**typed, "preuve": PASSWORD})
    text = b"".join(sitting).decode()
    assert text.startswith("\ufeffCabinet;Ville;Machine;")
    assert "Cabinet Lilas;Nantes;ACCUEIL;OLD1;compagnon Quenotte;Logiciels;'=HYPERLINK(1);" in text
    assert "17/03/2026 09:30" in text
    look = Look.objects.get(what="export")
    assert (look.customer, look.machines) == (fleet["old"].customer, 1)
    assert Line.objects.filter(action="export").count() == 1


def test_file_without_a_proof_is_not_sent(tom: Person, client_of: Login, fleet: dict[str, Any]):
    client = client_of(tom)
    Sitting.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    assert client.post("/parc/recherche/export/", {"q": "windows"}).status_code == 403
    assert not Look.objects.filter(what="export").exists()


def test_view_is_kept_shared_taken_away_and_put_back(tom: Person, diane: Person, client_of: Login):
    client = client_of(tom)
    view = {"name": "Fin de vie", "words": "Windows 10", "is_shared": "on"}
    client.post("/parc/recherche/vues/", view)
    one = SavedSearch.objects.get()
    assertContains(client_of(diane).get("/parc/recherche/"), "Fin de vie")
    assertContains(client.post("/parc/recherche/vues/", view, follow=True), "déjà une vue")
    page = client.post(f"/parc/recherche/vues/{one.id}/retirer/", follow=True)
    assertContains(page, "Rétablir")
    assertNotContains(client_of(diane).get("/parc/recherche/"), "Fin de vie")
    page = client.post(f"/parc/recherche/vues/{one.id}/retablir/", follow=True)
    assertContains(page, "Vue rétablie")
    assertContains(client_of(diane).get("/parc/recherche/"), "Fin de vie")


def test_view_of_another_is_not_touched_nor_seen(tom: Person, client_of: Login):
    mine = SavedSearch.objects.create(owner=tom, name="À moi", words="x")
    other = client_of(PersonFactory.create(practice=tom.practice, role="technicien"))
    assertNotContains(other.get("/parc/recherche/"), "À moi")
    page = other.post(f"/parc/recherche/vues/{mine.id}/retirer/", follow=True)
    assertContains(page, "autre personne")
    mine.refresh_from_db()
    assert mine.removed_at is None


def test_shared_view_of_somebody_who_left_is_in_everybodys_hands(
    tom: Person, diane: Person, client_of: Login
):
    gone = PersonFactory.create(practice=tom.practice, role="technicien", is_active=False)
    shared, own = (
        SavedSearch.objects.create(owner=gone, name=name, words="x", is_shared=is_shared)
        for name, is_shared in (("Partagée", True), ("À elle", False))
    )
    client = client_of(tom)
    assertContains(client.get("/parc/recherche/"), "Retirer la vue Partagée")
    page = client.post(f"/parc/recherche/vues/{shared.id}/retirer/", follow=True)
    assertContains(page, "Rétablir")
    client.post(f"/parc/recherche/vues/{shared.id}/retablir/")
    assertContains(client_of(diane).get("/parc/recherche/"), "Partagée")
    page = client.post(f"/parc/recherche/vues/{own.id}/retirer/", follow=True)
    assertContains(page, "autre personne")
    # Of who works here, nobody else takes one away.
    diane_s = SavedSearch.objects.create(owner=diane, name="De Diane", words="x", is_shared=True)
    assertNotContains(client.get("/parc/recherche/"), "Retirer la vue De Diane")
    page = client.post(f"/parc/recherche/vues/{diane_s.id}/retirer/", follow=True)
    assertContains(page, "autre personne")


def test_view_that_was_taken_away_is_forgotten_after_a_month(tom: Person, frozen_clock: Any):
    StateFactory.create()
    for name, removed_at in (("Retirée", timezone.now()), ("Gardée", None)):
        SavedSearch.objects.create(owner=tom, name=name, words="x", removed_at=removed_at)
    frozen_clock.shift(timedelta(days=30))
    StateFactory.create()
    jobs.forget_removed()
    assert SavedSearch.objects.count() == 2
    frozen_clock.shift(timedelta(minutes=1))
    jobs.forget_removed()
    assert SavedSearch.objects.get().name == "Gardée"


def test_address_that_names_no_removed_view_of_ones_own_says_nothing_of_one(
    tom: Person, diane: Person, client_of: Login
):
    removed = {"removed_at": timezone.now(), "words": "x"}
    theirs = SavedSearch.objects.create(owner=diane, name="Les siens", **removed)
    kept = SavedSearch.objects.create(owner=tom, name="Encore là", words="x")
    own = SavedSearch.objects.create(owner=tom, name="Les miens", **removed)
    client = client_of(tom)
    for told in ("x", "\x00", str(uuid4()), str(theirs.id), str(kept.id)):
        page = client.get("/parc/recherche/", {"retiree": told})
        assertNotContains(page, "Vue retirée")
    assertContains(client.get("/parc/recherche/", {"retiree": str(own.id)}), "Vue retirée")


def test_name_is_asked_for(tom: Person, client_of: Login):
    page = client_of(tom).post("/parc/recherche/vues/", {"words": "x"}, follow=True)
    assertContains(page, "Donnez un nom")
    assert not SavedSearch.objects.exists()


def test_field_stands_on_every_page(tom: Person, client_of: Login):
    assertContains(client_of(tom).get("/parc/"), 'data-search="shortcut"')


def test_practice_is_opened_by_its_name_even_without_a_machine(tom: Person, client_of: Login):
    lilas = CustomerFactory.create(name="Cabinet des Lilas", town="Nantes")
    CustomerFactory.create(name="Cabinet des Lilas", town="Rennes", is_active=False)
    page = client_of(tom).get("/parc/recherche/?q=lilas")
    assertContains(page, f'<a href="/parc/cabinets/{lilas.id}/">Cabinet des Lilas, Nantes</a>')
    assertContains(page, "1 cabinet de ce nom ou de ce lieu")
    assert Look.objects.get(what="search").customer == lilas
