"""Pages of the tokens and of the quarantine."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.kernel.posture.silence import CADENCES
from quenotte.provider.enrolment import wording
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.enrolment.rules import Agent, digest
from tests_provider.factories import CustomerFactory, MachineFactory, TokenFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


TYPED = r"((?:[0-9A-Z]{5}-){4}[0-9A-Z]{5})"


def make(client: Client, machines: int = 3) -> str:
    """Make a token by the page; return what is typed."""
    customer = CustomerFactory.create(name="Cabinet des Lilas")
    made = client.post("/inscriptions/", {"customer": customer.id, "machines": machines})
    # Whoever reloads the page that follows makes no second token.
    assertRedirects(made, "/inscriptions/", fetch_redirect_response=False)
    found = re.search(TYPED, client.get("/inscriptions/").content.decode())
    assert found
    return found[1]


def test_token_is_shown_to_its_maker_until_she_noted_it(
    tom: Person, diane: Person, client_of: Login
):
    client = client_of(tom)
    typed = make(client)
    assert bytes(Token.objects.get().digest) == digest(typed)
    # A reload loses nothing, and nobody else sees it.
    assertContains(client.get("/inscriptions/"), typed)
    assertNotContains(client_of(diane).get("/inscriptions/"), typed)
    client.post("/inscriptions/jeton/note/")
    assertNotContains(client.get("/inscriptions/"), typed)
    assert Token.objects.count() == 1
    # Said twice, it is gone all the same.
    assertRedirects(client.post("/inscriptions/jeton/note/"), "/inscriptions/")


def test_token_is_shown_for_a_quarter_of_an_hour_alone(
    tom: Person, client_of: Login, frozen_clock: Any
):
    client = client_of(tom)
    typed = make(client)
    for _turn in range(7):
        # A person at the keyboard: else it locks.
        frozen_clock.shift(timedelta(minutes=2))
        page = client.get("/inscriptions/", headers={"sec-fetch-user": "?1"})
        assertContains(page, typed)
    frozen_clock.shift(timedelta(minutes=1))
    assertNotContains(client.get("/inscriptions/"), typed)
    # What is no longer shown is no longer kept.
    assert "fresh_token" not in client.session


def test_token_that_was_revoked_is_shown_no_more(tom: Person, client_of: Login):
    client = client_of(tom)
    typed = make(client)
    client.post(f"/inscriptions/jetons/{Token.objects.get().id}/fin/")
    assertNotContains(client.get("/inscriptions/"), typed)


def test_token_is_kept_sealed(tom: Person, client_of: Login):
    client = client_of(tom)
    typed = make(client)
    assert typed not in str(dict(client.session))
    # The table of the sessions neither, read as a thief would.
    kept = Session.objects.get(session_key=client.session.session_key)
    assert typed not in str(kept.get_decoded())


def test_lines_to_paste_name_the_door_and_the_token(tom: Person, client_of: Login, settings: Any):
    settings.AGENTS_URL = "https://agents.exemple.test:8443"
    client = client_of(tom)
    typed = make(client)
    page = client.get("/inscriptions/")
    told = {one.name: one.text for one in page.context["lines"]}
    assert told["compagnon"] == (
        f"quenotte-station enrol --server https://agents.exemple.test:8443 --token {typed}\n"
    )
    assert f"server = https://agents.exemple.test:8443/agents/glpi/{typed}\n" in told["glpi"]
    assert told["glpi-windows"] == (
        f'msiexec /i GLPI-Agent-x64.msi /quiet SERVER="https://agents.exemple.test:8443/agents/glpi/'
        f'{typed}" NO_CATEGORY="process,environment" NO_HTTPD=1\n'
    )
    assert told["osquery-secret"] == f"{typed}\n"
    assert "--tls_hostname=agents.exemple.test:8443\n" in told["osquery-options"]
    assert "--enroll_tls_endpoint=/agents/osquery/enroll\n" in told["osquery-options"]
    # The secret has a file of its own.
    assert typed not in told["osquery-options"]
    for name in told:
        assertContains(page, f'data-copy="{name}"')


@pytest.mark.parametrize(
    ("door", "is_known"),
    [
        ("http://127.0.0.1:8101", False),
        ("http://agents.exemple.test", False),
        ("https://localhost:8443", False),
        ("https://0.0.0.0:8443", False),
        ("https://[::1]", False),
        ("agents.exemple.test", False),
        ("https://agents.exemple.test:8443", True),
        ("https://192.0.2.7", True),
    ],
)
def test_door_that_no_other_machine_can_use_is_said_above_the_lines(
    door: str, is_known: bool, tom: Person, client_of: Login, settings: Any
):
    settings.AGENTS_URL = door
    client = client_of(tom)
    make(client)
    page = client.get("/inscriptions/").content.decode()
    assert ("Aucun autre poste ne peut employer ces lignes" not in page) is is_known
    assert ("QUENOTTE_AGENTS_URL" not in page) is is_known


def test_demonstration_says_that_its_lines_are_for_this_machine(tom: Person, client_of: Login):
    Practice.objects.update(is_demo=True)
    client = client_of(tom)
    make(client)
    page = client.get("/inscriptions/")
    assertContains(page, "Démonstration : ces lignes ne valent que sur cette machine")
    assertNotContains(page, "puis redémarrez")


def test_page_says_that_machines_of_an_order_share_a_secret(tom: Person, client_of: Login):
    assertContains(client_of(tom).get("/inscriptions/"), "ont le même secret")


def test_token_is_revoked_with_its_machines(tom: Person, client_of: Login):
    token = TokenFactory.create()
    for standing in ("accepted", "quarantine"):
        MachineFactory.create(token=token, customer=token.customer, standing=standing)
    MachineFactory.create(token=token, customer=token.customer, standing="revoked")
    other = MachineFactory.create(customer=token.customer)
    client = client_of(tom)
    assertContains(client.get("/inscriptions/"), "et 2 machines ?")
    address = f"/inscriptions/jetons/{token.id}/fin/"
    # Another came since she read the page: nothing happens.
    assertContains(client.post(address, {"machines": "1"}, follow=True), "a changé")
    assert Token.objects.get(pk=token.pk).revoked_at is None
    assert not Line.objects.filter(object_kind="machine").exists()
    page = client.post(address, {"machines": "2"}, follow=True)
    assertContains(page, "2 machines révoquées avec lui")
    assert Token.objects.get(pk=token.pk).revoked_at is not None
    left = Machine.objects.exclude(standing="revoked")
    assert list(left) == [other]
    # Neither the token nor any machine of it is left to revoke.
    assertNotContains(page, address)


def test_machines_of_a_token_that_is_over_can_still_be_revoked(tom: Person, client_of: Login):
    token = TokenFactory.create()
    client = client_of(tom)
    client.post(f"/inscriptions/jetons/{token.id}/fin/")
    MachineFactory.create(token=token, customer=token.customer)
    assertContains(client.get("/inscriptions/"), "Tout révoquer (1)")
    client.post(f"/inscriptions/jetons/{token.id}/fin/", {"machines": "1"})
    assert Machine.objects.get().standing == "revoked"


def test_who_accepts_learns_when_the_machine_speaks(tom: Person, client_of: Login):
    client = client_of(tom)
    for agent, words in (("station", "toutes les 5 minutes"), ("glpi", "une fois par jour")):
        machine = MachineFactory.create(agent=agent, standing="quarantine", decided_at=None)
        page = client.post(f"/inscriptions/machines/{machine.id}/accepter/", follow=True)
        assertContains(page, words)
        sheet = client.get(f"/parc/machines/{machine.id}/")
        assertContains(sheet, "Pas encore entendue")
        assertContains(sheet, words)


@pytest.mark.parametrize("agent", Agent)
def test_machine_of_any_agent_is_accepted_by_the_page(tom: Person, client_of: Login, agent: Agent):
    machine = MachineFactory.create(agent=agent, standing="quarantine", decided_at=None)
    client = client_of(tom)
    has_box = b'name="speaks"' in client.get("/inscriptions/").content
    page = client.post(f"/inscriptions/machines/{machine.id}/accepter/", follow=True)
    assertContains(page, wording.speaks_again(agent).split(" : ")[0])
    assertContains(client.get(f"/parc/machines/{machine.id}/"), "Pas encore entendue")
    # What tells of copies alone is heard of them without a box to tick.
    is_server = agent == Agent.PRACTICE
    assert Machine.objects.get().speaks_for_practice == is_server
    assert has_box != is_server


def test_words_of_when_agents_speak_are_those_of_the_rules():
    times = {timedelta(minutes=5): "toutes les 5 minutes", timedelta(days=1): "une fois par jour"}
    for agent, (cadence, _patience) in CADENCES.items():
        assert times[cadence] in wording.speaks_again(agent)


@pytest.mark.parametrize("machines", [0, 201, "beaucoup"])
def test_wrong_order_says_why_and_makes_nothing(tom: Person, client_of: Login, machines: object):
    customer = CustomerFactory.create()
    page = client_of(tom).post("/inscriptions/", {"customer": customer.id, "machines": machines})
    assert page.status_code == 200
    assert not Token.objects.exists()


def test_machine_is_accepted_then_revoked(tom: Person, client_of: Login):
    machine = MachineFactory.create(standing="quarantine", decided_at=None, name="ACCUEIL")
    client = client_of(tom)
    assertContains(client.get("/inscriptions/"), "ACCUEIL")
    for what, standing in (("accepter", "accepted"), ("revoquer", "revoked")):
        client.post(f"/inscriptions/machines/{machine.id}/{what}/")
        assert Machine.objects.get().standing == standing
    page = client.post(f"/inscriptions/machines/{machine.id}/accepter/", follow=True)
    assertContains(page, "déjà décidé")


def test_token_is_revoked(tom: Person, client_of: Login):
    token = TokenFactory.create()
    client_of(tom).post(f"/inscriptions/jetons/{token.id}/fin/")
    assert Token.objects.get().revoked_at is not None


@pytest.mark.parametrize(
    "path",
    [
        "/inscriptions/machines/{}/accepter/",
        "/inscriptions/machines/{}/revoquer/",
        "/inscriptions/jetons/{}/fin/",
    ],
)
def test_what_is_not_there_is_not_found(tom: Person, client_of: Login, path: str):
    client = client_of(tom)
    assert client.post(path.format(uuid4())).status_code == 404
    assert client.get(path.format(uuid4())).status_code == 405
