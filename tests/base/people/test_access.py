"""Who asks, what axes counts, and the lines of logins."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory

from quenotte.base.audit.models import Line
from quenotte.base.people import access
from quenotte.base.people.models import Person
from quenotte.base.people.rules import Role, may

pytestmark = pytest.mark.django_db

Login = Callable[[Person], Client]


def _request(user: Person | AnonymousUser, **posted: str) -> HttpRequest:
    request = RequestFactory().post("/connexion/", posted)
    request.user = user
    return request


def test_may_request_follows_the_table(alice: Person, bob: Person) -> None:
    assert access.may_request(_request(alice), "audit.read")
    assert not access.may_request(_request(bob), "audit.read")
    assert not access.may_request(_request(AnonymousUser()), "home.read")


def test_may_request_refuses_a_closed_account(tom: Person) -> None:
    assert not access.may_request(_request(tom), "home.read")


def test_person_of_a_stranger_is_refused() -> None:
    with pytest.raises(PermissionDenied):
        access.person_of(_request(AnonymousUser()))


def test_person_of_a_login(alice: Person) -> None:
    assert access.person_of(_request(alice)) == alice


def test_owner_holds_two_roles(alice: Person) -> None:
    assert alice.roles == {Role.DENTIST, Role.MANAGER}
    assert alice.may("imaging.read")
    assert alice.may("people.manage")
    assert not may(frozenset({Role.DENTIST}), "people.manage")


def test_masked_username_hides_and_compares() -> None:
    typed = _request(AnonymousUser(), login=" Alice ")

    from_form = access.masked_username(typed)

    assert from_form == access.masked_username(typed, {"username": "alice"})
    assert from_form == access.masked_username(typed, {"login": "ALICE"})
    assert from_form != access.masked_username(typed, {"username": "bob"})
    assert from_form is not None
    assert "alice" not in from_form
    assert access.masked_username(_request(AnonymousUser())) is None


def test_failure_outside_a_request_writes_nothing() -> None:
    access.note_failure(credentials={"username": "alice"})
    access.note_logout(request=None, user=None)

    assert not Line.objects.exists()


def test_first_login_of_a_workstation_names_it_in_the_line(alice: Person) -> None:
    client = Client()
    client.post("/connexion/", {"login": "alice", "password": "un-mot-de-passe-long"})
    client.post("/deconnexion/")

    login, logout = Line.objects.order_by("number")
    assert login.workstation == logout.workstation != ""


def test_session_says_where_it_was_opened(alice: Person, client_of: Login) -> None:
    client = client_of(alice)
    client.get("/")

    assert client.session["workstation"]["practice"] == str(alice.practice_id)
