"""Former practices: until when what is kept, who still reads it, and how a contract goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.customers import operations
from quenotte.provider.customers.models import Customer
from quenotte.provider.evidence.models import Draft, Making
from quenotte.provider.retention import operations as retention
from quenotte.provider.traces.models import Look
from tests_provider.evidence.test_making import make
from tests_provider.evidence.test_signing import draft, sign
from tests_provider.factories import CustomerFactory, MachineFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
PAGE = "/parc/cabinets/anciens/"


@pytest.fixture
def former(actor: Actor) -> Customer:
    """A practice with a machine, a signed questionnaire and a dossier, whose contract ended."""
    customer = CustomerFactory.create(name="Cabinet des Lilas")
    MachineFactory.create(customer=customer)
    draft(customer, actor, Sheet.PRACTICE, **{of_sheet(Sheet.PRACTICE)[0].key: ("yes", "")})
    sign(customer, actor, Sheet.PRACTICE)
    make(customer.id, actor)
    return operations.end_contract(customer_id=customer.id, actor=actor)


def evidence(customer: Customer, rest: str = "") -> str:
    return f"/parc/cabinets/{customer.id}/preuves/{rest}"


def reading(customer: Customer) -> list[str]:
    """Return the pages that who manages reads of a former practice."""
    openings = f"/parc/cabinets/{customer.id}/ouvertures/"
    return [openings, *(evidence(customer, one) for one in ("", "verifier/", "1/", "1/pdf/"))]


def test_page_says_until_when_what_is_kept(diane: Person, client_of: Login, former: Customer):
    page = client_of(diane).get(PAGE)
    assertContains(page, "gardées jusqu’au 17 mars 2027")
    assertContains(page, "gardées jusqu’au 17 mars 2031")
    assertContains(page, f'href="{evidence(former)}"')
    assertNotContains(page, "repart sans machine")


def test_page_says_when_the_machines_went(
    diane: Person, client_of: Login, former: Customer, frozen_clock: Any
):
    frozen_clock.shift(timedelta(days=366))
    retention.forget(now=timezone.now())
    page = client_of(diane).get(PAGE)
    assertContains(page, "effacées le 18 mars 2027")
    assertContains(page, "gardées jusqu’au 17 mars 2031")
    assertContains(page, "Repris, il repart sans machine.")


def test_page_says_that_nothing_goes_where_no_end_is_known(
    diane: Person, client_of: Login, former: Customer
):
    Customer.objects.update(ended_at=None)
    client = client_of(diane)
    assertContains(client.get(PAGE), "gardées : fin inconnue")
    assertContains(client.get(evidence(former)), "rien ne s’efface")


def test_who_manages_reads_evidence_and_openings_and_each_is_noted(
    diane: Person, client_of: Login, former: Customer
):
    client = client_of(diane)
    for address in reading(former):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
        else:
            assertContains(answer, "Anciens cabinets")
            assertNotContains(answer, f'href="/parc/cabinets/{former.id}/"')
    assert list(Look.objects.order_by("id").values_list("what", flat=True)) == [
        "openings", "evidence", "evidence", "evidence", "evidence",
    ]  # fmt: skip
    assert Line.objects.filter(person_id=diane.id, action="export").count() == 1


def test_page_of_evidence_says_that_it_is_over_and_offers_nothing_to_do(
    diane: Person, client_of: Login, former: Customer
):
    page = client_of(diane).get(evidence(former))
    assertContains(page, "Contrat fini le 17 mars 2026")
    assertContains(page, "Gardé jusqu’au 17 mars 2031")
    assertContains(page, "Vérifier la chaîne")
    for words in ("Établir le dossier", "Revoir", "Remplir :", "questionnaires/"):
        assertNotContains(page, words)


def test_nothing_is_written_at_a_former_practice(diane: Person, client_of: Login, former: Customer):
    client = client_of(diane)
    drafts, makings = Draft.objects.count(), Making.objects.count()
    for address in (
        evidence(former, "etablir/"),
        evidence(former, "questionnaires/practice/"),
        f"/parc/cabinets/{former.id}/fiche/",
        f"/parc/cabinets/{former.id}/contrat/finir/",
    ):
        assert client.post(address, {}).status_code == 404, address
    assert client.get(evidence(former, "questionnaires/practice/")).status_code == 404
    assert (Draft.objects.count(), Making.objects.count()) == (drafts, makings)


def test_technician_reads_nothing_of_it(tom: Person, client_of: Login, former: Customer):
    client = client_of(tom)
    for address in reading(former):
        assert client.get(address).status_code == 404, address
    assert not Look.objects.exists()


def test_contract_ended_by_mistake_goes_on_with_its_machines_until_the_last_day(
    diane: Person, client_of: Login, former: Customer, frozen_clock: Any
):
    frozen_clock.shift(timedelta(days=364))
    retention.forget(now=timezone.now())
    page = client_of(diane).post(f"/parc/cabinets/{former.id}/contrat/reprendre/", follow=True)
    assertContains(page, "est suivi de nouveau, avec ses machines.")
    assert former.machines.count() == 1


def test_contract_taken_up_later_says_that_it_begins_without_machines(
    diane: Person, client_of: Login, former: Customer, frozen_clock: Any
):
    frozen_clock.shift(timedelta(days=366))
    retention.forget(now=timezone.now())
    page = client_of(diane).post(f"/parc/cabinets/{former.id}/contrat/reprendre/", follow=True)
    assertContains(page, "sans aucune machine")
    assertContains(page, "effacé depuis le 18 mars 2027")
    assert former.machines.count() == 0
    # Its evidence is there as before, to be gone on with.
    assertContains(client_of(diane).get(evidence(former)), "Établir le dossier")
