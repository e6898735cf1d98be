"""Workstations: known by a cookie, named in the journal, free of any query."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.keyboard.models import Sitting
from quenotte.base.keyboard.rules import State
from quenotte.base.live.models import Event
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
        answer = client.get("/patients/")

    assert COOKIE not in answer.cookies
    # Only the question about the login, which asks when this workstation locks.
    about = [query["sql"] for query in queries if "base_workstation" in query["sql"]]
    assert len(about) == 1
    assert "base_sitting" in about[0]
    assert Workstation.objects.count() == 1


def test_next_login_finds_the_same_workstation(
    alice: Person, bob: Person, client_of: Login, frozen_clock: time_machine.Traveller
) -> None:
    client = client_of(alice)
    client.get("/")
    client.post("/deconnexion/")
    frozen_clock.shift(timedelta(days=1))

    client.force_login(bob, backend="quenotte.base.people.backends.Backend")
    answer = client.get("/")

    assert str(Workstation.objects.get().seen_on) == "2026-03-18"
    assert COOKIE in answer.cookies


def test_forged_cookie_becomes_a_new_workstation(alice: Person, client_of: Login) -> None:
    client = client_of(alice)
    client.cookies[COOKIE] = "devinette"

    client.get("/")

    assert client.cookies[COOKIE].value != "devinette"
    assert Workstation.objects.count() == 1


def test_session_carried_to_another_browser_is_refused_and_ended(
    alice: Person, client_of: Login
) -> None:
    client, thief = client_of(alice), client_of(alice)
    client.get("/")
    thief.get("/")
    own = thief.cookies[COOKIE].value

    thief.cookies["quenotte_session"] = client.cookies["quenotte_session"].value
    answer = thief.get("/journal/")

    assert answer["Location"] == "/connexion/?next=/journal/"
    digest = hashlib.sha256(own.encode()).hexdigest()
    line = Line.objects.get(result="refused")
    assert line.workstation == Workstation.objects.get(key_digest=digest).name
    assert (line.action, line.object_id) == ("failure", str(alice.id))
    assert line.person_id is None
    assert Event.objects.filter(name="people.notice", audience="people.manage").count() == 1
    # The person herself logs in again, and is told why: her session was known to somebody else.
    shown = client.get("/", follow=True)
    assert shown.redirect_chain == [("/connexion/?next=/", 302)]
    assertContains(shown, "Votre connexion a été présentée depuis un autre poste")
    assertContains(shown, line.workstation)
    assertNotContains(thief.get("/", follow=True), "Votre connexion a été présentée")
    assertNotContains(client.get("/", follow=True), "Votre connexion a été présentée")


def test_owner_of_a_locked_screen_is_told_too(alice: Person, client_of: Login) -> None:
    client, thief = client_of(alice), client_of(alice)
    client.get("/")
    thief.get("/")
    client.post("/verrou/poser/")
    thief.cookies["quenotte_session"] = client.cookies["quenotte_session"].value
    assert thief.get("/patients/").status_code == 302
    assertContains(client.get("/verrou/", follow=True), "présentée depuis un autre poste")


def test_login_that_merely_ended_is_told_nothing(alice: Person, client_of: Login) -> None:
    client = client_of(alice)
    client.get("/")
    Sitting.objects.update(state=State.CLOSED.value)
    assertNotContains(client.get("/", follow=True), "présentée depuis un autre poste")


@pytest.mark.parametrize("key", ["", "devinette"])
def test_session_without_its_workstation_is_refused(
    alice: Person, client_of: Login, key: str
) -> None:
    client = client_of(alice)
    client.get("/")
    client.cookies[COOKIE] = key

    assert client.get("/patients/").status_code == 302
    assert Line.objects.get(result="refused").detail == {"reason": "other_workstation"}
    assert Workstation.objects.count() == 1


def test_stranger_leaves_no_workstation(alice: Person) -> None:
    answer = Client().get("/connexion/")

    assert COOKIE not in answer.cookies
    assert not Workstation.objects.exists()
