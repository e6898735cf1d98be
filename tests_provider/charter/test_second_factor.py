"""At a provider's nobody works with a password alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import operations as keyboard
from quenotte.base.keyboard import queries as logins
from quenotte.base.people.models import Person
from tests.support.cast import PASSWORD
from tests_provider.factories import SignatureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged_in(tom: Person) -> Client:
    """A browser in which Tom typed his name and his password."""
    SignatureFactory.create(person=tom)
    client = Client()
    client.post("/connexion/", {"login": "tom", "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", ["/parc/", "/charte/", "/inscriptions/", "/"])
def test_account_without_one_opens_nothing_else(logged_in: Client, path: str):
    assertRedirects(logged_in.get(path), "/mon-compte/")


def test_once_set_up_the_fleet_opens(logged_in: Client, tom: Person):
    page = logged_in.get("/mon-compte/application/")
    code = logins.code_now(page.context["secret"])
    logged_in.post("/mon-compte/application/", {"code": code})
    assert logins.factors(tom.id).is_protected
    assert logged_in.get("/parc/").status_code == 200


def test_password_alone_is_no_login_then(tom: Person, actor: Actor):
    secret = keyboard.new_secret()
    code = logins.code_now(secret)
    keyboard.add_application(actor=actor, person=tom, secret=secret, code=code)
    client = Client()
    answer = client.post("/connexion/", {"login": "tom", "password": PASSWORD})
    assertRedirects(answer, "/connexion/verification/")
    assert client.get("/parc/").status_code == 302


def test_last_factor_stays(tom: Person, actor: Actor, client_of: Callable[..., Client]):
    secret = keyboard.new_secret()
    code = logins.code_now(secret)
    keyboard.add_application(actor=actor, person=tom, secret=secret, code=code)
    application = logins.factors(tom.id).application
    assert application
    page = client_of(tom).post(f"/mon-compte/facteurs/{application.id}/retirer/", follow=True)
    assertContains(page, "au moins un second facteur")
    assert logins.factors(tom.id).is_protected


def test_nobody_is_given_time(diane: Person, client_of: Callable[..., Client]):
    assert logins.is_factor_due(diane)
    client = client_of(diane)
    page = client.post("/preuve/", {"preuve": PASSWORD, "suite": "/cabinet/comptes/regles/"})
    page = client.get("/cabinet/comptes/regles/")
    assertContains(page, "Règles de connexion")
    assert b"grace_days" not in page.content
    assert client.post("/cabinet/comptes/regles/", {"x": "y"}).status_code == 302
