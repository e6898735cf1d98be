"""Login through allauth, lockout by axes, and the lines that both leave."""

from collections.abc import Callable

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.people.rules import ADDRESS_FAILURES, DEMO_PASSWORD, NAME_FAILURES
from quenotte.config.demo import staff
from tests.factories import PASSWORD, PersonFactory, PracticeFactory

pytestmark = pytest.mark.django_db

LOGIN = "/connexion/"


def _try(client: Client, username: str, password: str):
    return client.post(LOGIN, {"login": username, "password": password})


def test_login_leads_home_and_writes_a_line_with_the_workstation(alice: Person) -> None:
    client = Client()

    answer = _try(client, "alice", PASSWORD)

    assertRedirects(answer, reverse("home"), fetch_redirect_response=False)
    line = Line.objects.get()
    assert (line.action, line.person_id, line.result) == ("login", alice.id, "ok")
    assert line.workstation.startswith("Poste ")
    assert line.practice_id == alice.practice_id


def test_login_ignores_the_case_of_the_username(alice: Person) -> None:
    answer = _try(Client(), " Alice ", PASSWORD)

    assertRedirects(answer, reverse("home"), fetch_redirect_response=False)


def test_login_leads_to_the_wanted_page(alice: Person) -> None:
    client = Client()

    asked = client.get("/journal/?action=login")
    answer = client.post(asked["Location"], {"login": "alice", "password": PASSWORD})

    assert answer["Location"] == "/journal/?action=login"


def test_login_never_leads_to_another_site(alice: Person) -> None:
    answer = _try(Client(), "alice", PASSWORD)
    elsewhere = Client().post(
        LOGIN + "?next=https://ailleurs.example/", {"login": "alice", "password": PASSWORD}
    )

    assert answer["Location"] == elsewhere["Location"] == "/"


def test_who_sends_something_after_the_end_of_a_session_is_told_and_led_back(alice: Person) -> None:
    client = Client()
    page = "http://testserver/journal/?action=login"

    sent = client.post("/cabinet/", {"name": "Autre"}, headers={"referer": page})

    assertRedirects(sent, f"{LOGIN}?next=/journal/%3Faction%3Dlogin", fetch_redirect_response=False)
    assertContains(client.get(sent["Location"]), "n’a pas été fait")
    answer = client.post(sent["Location"], {"login": "alice", "password": PASSWORD})
    assert answer["Location"] == "/journal/?action=login"


@pytest.mark.parametrize("page", ["", "https://ailleurs.example/x", "//ailleurs.example"])
def test_what_was_sent_from_elsewhere_leads_nowhere(alice: Person, page: str) -> None:
    assertRedirects(Client().post("/cabinet/", headers={"referer": page}), LOGIN)


def test_part_of_a_page_after_the_end_of_a_session_leads_back_to_its_page(alice: Person) -> None:
    asked = {"hx-request": "true", "hx-current-url": "http://testserver/journal/?action=login"}
    answer = Client().get("/", headers=asked)
    assert answer["HX-Redirect"] == f"{LOGIN}?next=/journal/%3Faction%3Dlogin"


def test_what_an_island_sends_after_the_end_is_not_told_at_the_login(alice: Person) -> None:
    client = Client()
    client.post("/cabinet/", headers={"sec-fetch-mode": "cors"})
    assertNotContains(client.get(LOGIN), "n’a pas été fait")


def test_failure_writes_a_line_without_what_was_typed(alice: Person) -> None:
    answer = _try(Client(), "alice", "mauvais-mot-secret")

    assertContains(answer, "ne correspond pas")
    line = Line.objects.get()
    assert (line.action, line.result, line.object_id) == ("failure", "failed", str(alice.id))
    assert line.person_id is None
    assert line.practice_id == alice.practice_id
    assert line.detail == {"known": True}


def test_failure_with_an_unknown_name_keeps_nothing_of_it(practice: object, alice: Person) -> None:
    _try(Client(), "Mon-Secret-Par-Erreur", "x")

    line = Line.objects.get()
    assert line.detail == {"known": False}
    assert line.object_id == ""
    attempt = AccessAttempt.objects.get()
    kept = f"{line.__dict__} {attempt.__dict__}".lower()
    assert "mon-secret" not in kept


