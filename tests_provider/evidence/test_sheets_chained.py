"""Signed questionnaires follow one another: which one was taken away is told by the next."""

from typing import Any

import pytest
from django.test import Client

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.kernel.memento import verifying
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.evidence import queries
from quenotte.provider.evidence.models import SignedSheet
from tests_provider.evidence.test_chain import change
from tests_provider.evidence.test_making import make
from tests_provider.evidence.test_signing import draft, sign
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db


def signed(customer: Any, actor: Actor) -> list[SignedSheet]:
    """Return one of each questionnaire, signed in a row."""
    made = []
    for sheet in Sheet:
        draft(customer, actor, sheet, **{of_sheet(sheet)[0].key: ("yes", "")})
        made.append(sign(customer, actor, sheet))
    return made


@pytest.fixture
def customer(db: None) -> Any:
    return CustomerFactory.create()


def test_each_bears_the_digest_of_the_one_before_within_its_practice(customer: Any, actor: Actor):
    made, other = signed(customer, actor), signed(CustomerFactory.create(), actor)
    assert [one.number for one in made] == [1, 2, 3, 4, 5]
    assert [one.previous for one in made] == ["", *(one.digest for one in made[:-1])]
    assert (other[0].number, other[0].previous) == (1, "")
    assert queries.gaps_of(customer.id) == []
    assert queries.altered_signatures(customer.id) == []


def test_one_that_was_taken_away_is_told_by_the_next(
    customer: Any, actor: Actor, tom: Person, client_of: Any
):
    made = signed(customer, actor)
    change("DELETE FROM provider_signedsheet WHERE number = 2")
    assert queries.gaps_of(customer.id) == [made[2]]
    client: Client = client_of(tom)
    page = client.get(f"/parc/cabinets/{customer.id}/preuves/verifier/").content.decode()
    assert "Questionnaires qui ne suivent plus le précédent" in page


def test_place_in_the_chain_is_sealed(customer: Any, actor: Actor):
    made = signed(customer, actor)
    before = made[0].digest
    change(f"UPDATE provider_signedsheet SET previous = '{before}' WHERE number = 3")
    assert queries.altered_signatures(customer.id) == [made[2]]


def test_what_was_signed_before_there_was_a_chain_is_its_beginning(customer: Any, actor: Actor):
    first = signed(customer, actor)[0]
    change(
        "DELETE FROM provider_signedsheet WHERE number > 1",
        "UPDATE provider_signedsheet SET number = NULL, previous = NULL",
    )
    sheet = Sheet.PRACTICE
    draft(customer, actor, sheet, **{of_sheet(sheet)[0].key: ("no", "")})
    following = sign(customer, actor, sheet)
    assert (following.number, following.previous) == (2, first.digest)
    assert queries.gaps_of(customer.id) == []


def test_dossiers_alone_tell_which_one_went(customer: Any, actor: Actor):
    made = signed(customer, actor)
    dossiers = [make(customer.id, actor)]
    change("DELETE FROM provider_signedsheet WHERE number = 5")
    dossiers.append(make(customer.id, actor))
    files = [(str(one.number), queries.written(one)) for one in dossiers]
    (fault,) = verifying.verify(files).findings
    assert (fault.fault, fault.name) == (verifying.Fault.UNSIGNED, "2")
    assert queries.content_of(dossiers[0])["sheets"] == [one.digest for one in made]
    found = {one.dossier.number: one.faults for one in queries.proofs_of(customer.id)}
    assert found == {1: (), 2: ("unsigned",)}
