"""Workstations: known by a cookie, named in the journal, free of any query."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.access import COOKIE
from quenotte.base.practice.models import Workstation

pytestmark = pytest.mark.django_db

Login = Callable[[Person], Client]


def test_first_page_makes_the_workstation_known(alice: Person, client_of: Login) -> None:
    client = client_of(alice)

    answer = client.get("/")

    workstation = Workstation.objects.get()
    assert workstation.name == f"Poste {workstation.key_digest[:4].upper()}"
    assert workstation.practice_id == alice.practice_id
    assert str(workstation.seen_on) == "2026-03-17"
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] > 300 * 86_400
    assert workstation.key_digest not in cookie.value


def test_later_pages_ask_the_database_nothing(alice: Person, client_of: Login) -> None:
    client = client_of(alice)
    client.get("/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get("/")

    assert COOKIE not in answer.cookies
    assert not [query for query in queries if "base_workstation" in query["sql"]]
    assert Workstation.objects.count() == 1


def test_next_login_finds_the_same_workstation(
    alice: Person, bob: Person, client_of: Login, frozen_clock: time_machine.Traveller
) -> None:
    client = client_of(alice)
    client.get("/")
    client.post("/deconnexion/")
    frozen_clock.shift(timedelta(days=1))

    client.force_login(bob, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/")

    assert str(Workstation.objects.get().seen_on) == "2026-03-18"
    assert COOKIE in answer.cookies


def test_forged_cookie_becomes_a_new_workstation(alice: Person, client_of: Login) -> None:
    client = client_of(alice)
    client.cookies[COOKIE] = "devinette"

    client.get("/")

    assert client.cookies[COOKIE].value != "devinette"
    assert Workstation.objects.count() == 1


def test_session_carried_to_another_browser_takes_its_name(alice: Person, client_of: Login) -> None:
    client, thief = client_of(alice), client_of(alice)
    client.get("/")
    thief.get("/")
    own = thief.cookies[COOKIE].value

    thief.cookies["quenotte_session"] = client.cookies["quenotte_session"].value
    thief.cookies[COOKIE] = own
    thief.get("/journal/")

    digest = hashlib.sha256(own.encode()).hexdigest()
    line = Line.objects.get(object_kind="journal")
    assert line.workstation == Workstation.objects.get(key_digest=digest).name
    assert Workstation.objects.count() == 2


def test_stranger_leaves_no_workstation(alice: Person) -> None:
    answer = Client().get("/connexion/")

    assert COOKIE not in answer.cookies
    assert not Workstation.objects.exists()