def test_fifth_failure_locks_and_says_for_how_long(alice: Person) -> None:
    client = Client()
    answers = [_try(client, "alice", "faux") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assertContains(answers[-1], "15 minutes", status_code=429)
    assert Line.objects.filter(result="locked", object_id=str(alice.id)).count() == 1


def test_lockout_refuses_the_right_password_until_it_ends(
    alice: Person, frozen_clock: time_machine.Traveller
) -> None:
    client = Client()
    for _ in range(5):
        _try(client, "alice", "faux")

    assert _try(client, "alice", PASSWORD).status_code == 429
    assert _try(Client(), "ALICE", PASSWORD).status_code == 429
    frozen_clock.shift(16 * 60)
    assert _try(client, "alice", PASSWORD).status_code == 302


def _fail(*, names: int = 1, addresses: int = 1, username: str = "alice") -> list[int]:
    """Fail once under each name from each address; return the statuses."""
    return [
        Client(REMOTE_ADDR=f"198.51.100.{address}")
        .post(LOGIN, {"login": username if names == 1 else f"nom{name}", "password": "x"})
        .status_code
        for name in range(names)
        for address in range(addresses)
    ]


def test_many_names_from_one_address_wait(practice: object, alice: Person) -> None:
    assert _fail(names=ADDRESS_FAILURES) == [200] * (ADDRESS_FAILURES - 1) + [429]

    answer = Client(REMOTE_ADDR="198.51.100.0").post(
        LOGIN, {"login": "alice", "password": PASSWORD}
    )

    assertContains(answer, "depuis cette adresse", status_code=429)
    assert _try(Client(), "alice", PASSWORD).status_code == 302
    assert Line.objects.filter(result="locked").exists()


def test_one_name_from_many_addresses_waits(
    alice: Person, bob: Person, frozen_clock: time_machine.Traveller
) -> None:
    assert _fail(addresses=NAME_FAILURES) == [200] * (NAME_FAILURES - 1) + [429]

    assert _try(Client(), "alice", PASSWORD).status_code == 429
    assert _try(Client(), "bob", PASSWORD).status_code == 302
    frozen_clock.shift(16 * 60)
    assert _try(Client(), "alice", PASSWORD).status_code == 302


def test_stranger_closes_no_workstation_of_the_practice(alice: Person, chloe: Person) -> None:
    ours, theirs = Client(), Client()
    assert _try(ours, "alice", PASSWORD).status_code == 302
    assert _try(theirs, "chloe", PASSWORD).status_code == 302
    ours.post("/deconnexion/")
    theirs.post("/deconnexion/")
    _fail(addresses=NAME_FAILURES)

    assert _try(theirs, "alice", PASSWORD).status_code == 429
    assert _try(ours, "alice", PASSWORD).status_code == 302


def test_form_can_be_read_while_an_address_waits(practice: object, alice: Person) -> None:
    _fail(names=ADDRESS_FAILURES)

    assert Client(REMOTE_ADDR="198.51.100.0").get(LOGIN).status_code == 200


def test_lockout_leaves_the_colleagues_alone(alice: Person, bob: Person) -> None:
    client = Client()
    for _ in range(5):
        _try(client, "alice", "faux")

    assertRedirects(_try(client, "bob", PASSWORD), reverse("home"))


def test_success_forgets_the_failures_before(alice: Person) -> None:
    for _ in range(3):
        client = Client()
        for _ in range(4):
            _try(client, "alice", "faux")
        assert _try(client, "alice", PASSWORD).status_code == 302


def test_closed_account_does_not_open(tom: Person) -> None:
    client = Client()

    answer = _try(client, "tom", PASSWORD)

    assert answer["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session
    assert Line.objects.get().action == "failure"
    assertContains(Client().get(answer["Location"]), "Compte fermé", status_code=403)


def test_login_page_names_the_demo_accounts_on_the_demo_practice_only(alice: Person) -> None:
    assert DEMO_PASSWORD not in Client().get(LOGIN).content.decode()

    PersonFactory.create(practice=PracticeFactory.create(is_demo=True), username="demo-alice")

    page = Client().get(LOGIN)
    assertContains(page, DEMO_PASSWORD)
    assertContains(page, "demo-alice")
    assert "<dt>alice</dt>" not in page.content.decode()


def test_login_page_names_everybody_of_the_demo_practice(db: None) -> None:
    staff.make_practice()

    page = Client().get(LOGIN).content.decode()

    assert all(f"<dt>{person[0]}</dt>" in page for person in staff.PEOPLE)


def test_logout_ends_the_session_and_writes_a_line(
    alice: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(alice)

    assert client.get(reverse("account_logout")).status_code == 405
    assertRedirects(client.post(reverse("account_logout")), LOGIN)

    line = Line.objects.get(action="logout")
    assert line.person_id == alice.id
    assertRedirects(client.get("/"), f"{LOGIN}?next=/")


def test_logout_without_login_writes_nothing(practice: object, alice: Person) -> None:
    assertRedirects(Client().post(reverse("account_logout")), LOGIN)

    assert not Line.objects.exists()


def test_failure_names_a_workstation_that_is_known(alice: Person) -> None:
    client = Client()
    _try(client, "alice", PASSWORD)
    name = Line.objects.get().workstation
    client.post(reverse("account_logout"))

    _try(client, "alice", "faux")

    assert Line.objects.get(action="failure").workstation == name


def test_fragment_of_somebody_logged_out_leads_the_whole_page_to_login(alice: Person) -> None:
    answer = Client().get("/journal/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == LOGIN


def test_draft_of_somebody_logged_out_is_refused_and_its_form_is_told_so(alice: Person) -> None:
    client = Client()
    sent = {"key": "identity:1", "text": "Rue du Port"}
    draft = client.post("/brouillons/", sent, headers={"HX-Request": "true"})
    form = client.post("/patients/nouveau/", {"birth_name": "Dupré"}, follow=True)

    assert (draft.status_code, form.redirect_chain) == (401, [(LOGIN, 302)])
    assert "Vous n’étiez plus connecté" in form.content.decode()


def test_form_of_somebody_logged_out_leads_to_login(alice: Person) -> None:
    assertRedirects(Client().post("/journal/export/"), LOGIN)
