"""Taking the lock off: a PIN here, a password, a colleague's PIN; guessing, racing, stealing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import operations, queries
from quenotte.base.keyboard.models import Hours, Pin, Sitting
from quenotte.base.keyboard.rules import State
from quenotte.base.people.models import Draft, Person
from quenotte.base.practice.access import COOKIE
from quenotte.base.practice.models import Workstation
from tests.base.keyboard.conftest import OTHER_PIN, PIN, lock, sitting_of, unlock
from tests.factories import PASSWORD
from tests.support.racing import race

pytestmark = pytest.mark.django_db

Keyboard = Callable[..., Client]


def _other(client: Client, newcomer: Person, pin: str = OTHER_PIN) -> None:
    """Let somebody who is not enrolled log in in full at a locked keyboard, and choose a PIN."""
    lock(client)
    assert client.post("/verrou/autre/")["Location"] == "/connexion/"
    answer = client.post("/connexion/", {"login": newcomer.username, "password": PASSWORD})
    assert answer.status_code == 302
    client.post("/mon-compte/code/", {"pin": pin, "again": pin})


def test_pin_opens_the_page_that_was_locked(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    before = client.cookies["quenotte_session"].value
    lock(client, "/patients/?q=dup")

    answer = unlock(client)

    assert answer["Location"] == "/patients/?q=dup"
    assert client.get("/patients/").status_code == 200
    assert client.cookies["quenotte_session"].value != before
    line = Line.objects.get(action="unlock")
    assert (line.person_id, line.detail, line.result) == (bob.id, {"how": "pin"}, "ok")


def test_page_asked_while_locked_is_where_one_comes_back(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    lock(client)
    client.get("/patients/nouveau/")

    assert unlock(client)["Location"] == "/patients/nouveau/"


@pytest.mark.parametrize("page", ["https://ailleurs.example/", "//ailleurs.example/", "/verrou/"])
def test_lock_never_leads_elsewhere(bob: Person, keyboard: Keyboard, page: str) -> None:
    client = keyboard(bob)
    lock(client, page)

    assert unlock(client)["Location"] == "/"


def test_lock_page_of_an_open_keyboard_leads_back(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)

    assert client.get("/verrou/")["Location"] == "/"
    assert unlock(client)["Location"] == "/"
    assert Client().get("/verrou/")["Location"].startswith("/connexion/")
    assert client.get("/verrou/poser/").status_code == 405


def test_wrong_pin_is_a_line_and_the_fifth_is_the_last(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    lock(client)

    answers = [unlock(client, "190384") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [422] * 5
    assertContains(answers[0], "Ce code n’est pas le bon", status_code=422)
    assertContains(answers[4], "Cinq codes faux", status_code=422)
    lines = Line.objects.filter(object_kind="pin", action="failure").order_by("number")
    assert [line.result for line in lines] == ["failed"] * 4 + ["locked"]
    assert {line.person_id for line in lines} == {None}
    # The right one comes too late.
    assertContains(unlock(client), "Cinq codes faux", status_code=422)
    assert sitting_of(bob, State.LOCKED)


def test_guessing_hundreds_of_times_fails(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    login = queries.look(sitting_of(bob).id)
    assert login is not None
    assert login.workstation_id is not None
    key = client.cookies[COOKIE].value
    lines = Line.objects.count()
    outcomes = set()

    # The sixth guess and the ten thousandth take the same way; the right one is among these.
    for guess in range(274_700, 275_000):
        try:
            operations.verify_pin(
                actor=_nobody(bob),
                person_id=bob.id,
                workstation_id=login.workstation_id,
                workstation_key=key,
                pin=str(guess),
            )
        except operations.PinSpent:
            outcomes.add("spent")
        except operations.WrongPin:
            outcomes.add("wrong")
        else:
            outcomes.add("opened")

    assert outcomes == {"wrong", "spent"}
    assert Line.objects.count() == lines + 5


def _nobody(person: Person) -> Actor:
    return Actor(None, "", person.practice_id, "Accueil", "web")


@pytest.mark.django_db(transaction=True)
def test_twelve_guesses_at_once_are_five(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    workstation_id = Workstation.objects.get().id
    key = client.cookies[COOKIE].value

    def guess() -> str:
        operations.verify_pin(
            actor=_nobody(bob),
            person_id=bob.id,
            workstation_id=workstation_id,
            workstation_key=key,
            pin="190384",
        )
        return "opened"

    outcomes = race(*[guess] * 12)

    assert "opened" not in outcomes
    assert Pin.objects.get().failures == 5
    assert Line.objects.filter(object_kind="pin", action="failure").count() == 5


def test_good_pin_gives_the_tries_back(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    for _ in range(3):
        lock(client)
        for _ in range(4):
            unlock(client, "190384")
        assert unlock(client).status_code == 302
    assert Pin.objects.get().failures == 0


@pytest.mark.parametrize("pin", ["", "27490", "abcdef", "2749060", "٢٧٤٩٠٦"])
def test_what_is_no_pin_is_a_wrong_one(bob: Person, keyboard: Keyboard, pin: str) -> None:
    client = keyboard(bob)
    lock(client)

    assert unlock(client, pin).status_code == 422
    assert Pin.objects.get().failures == 1


def test_pin_of_one_workstation_opens_no_other(bob: Person, keyboard: Keyboard) -> None:
    keyboard(bob)
    elsewhere = keyboard(bob, pin="")
    lock(elsewhere)

    assert unlock(elsewhere).status_code == 422
    assert Workstation.objects.count() == 2


def test_pin_is_nothing_without_the_key_of_its_cookie(bob: Person, keyboard: Keyboard) -> None:
    keyboard(bob)

    with pytest.raises(operations.WrongPin):
        operations.verify_pin(
            actor=_nobody(bob),
            person_id=bob.id,
            workstation_id=Workstation.objects.get().id,
            workstation_key="une clé volée ailleurs",
            pin=PIN,
        )


def test_spent_pin_is_good_again_after_the_password(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    lock(client)
    for _ in range(5):
        unlock(client, "190384")

    assert client.post("/verrou/ouvrir/", {"mot_de_passe": "faux"}).status_code == 422
    assert client.post("/verrou/ouvrir/", {"mot_de_passe": PASSWORD}).status_code == 302

    assert Line.objects.get(action="unlock").detail == {"how": "password"}
    lock(client)
    assert unlock(client).status_code == 302


def test_password_on_the_lock_is_limited_as_a_login(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    lock(client)
    for _ in range(5):
        client.post("/verrou/ouvrir/", {"mot_de_passe": "faux"})

    answer = client.post("/verrou/ouvrir/", {"mot_de_passe": PASSWORD})

    assertContains(answer, "Trop d’essais ratés", status_code=422)
    assert sitting_of(bob, State.LOCKED)


def test_keyboard_without_a_pin_asks_for_the_password(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob, pin="")
    lock(client)

    assertContains(client.get("/verrou/"), "pas encore de code à ce poste")


def test_colleague_takes_the_keyboard_and_gives_it_back(
    bob: Person, sarah: Person, keyboard: Keyboard
) -> None:
    client = keyboard(bob)
    client.post("/brouillons/", {"key": "note", "text": "de Bob"})
    bobs = sitting_of(bob).id
    _other(client, sarah)
    client.post("/brouillons/", {"key": "note", "text": "de Sarah"})
    sarahs_key = client.cookies["quenotte_session"].value
    lock(client, "/patients/")
    assertContains(client.get("/verrou/"), f'value="{bobs}"')

    answer = unlock(client, PIN, qui=str(bobs))

    assert answer["Location"] == "/"
    assert client.cookies["quenotte_session"].value != sarahs_key
    assertContains(client.get("/mon-compte/"), bob.full_name)
    assert sitting_of(bob).id == bobs
    assert sitting_of(sarah, State.SWAPPED)
    assert {draft.person_id: draft.text for draft in Draft.objects.all()} == {
        bob.id: "de Bob",
        sarah.id: "de Sarah",
    }
    lines = Line.objects.filter(action="switch").order_by("number")
    assert [line.detail["state"] for line in lines] == ["left", "left", "taken"]
    # The old key opens nothing more, here or elsewhere.
    thief = Client()
    thief.cookies["quenotte_session"] = sarahs_key
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    assert thief.get("/patients/").status_code == 302


def test_colleague_without_a_login_of_today_logs_in_in_full(
    bob: Person, sarah: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(bob)
    bobs = sitting_of(bob).id
    _other(client, sarah)
    Sitting.objects.filter(id=bobs).update(
        opened_at=sitting_of(bob, State.SWAPPED).opened_at - timedelta(hours=12)
    )
    lock(client)

    assertNotContains(client.get("/verrou/"), str(bobs))
    answer = unlock(client, PIN, qui=str(bobs))

    assertContains(answer, "pas encore connectée à ce poste", status_code=422)


@pytest.mark.parametrize("target", ["closed", "unknown", "elsewhere", "text"])
def test_tile_that_is_none_opens_nothing(
    bob: Person, sarah: Person, alice: Person, keyboard: Keyboard, target: str
) -> None:
    client = keyboard(bob)
    bobs = sitting_of(bob).id
    _other(client, sarah)
    keyboard(alice, OTHER_PIN)
    chosen = {
        "closed": str(bobs),
        "unknown": str(uuid4()),
        "elsewhere": str(sitting_of(alice).id),
        "text": "bob",
    }[target]
    if target == "closed":
        operations.close_all(person_id=bob.id)
    lock(client)

    assert unlock(client, PIN, qui=chosen).status_code == 422
    assert sitting_of(sarah, State.LOCKED)


def test_colleague_whose_day_has_ended_logs_in_in_full(
    bob: Person, sarah: Person, keyboard: Keyboard
) -> None:
    client = keyboard(bob)
    bobs = sitting_of(bob).id
    _other(client, sarah)
    Hours.objects.create(
        practice=bob.practice, role=bob.role, weekday=1, opens_at="06:00", closes_at="08:00"
    )
    lock(client)

    assert unlock(client, PIN, qui=str(bobs)).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_exactly_one_takes_it(
    bob: Person, sarah: Person, keyboard: Keyboard
) -> None:
    client = keyboard(bob)
    bobs = sitting_of(bob)
    _other(client, sarah)
    lock(client)
    login = queries.look(sitting_of(sarah, State.LOCKED).id)
    assert login is not None
    bobs.refresh_from_db()

    def take() -> str:
        operations.resume(actor=_nobody(bob), login=login, sitting=bobs)
        return "taken"

    def back() -> str:
        won = operations.unlock(actor=_nobody(sarah), login=login, role=sarah.role, how="pin")
        return "back" if won else "late"

    outcomes = race(take, back)

    taken, unlocked = "taken" in outcomes, "back" in outcomes
    assert taken != unlocked
    states = {
        sitting.person_id: sitting.state
        for sitting in Sitting.objects.exclude(state=State.CLOSED.value)
    }
    assert states == (
        {bob.id: "ouverte", sarah.id: "echangee"}
        if taken
        else {bob.id: "echangee", sarah.id: "ouverte"}
    )


def test_full_login_closes_what_was_left_here(
    bob: Person, sarah: Person, keyboard: Keyboard
) -> None:
    client = keyboard(bob)
    _other(client, sarah)
    _other(client, bob, PIN)

    assert Sitting.objects.filter(person=bob).exclude(state="fermee").count() == 1
    lock(client)
    assert client.get("/verrou/").content.decode().count('name="qui"') == 2


def test_logout_from_the_lock_ends_the_login(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    lock(client)

    assert client.post("/deconnexion/")["Location"] == "/connexion/"

    assert sitting_of(bob, State.CLOSED).closed_at
    assert Line.objects.filter(action="logout").count() == 1


def test_unlock_outside_hours_asks_a_reason(
    bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    Hours.objects.create(
        practice=bob.practice, role=bob.role, weekday=1, opens_at="06:00", closes_at="09:31"
    )
    client = keyboard(bob)
    lock(client)
    frozen_clock.shift(120)

    assert unlock(client).status_code == 302
    assert client.get("/patients/")["Location"] == "/raison/"
    client.post("/raison/", {"reason": "urgence"})

    # Her reason is good for this login: the next lock does not end it, nor ask again.
    frozen_clock.shift(timedelta(hours=1))
    assert client.get("/patients/")["Location"] == "/verrou/"
    assert unlock(client).status_code == 302
    assert client.get("/patients/").status_code == 200


def test_stale_logins_are_closed_at_night(
    bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    keyboard(bob)
    assert operations.close_stale() == 0
    frozen_clock.shift(timedelta(days=2))

    assert operations.close_stale() == 1
    line = Line.objects.get(action="logout")
    assert (line.person_id, line.detail, line.source) == (bob.id, {"how": "expired"}, "system")
    frozen_clock.shift(timedelta(days=366))
    assert operations.close_stale() == 0
    assert not Sitting.objects.exists()


def test_a_sitting_takes_each_step_once(bob: Person, keyboard: Keyboard) -> None:
    keyboard(bob)
    actor = Actor(bob.id, bob.full_name, bob.practice_id, "", "web")
    sitting = sitting_of(bob)
    login = queries.look(sitting.id)
    assert login is not None

    assert not operations.unlock(actor=actor, login=login, role=bob.role, how="pin")
    assert not operations.take_back(actor=actor, login=login)
    assert operations.lock(actor=actor, sitting_id=sitting.id, how="key")
    assert not operations.lock(actor=actor, sitting_id=sitting.id, how="key")
    assert operations.close(actor=actor, sitting_id=sitting.id, how="hours")
    assert not operations.close(actor=actor, sitting_id=sitting.id, how="hours")
    assert queries.look("rien") is None
