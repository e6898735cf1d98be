"""Licences that a practice bought, beside what its machines have."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.customers import operations as customers
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.licences import operations, queries
from quenotte.provider.licences.models import Licence
from quenotte.provider.licences.rules import ENDING
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory, LicenceFactory, MachineFactory
from tests_provider.fleet.test_judging import tell

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


def test_licence_is_compared_with_the_machines(tom: Person, client_of: Login):
    ours, other = CustomerFactory.create(), CustomerFactory.create()
    for customer in (ours, ours, ours, other):
        said = {"software": {"value": [{"name": "Radio Vision Pro", "version": "7.2"}]}}
        tell(MachineFactory.create(customer=customer), said)
    fleet.judge_due(now=timezone.now())
    client, page = client_of(tom), f"/parc/cabinets/{ours.id}/logiciels/"
    assertContains(client.get(page), "Aucune licence n’est notée.")
    told = {"name": "Vision", "software": "radio vision", "seats": "2", "ends_on": "1/4/2026"}
    assertRedirects(client.post(f"/parc/cabinets/{ours.id}/licences/nouvelle/", told), page)
    made = Licence.objects.get()
    assert (made.customer, made.seats, made.ends_on) == (ours, 2, date(2026, 4, 1))
    assert Line.objects.filter(object_kind="licence", action="create").count() == 1
    shown = client.get(page)
    assertContains(shown, "<td>3</td>", html=True)
    assertContains(shown, "plus de machines que de postes")
    address = f"/parc/licences/{made.id}/"
    seen = client.get(address).context["seen"]
    again = client.post(address, told | {"seats": "5", "seen": seen})
    assertRedirects(again, page)
    assertContains(client.get(page), f"finit dans les {ENDING.days} jours")


def test_second_licence_of_a_name_is_refused_and_nothing_is_lost(tom: Person, client_of: Login):
    one = LicenceFactory.create(name="Vision", seats=4)
    other = LicenceFactory.create(customer=one.customer, name="Compta")
    client = client_of(tom)
    address = f"/parc/cabinets/{one.customer_id}/licences/nouvelle/"
    refused = client.post(address, {"name": "Vision", "note": "n° 118"})
    assertContains(refused, "Ce cabinet a déjà une licence de ce nom.")
    assertContains(refused, "n° 118")
    change = f"/parc/licences/{other.id}/"
    seen = client.get(change).context["seen"]
    assertContains(client.post(change, {"name": "Vision", "seen": seen}), "a déjà une licence")
    assertContains(client.post(address, {"name": "", "seats": "0"}), "obligatoire")
    assert set(Licence.objects.values_list("name", "seats")) == {("Vision", 4), ("Compta", None)}


def test_licence_that_a_colleague_changed_meanwhile_is_not_overwritten(
    tom: Person, client_of: Login
):
    one = LicenceFactory.create(name="Vision", seats=4)
    client, address = client_of(tom), f"/parc/licences/{one.id}/"
    seen = client.get(address).context["seen"]
    Licence.objects.update(seats=9, ends_on=date(2026, 4, 1), note="n° 118")
    page = client.post(address, {"name": "Vision", "seats": "5", "seen": seen})
    for words in (
        "a modifié cette licence entre-temps",
        "Enregistré maintenant : 9.",
        "Enregistré maintenant : 01/04/2026.",
        "Enregistré maintenant : n° 118.",
        'value="5"',
        "#trash",
    ):
        assertContains(page, words)
    assertContains(page, "Ce que vous avez saisi est toujours là", count=1)
    assert Licence.objects.get().seats == 9
    told = {"name": "Vision", "seats": "5", "seen": page.context["seen"]}
    assert client.post(address, told).status_code == 302
    assert Licence.objects.get().seats == 5


def test_licence_that_a_colleague_took_away_meanwhile_does_not_come_back(actor: Actor):
    one = LicenceFactory.create(name="Vision")
    Licence.objects.all().delete()
    told = {name: getattr(one, name) for name in operations.FIELDS}
    with pytest.raises(operations.LicenceGone):
        operations.change(one, actor=actor, seen=operations.sealed(one), **told)
    with pytest.raises(operations.LicenceGone):
        operations.take_away(one, actor=actor)
    assert not Licence.objects.exists()
    assert not Line.objects.filter(object_kind="licence").exists()


@pytest.mark.parametrize("path", ["", "retirer/"])
def test_page_says_that_a_licence_went_in_the_same_moment(
    tom: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch, path: str
):
    one = LicenceFactory.create(name="Vision")
    client, address = client_of(tom), f"/parc/licences/{one.id}/"
    seen = client.get(address).context["seen"]
    held = customers.mark_changed

    def meanwhile(customer_id: Any) -> None:
        Licence.objects.all().delete()
        held(customer_id)

    monkeypatch.setattr(customers, "mark_changed", meanwhile)
    page = client.post(address + path, {"name": "Vision", "seen": seen}, follow=True)
    assertContains(page, "a retiré cette licence entre-temps")


def test_licence_that_went_while_its_form_was_open_may_be_written_anew(
    tom: Person, client_of: Login
):
    one = LicenceFactory.create(name="Vision")
    client, address = client_of(tom), f"/parc/licences/{one.id}/"
    shown = client.get(address)
    told = {"name": "Vision", "seats": "5", "seen": shown.context["seen"]}
    told["customer"] = str(one.customer_id)
    assertContains(shown, f'name="customer" value="{one.customer_id}"', count=2)
    Licence.objects.all().delete()
    page = client.post(address, told)
    for words in ("a retiré cette licence entre-temps", "Nouvelle licence", 'value="5"'):
        assertContains(page, words)
    assertNotContains(page, "#trash")
    assert not Licence.objects.exists()
    client.post(f"/parc/cabinets/{one.customer_id}/licences/nouvelle/", told)
    assert Licence.objects.get().seats == 5


def test_second_click_on_the_removal_of_a_licence_is_no_fault(tom: Person, client_of: Login):
    one = LicenceFactory.create(name="Vision")
    client, address = client_of(tom), f"/parc/licences/{one.id}/retirer/"
    for words in ("est retirée", "Cette licence est déjà retirée."):
        answer = client.post(address, {"customer": str(one.customer_id)}, follow=True)
        assertContains(answer, words)
    assert Line.objects.filter(object_kind="licence", detail__state="removed").count() == 1


@pytest.mark.parametrize("path", ["", "retirer/"])
@pytest.mark.parametrize("told", ["", "x", "former"])
def test_licence_that_is_gone_opens_no_other_practice(
    tom: Person, client_of: Login, path: str, told: str
):
    former = CustomerFactory.create(is_active=False)
    posted = {"name": "Vision", "customer": str(former.id) if told == "former" else told}
    answer = client_of(tom).post(f"/parc/licences/{uuid4()}/{path}", posted)
    assert answer.status_code == 404


def test_licence_is_taken_away_and_the_journal_knows(tom: Person, client_of: Login):
    one = LicenceFactory.create(name="Vision")
    answer = client_of(tom).post(f"/parc/licences/{one.id}/retirer/", follow=True)
    assertContains(answer, "La licence « Vision » est retirée.")
    assert not Licence.objects.exists()
    assert Line.objects.filter(object_kind="licence", detail__state="removed").count() == 1


def test_licences_to_review_of_the_whole_fleet_are_one_list(
    tom: Person, client_of: Login, django_assert_max_num_queries: Any
):
    one, other = CustomerFactory.create(name="Lilas"), CustomerFactory.create(name="Port")
    gone = CustomerFactory.create(name="Parti", is_active=False)
    for customer in (one, one, other):
        said = {"software": {"value": [{"name": "Radio Vision Pro", "version": "7.2"}]}}
        tell(MachineFactory.create(customer=customer), said)
    fleet.judge_due(now=timezone.now())
    make = LicenceFactory.create
    make(customer=one, name="Finie", ends_on=date(2026, 3, 1))
    make(customer=other, name="Bientôt", ends_on=date(2026, 4, 10))
    make(customer=one, name="Vision", software="radio vision", seats=1)
    make(customer=other, name="Vision", software="radio vision", seats=1)
    make(customer=other, name="Loin", ends_on=date(2027, 3, 1))
    make(customer=gone, name="Finie ailleurs", ends_on=date(2026, 3, 1))

    client = client_of(tom)
    page = client.get("/parc/licences/")
    told = [(row.licence.name, row.worth) for row in page.context["page"].object_list]
    assert told == [("Finie", "ended"), ("Bientôt", "ending"), ("Vision", "too_few")]
    for words in ("finie", f"finit dans les {ENDING.days} jours", "plus de machines que de postes"):
        assertContains(page, words)
    rows = Look.objects.filter(what="licences").values_list("customer_id", flat=True)
    assert set(rows) == {one.id, other.id}
    assert Line.objects.latest("number").detail == {"purpose": "licences", "count": 2}

    # On the page of a practice they are findings, each said once.
    fleet.judge_papers(now=timezone.now())
    incidents.draw(now=timezone.now())
    at_practice = client.get(f"/parc/cabinets/{one.id}/")
    assertContains(at_practice, "Licence finie : Finie", count=1)
    assertContains(at_practice, "Plus de machines que de postes : Vision", count=1)
    assertNotContains(at_practice, "à revoir")
    for address in ("/parc/logiciels/", "/parc/recherche/"):
        assertContains(client.get(address), 'href="/parc/licences/"')
    # One more of the same program asks for no more.
    make(customer=CustomerFactory.create(), name="Vision", software="radio vision", seats=1)
    with django_assert_max_num_queries(2):
        queries.to_review(timezone.localdate())


def test_nothing_to_review_says_so_and_leaves_no_row(tom: Person, client_of: Login):
    client = client_of(tom)
    assertContains(client.get("/parc/licences/"), "Aucune licence à revoir")
    assert not Look.objects.exists()
    assertNotContains(client.get(f"/parc/cabinets/{CustomerFactory.create().id}/"), "à revoir")


def test_list_of_licences_has_pages(tom: Person, client_of: Login):
    LicenceFactory.create_batch(51, ends_on=date(2026, 3, 1))
    client = client_of(tom)
    assert len(client.get("/parc/licences/").context["page"].object_list) == 50
    assert len(client.get("/parc/licences/?page=2").context["page"].object_list) == 1


def test_licence_that_is_gone_is_not_found(tom: Person, client_of: Login):
    one = LicenceFactory.create()
    one_id = one.id
    one.delete()
    assert client_of(tom).get(f"/parc/licences/{one_id}/").status_code == 404
    assert client_of(tom).post(f"/parc/licences/{one_id}/retirer/").status_code == 404
