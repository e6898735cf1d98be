"""The charter: nothing of a practice opens before it is signed, and a signature stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import operations as keyboard
from quenotte.base.keyboard import queries as logins
from quenotte.base.people.models import Person
from quenotte.provider.charter import operations, queries, rules
from quenotte.provider.charter.models import Signature
from quenotte.provider.customers.access import customer_for
from quenotte.provider.traces.models import Look
from tests.support.cast import PASSWORD
from tests_provider.factories import CustomerFactory, PersonFactory, SignatureFactory

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]

#: The text of each version that anybody may have signed. A text that changed is a new version.
DIGESTS = {"2026-11": "d7eca6a451883ff9b6f2650a361609e629b7841ae2bb8018f3b2ca6ca6a7cf0c"}


@pytest.fixture
def newcomer(tom: Person, client_of: Login) -> Client:
    """Tom on his first day: nothing is signed."""
    return client_of(tom, has_signed=False)


def sign(client: Client, proof: str, shown: str = "") -> Any:
    return client.post("/charte/", {"proof": proof, "shown": shown or rules.digest()})


def test_changed_text_is_a_new_version():
    assert DIGESTS[rules.VERSION] == rules.digest()
    with translation.override("en"):
        assert rules.digest() == DIGESTS[rules.VERSION]


@pytest.mark.parametrize("path", ["/parc/", "/inscriptions/", "/parc/cabinets/{}/"])
def test_unsigned_charter_comes_first(newcomer: Client, path: str):
    customer = CustomerFactory.create(name="Cabinet Canari")
    assertRedirects(newcomer.get(path.format(customer.id)), "/charte/")
    assert not Look.objects.exists()


def test_practice_is_refused_whatever_view_asks(tom: Person):
    request = RequestFactory().get("/")
    request.user = tom
    with pytest.raises(PermissionDenied):
        customer_for(request, CustomerFactory.create().id, what="fleet")


def test_password_signs(newcomer: Client, tom: Person):
    assertContains(newcomer.get("/charte/"), "226-13")
    assertRedirects(sign(newcomer, PASSWORD), "/parc/")
    one = Signature.objects.get()
    assert (one.person, one.person_label, one.version, one.digest, one.how, one.at) == (
        tom,
        tom.full_name,
        rules.VERSION,
        rules.digest(),
        "password",
        timezone.now(),
    )
    line = Line.objects.get(object_kind="charter")
    assert (line.person_id, line.detail["digest"]) == (tom.id, rules.digest())
    assertContains(newcomer.get("/charte/"), "Signée le")


def test_code_of_the_second_factor_signs(newcomer: Client, tom: Person, actor: Actor):
    secret = keyboard.new_secret()
    code = logins.code_now(secret)
    keyboard.add_application(actor=actor, person=tom, secret=secret, code=code)
    assertRedirects(sign(newcomer, logins.code_now(secret)), "/parc/")
    assert Signature.objects.get().how == "factor"


@pytest.mark.parametrize("proof", ["wrong-password-here", "000000", ""])
def test_wrong_proof_signs_nothing_and_counts(newcomer: Client, proof: str):
    assert sign(newcomer, proof).status_code == 422
    assert not Signature.objects.exists()
    assert Line.objects.filter(action="failure").exists() is bool(proof)


def test_five_wrong_proofs_shut_the_door(newcomer: Client):
    for _each in range(5):
        sign(newcomer, "wrong-password-here")
    assertContains(sign(newcomer, PASSWORD), "quinze minutes", status_code=422)
    assert not Signature.objects.exists()


def test_other_text_than_the_shown_is_not_signed(newcomer: Client):
    assertContains(sign(newcomer, PASSWORD, "0" * 64), "a changé", status_code=422)
    assert not Signature.objects.exists()


def test_new_version_asks_again(newcomer: Client, tom: Person, monkeypatch: pytest.MonkeyPatch):
    SignatureFactory.create(person=tom, version="2020-01", digest="0" * 64)
    assertRedirects(newcomer.get("/parc/"), "/charte/")
    assertRedirects(sign(newcomer, PASSWORD), "/parc/")
    assert Signature.objects.filter(person=tom).count() == 2


def test_signed_twice_is_signed_once(actor: Actor):
    first, again = (
        operations.sign(actor=actor, shown=rules.digest(), how=rules.How.PASSWORD) for _ in "ab"
    )
    assert first == again
    assert Line.objects.filter(object_kind="charter").count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE provider_signature SET version = 'x'", "DELETE FROM provider_signature"]
)
def test_signature_is_never_changed_nor_removed(statement: str):
    SignatureFactory.create()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Signature.objects.count() == 1


def test_manager_sees_who_signed(diane: Person, tom: Person, client_of: Login):
    SignatureFactory.create(person=tom, version="2020-01", digest="0" * 64)
    PersonFactory.create(practice=diane.practice, role="technicien", last_name="Nouvelle")
    page = client_of(diane).get("/charte/")
    for words in ("Qui a signé", "ancienne version", "non signée", "Nouvelle"):
        assertContains(page, words)
    assertNotContains(client_of(tom).get("/charte/"), "Qui a signé")
    assert [one.is_current for one in queries.signers(diane.practice_id)] == [False, False, True]
