"""Fresh proofs, PINs chosen on one's own page, hours, emergency grants to review."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import operations
from quenotte.base.keyboard.models import Grant, Hours, Pin
from quenotte.base.people.models import Person
from tests.base.keyboard.conftest import OTHER_PIN, PIN, lock, unlock
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

Keyboard = Callable[..., Client]
PERSON = {"Sec-Fetch-User": "?1"}


@pytest.fixture
def stale(alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller) -> Client:
    """Alice's browser, five minutes after her login, still at work."""
    client = keyboard(alice)
    frozen_clock.shift(200)
    client.get("/", headers=PERSON)
    frozen_clock.shift(100)
    return client


@pytest.mark.parametrize(
    "path", ["/journal/", "/cabinet/comptes/nouveau/", "/cabinet/comptes/regles/"]
)
def test_rights_and_journal_ask_for_a_fresh_proof(stale: Client, path: str) -> None:
    answer = stale.get(path)

    assert answer["Location"] == f"/preuve/?suite={path.replace('/', '%2F')}"
    page = stale.get(answer["Location"])
    assertContains(page, "Est-ce bien vous")
    wrong = stale.post("/preuve/", {"preuve": "faux", "suite": path})
    assertContains(wrong, "pas le bon", status_code=422)
    assertRedirects(stale.post("/preuve/", {"preuve": PASSWORD, "suite": path}), path)
    assert Line.objects.get(detail__purpose="proof").detail["how"] == "password"


def test_fragment_without_a_proof_leads_the_whole_page(stale: Client) -> None:
    answer = stale.get("/journal/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/preuve/")


def test_what_was_being_sent_goes_through_with_the_proof(stale: Client, bob: Person) -> None:
    typed = {
        "username": "nora", "title": "", "first_name": "Nora", "last_name": "Le Goff",
        "role": "secretaire", "email": "", "rpps": "",
    }  # fmt: skip
    asked = stale.post("/cabinet/comptes/nouveau/", typed)
    assertContains(asked, 'name="last_name" value="Le Goff"', status_code=403)
    assertContains(asked, "est gardé et part avec elle", status_code=403)
    again = stale.post("/cabinet/comptes/nouveau/", {**typed, "preuve": "faux"})
    assertContains(again, 'name="last_name" value="Le Goff"', status_code=422)
    assert not Person.objects.filter(username="nora").exists()

    done = stale.post("/cabinet/comptes/nouveau/", {**typed, "preuve": PASSWORD})

    assert done.status_code == 200
    assert Person.objects.filter(username="nora").exists()


def test_export_asks_for_a_fresh_proof(stale: Client) -> None:
    assert stale.post("/journal/export/").status_code == 403
    assert not Line.objects.filter(action="export").exists()


def test_proof_leads_nowhere_else(stale: Client) -> None:
    answer = stale.post("/preuve/", {"preuve": PASSWORD, "suite": "https://ailleurs.example/"})

    assert answer["Location"] == "/"


def test_pin_is_no_fresh_proof(stale: Client) -> None:
    lock(stale)
    unlock(stale)
    assert stale.get("/journal/").status_code == 302

    lock(stale)
    stale.post("/verrou/ouvrir/", {"mot_de_passe": PASSWORD})
    assert stale.get("/journal/").status_code == 200


def test_clock_set_back_makes_no_proof_fresh(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    frozen_clock.shift(-120)

    # The clock jumped: locked first, and the password is asked again after.
    assert client.get("/journal/")["Location"] == "/verrou/"


@pytest.mark.parametrize(
    ("pin", "again", "words"),
    [
        ("123456", "123456", "trop facile"),
        ("27490", "27490", "trop facile"),
        (PIN, OTHER_PIN, "diffèrent"),
        ("", "", "obligatoire"),
    ],
)
def test_pin_that_is_not_kept_says_why(
    bob: Person, keyboard: Keyboard, pin: str, again: str, words: str
) -> None:
    answer = keyboard(bob, pin="").post("/mon-compte/code/", {"pin": pin, "again": again})

    assertContains(answer, words, status_code=422)
    assert not Pin.objects.exists()


def test_pin_is_hashed_replaced_and_taken_back(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    first = Pin.objects.get().digest
    assert PIN not in first
    client.post("/mon-compte/code/", {"pin": OTHER_PIN, "again": OTHER_PIN})
    assert Pin.objects.get().digest != first
    assertContains(client.get("/mon-compte/"), "Choisi")

    client.post("/mon-compte/code/", {"retirer": "1"})
    client.post("/mon-compte/code/", {"retirer": "1"})

    assert not Pin.objects.exists()
    states = Line.objects.filter(object_kind="pin").order_by("number")
    assert [line.detail["state"] for line in states] == ["chosen", "chosen", "removed"]


def test_hours_are_saved_shown_and_removed(alice: Person, keyboard: Keyboard) -> None:
    client = keyboard(alice)
    typed = {"grace_days": "3", "secretaire-0-de": "08:30", "secretaire-0-a": "19:00"}

    assertRedirects(client.post("/cabinet/comptes/regles/", typed), "/cabinet/comptes/regles/")

    row = Hours.objects.get()
    assert (row.role, row.weekday, row.opens_at, row.closes_at) == (
        "secretaire", 0, time(8, 30), time(19),
    )  # fmt: skip
    assertContains(client.get("/cabinet/comptes/regles/"), 'value="08:30"')
    alice.practice.refresh_from_db()
    assert alice.practice.second_factor_grace_days == 3
    assert Line.objects.get(object_kind="login_hours").detail == {"count": 1, "minutes": 4320}
    client.post("/cabinet/comptes/regles/", {"grace_days": "0"})
    assert not Hours.objects.exists()


@pytest.mark.parametrize(
    ("opens", "closes"), [("08:00", ""), ("", "19:00"), ("19:00", "08:00"), ("8h", "19:00")]
)
def test_half_a_day_is_refused(alice: Person, keyboard: Keyboard, opens: str, closes: str) -> None:
    typed = {"grace_days": "0", "praticien-2-de": opens, "praticien-2-a": closes}

    assert keyboard(alice).post("/cabinet/comptes/regles/", typed).status_code == 422
    assert not Hours.objects.exists()


def test_hours_that_close_first_are_refused_below_the_page(alice: Person) -> None:
    actor = Actor(alice.id, "", alice.practice_id, "", "web")
    with pytest.raises(operations.WrongHours):
        operations.change_rules(
            actor=actor, days=[("praticien", 0, time(19), time(8))], grace_days=0
        )


@pytest.mark.parametrize("path", ["/cabinet/comptes/regles/"])
def test_rules_are_for_the_gestionnaire(bob: Person, keyboard: Keyboard, path: str) -> None:
    assert keyboard(bob).get(path).status_code == 403


def test_emergency_access_is_reviewed_once(
    alice: Person, bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    actor = Actor(bob.id, bob.full_name, bob.practice_id, "", "web")
    grant = operations.break_glass(
        actor=actor, patient_id=alice.id, reason="urgence", words="Douleur au téléphone"
    )
    client = keyboard(alice)
    page = client.get("/")
    assertContains(page, "Douleur au téléphone")
    assertContains(page, f"Accès exceptionnel de {bob.full_name}")
    url = f"/cabinet/acces/{grant.id}/relu/"

    assert keyboard(bob).post(url).status_code == 403
    assert client.get(url).status_code == 405
    assertContains(client.post(url, follow=True), "est relu")
    assertContains(client.post(url, follow=True), "déjà relu")

    grant.refresh_from_db()
    assert grant.reviewed_by_id == alice.id
    assert "Douleur" not in str(Line.objects.values_list("detail", flat=True))


@pytest.mark.parametrize(("reason", "words"), [("", "Douleur vive"), ("urgence", "  .  ")])
def test_emergency_access_says_why(bob: Person, reason: str, words: str) -> None:
    actor = Actor(bob.id, "", bob.practice_id, "", "web")
    with pytest.raises(operations.ReasonMissing):
        operations.break_glass(actor=actor, patient_id=bob.id, reason=reason, words=words)
    assert not Grant.objects.exists()


def test_grants_end_when_somebody_leaves(bob: Person, frozen_clock: time_machine.Traveller) -> None:
    actor = Actor(bob.id, "", bob.practice_id, "", "web")
    operations.break_glass(actor=actor, patient_id=bob.id, reason="garde", words="Remplacement")
    frozen_clock.shift(timedelta(minutes=1))

    assert operations.end_grants(person_id=bob.id) == 1
    assert operations.end_grants(person_id=bob.id) == 0
