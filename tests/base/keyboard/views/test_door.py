"""The door while the keyboard is locked: nothing of the practice is answered."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.keyboard.models import Hours, Sitting
from quenotte.base.keyboard.rules import State
from quenotte.base.live.access import Shown, listener_of, refusal_of
from quenotte.base.live.models import Event
from quenotte.base.people.models import Draft, Person
from quenotte.base.practice.models import Workstation
from quenotte.care.patients.models import Patient
from tests.base.keyboard.conftest import PIN, lock, shown, sitting_of, unlock
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

Keyboard = Callable[..., Client]
HTMX = {"HX-Request": "true"}
PERSON = {"Sec-Fetch-User": "?1"}


def _routes(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


def _addresses(patient: Patient) -> list[str]:
    values = {"patient_id": str(patient.id), "kind": "salle", "factor_id": "1"}
    return [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values.get(m[1], str(uuid4())), route)
        for route in _routes(get_resolver())
    ]


@pytest.mark.parametrize("headers", [{}, HTMX, {"Accept": "application/json"}])
def test_locked_keyboard_answers_nothing_but_the_lock(
    alice: Person, patient: Patient, keyboard: Keyboard, headers: dict[str, str]
) -> None:
    client = keyboard(alice)
    lock(client)
    addresses = _addresses(patient)

    got = {path: client.get(path, headers=headers).status_code for path in addresses}

    assert len(addresses) > 60
    told = {path for path, status in got.items() if status == 200}
    # Of nobody: where a code is typed, and where a tablet says thank you.
    of_tablets = {"/tablette/", "/tablette/merci/"}
    assert told <= {"/verrou/", "/verrou/cle/", *of_tablets}
    # What patients and telephones open is answered as to a stranger, who holds no such link.
    open_paths = {path for path in got if path.startswith(settings.PUBLIC_PATHS)} - of_tablets
    public = {got[path] for path in open_paths}
    assert public <= {404, 405}
    shut = [path for path in got if not path.startswith(("/verrou/", *settings.PUBLIC_PATHS))]
    behind = {got[path] for path in shut}
    assert behind <= ({302, 405} if not headers else {423, 405})


def test_locked_keyboard_takes_nothing(alice: Person, patient: Patient, keyboard: Keyboard) -> None:
    client = keyboard(alice)
    lock(client)
    before = Patient.objects.values().get(id=patient.id)
    open_to_all = ("/verrou/", *settings.PUBLIC_PATHS)

    for path in _addresses(patient):
        if path.startswith(open_to_all) or path in {"/deconnexion/", "/brouillons/"}:
            continue
        assert client.post(path, {"name": "x"}).status_code in {302, 423}, path

    assert Patient.objects.values().get(id=patient.id) == before
    assert sitting_of(alice, State.LOCKED)


@pytest.mark.parametrize("destination", ["image", "empty", "script"])
def test_pieces_of_a_page_are_refused_and_led_to_the_lock(
    alice: Person, keyboard: Keyboard, destination: str
) -> None:
    client = keyboard(alice)
    lock(client)

    answer = client.get("/patients/", headers={"Sec-Fetch-Dest": destination})

    assert answer.status_code == 423
    assert answer["HX-Redirect"] == "/verrou/"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [("text/html,application/xhtml+xml", 302), ("", 302), ("*/*", 423), ("application/json", 423)],
)
def test_browser_that_sends_no_metadata_says_by_what_it_wants_if_it_navigates(
    alice: Person, keyboard: Keyboard, wanted: str, status: int
) -> None:
    client = keyboard(alice)
    lock(client)

    assert client.get("/patients/", headers={"Accept": wanted}).status_code == status


def test_public_address_answers_a_locked_keyboard_as_it_does_a_stranger(
    alice: Person, keyboard: Keyboard, settings: Settings
) -> None:
    client = keyboard(alice)
    before = sitting_of(alice, State.OPEN).last_input_at
    settings.PUBLIC_PATHS = ("/patients/", "/connexion/")
    lock(client)

    assert client.get("/connexion/").status_code == 200
    # A page that wants a login stays closed to whoever sits here.
    answer = client.get("/patients/", headers=PERSON)
    assert answer["Location"] == "/connexion/?next=/patients/"
    assert client.get("/journal/")["Location"] == "/verrou/"
    assert sitting_of(alice, State.LOCKED).last_input_at == before


def test_locked_screen_names_nobody(
    alice: Person, bob: Person, patient: Patient, keyboard: Keyboard
) -> None:
    client = keyboard(alice)
    client.get(f"/patients/{patient.id}/")
    lock(client, f"/patients/{patient.id}/")

    answer = client.get("/verrou/")

    assertContains(answer, "<title>Verrouillé · Quenotte</title>", html=False)
    assert "no-store" in answer["Cache-Control"]
    for word in (*patient.full_name.split(), alice.last_name, alice.first_name):
        assertNotContains(answer, word)
    assertNotContains(answer, str(patient.id))


def test_nobody_touches_the_keyboard_for_five_minutes(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    frozen_clock.shift(299)
    assert client.get("/patients/").status_code == 200
    frozen_clock.shift(1)

    answer = client.get("/patients/?q=dupont")

    assert answer["Location"] == "/verrou/"
    line = Line.objects.get(action="lock")
    assert (line.person_id, line.detail) == (alice.id, {"how": "idle"})
    assert line.workstation
    event = Event.objects.get(name="session.lock")
    assert event.data == {"sitting": str(sitting_of(alice, State.LOCKED).id)}
    assert event.person_id == alice.id


def test_polling_does_not_keep_a_screen_open(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    polled = []
    for _ in range(60):
        frozen_clock.shift(5)
        polled.append(client.get("/patients/", headers=HTMX).status_code)

    assert polled.index(423) == 59
    assert client.get("/patients/").status_code == 302


@pytest.mark.parametrize("how", ["navigation", "presence"])
def test_real_input_keeps_it_open(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller, how: str
) -> None:
    client = keyboard(alice)
    for _ in range(10):
        frozen_clock.shift(200)
        if how == "navigation":
            assert client.get("/patients/", headers=PERSON).status_code == 200
        else:
            assert client.post("/verrou/presence/").status_code == 204

    assert client.get("/patients/").status_code == 200


def test_input_costs_one_write_a_quarter_of_a_minute(
    alice: Person,
    keyboard: Keyboard,
    frozen_clock: time_machine.Traveller,
) -> None:
    client = keyboard(alice)
    client.get("/patients/", headers=PERSON)
    at = sitting_of(alice).last_input_at

    frozen_clock.shift(14)
    client.get("/patients/", headers=PERSON)
    assert sitting_of(alice).last_input_at == at
    frozen_clock.shift(1)
    client.get("/patients/", headers=PERSON)
    assert sitting_of(alice).last_input_at == at + timedelta(seconds=15)


def test_each_workstation_has_its_own_delay(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    client.post(
        f"/cabinet/postes/{Workstation.objects.get().id}/",
        {"name": "Accueil", "room": "", "idle_lock_min": "1"},
    )
    frozen_clock.shift(60)

    assert client.get("/patients/")["Location"] == "/verrou/"


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(days=-365), timedelta(hours=-1)])
def test_a_clock_that_jumps_locks_and_never_unlocks(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller, jump: timedelta
) -> None:
    client = keyboard(alice)
    client.post("/brouillons/", {"key": "note", "text": "Carie sur 16"})

    frozen_clock.shift(jump)
    assert client.get("/patients/").status_code == 302
    frozen_clock.shift(-jump)

    assert client.get("/patients/")["Location"] in {"/verrou/", "/connexion/?next=/patients/"}
    assert client.post("/verrou/presence/").status_code in {423, 302}
    assert Draft.objects.get(person=alice).text == "Carie sur 16"


def test_presence_never_unlocks(alice: Person, keyboard: Keyboard) -> None:
    client = keyboard(alice)
    lock(client)

    assert client.post("/verrou/presence/").status_code == 423
    assert client.post("/verrou/inactif/").status_code == 423
    assert client.get("/patients/", headers=PERSON).status_code == 302


def test_idle_page_hears_how_long_is_left(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    frozen_clock.shift(100)

    assert client.post("/verrou/inactif/").json() == {"left_s": 200}


def test_last_words_are_kept_for_a_minute_and_read_by_nobody(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    lock(client)

    assert client.post("/brouillons/", {"key": "n", "text": "juste avant"}).status_code == 204
    frozen_clock.shift(61)
    late = client.post(
        "/brouillons/", {"key": "n", "text": "trop tard"}, headers={"Accept": "application/json"}
    )
    assert late.status_code == 423
    assert Draft.objects.get().text == "juste avant"


def test_a_draft_survives_a_hundred_locks(alice: Person, keyboard: Keyboard) -> None:
    client = keyboard(alice)
    client.post("/brouillons/", {"key": "note", "text": "Carie sur 16"})

    for _ in range(100):
        lock(client)
        assert unlock(client).status_code == 302

    assert Draft.objects.get(person=alice).text == "Carie sur 16"


def test_streams_of_a_locked_login_are_refused(
    alice: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    client = keyboard(alice)
    listener = listener_of(shown(client))
    assert listener is not None
    assert listener.login == sitting_of(alice).id
    assert not listener.is_due()
    frozen_clock.shift(300)
    assert listener.is_due()

    # Nobody asked for a page since: the stream itself finds out.
    assert listener_of(shown(client)) is None
    assert refusal_of(shown(client)) == 423
    assert refusal_of(Shown("inconnue", "")) == 401


@pytest.mark.parametrize("key", ["", "devinette", "another"])
@pytest.mark.parametrize("is_locked", [False, True])
def test_stream_of_a_session_carried_elsewhere_is_refused_and_ends_the_login(
    alice: Person, bob: Person, keyboard: Keyboard, key: str, is_locked: bool
) -> None:
    client, thief = keyboard(alice, pin=""), keyboard(bob, pin="")
    if is_locked:
        lock(client)
    carried = Shown(
        shown(client).session_key, shown(thief).workstation_key if key == "another" else key
    )

    # Twice: a stream that is refused tries again, and says no more about it.
    assert [listener_of(carried), listener_of(carried)] == [None, None]
    assert refusal_of(carried) == 401

    line = Line.objects.get(result="refused")
    assert (line.action, line.object_kind, line.object_id) == ("failure", "account", str(alice.id))
    assert (line.person_id, line.detail) == (None, {"reason": "other_workstation"})
    assert bool(line.workstation) is (key == "another")
    assert Event.objects.filter(name="people.notice", audience="people.manage").count() == 1
    assert listener_of(shown(client)) is None
    assertContains(client.get("/", follow=True), "présentée depuis un autre poste")
    # The thief's own login is none of this.
    assert listener_of(shown(thief)) is not None


def test_workstation_that_the_session_remembers_under_an_older_key_is_no_theft(
    alice: Person, keyboard: Keyboard
) -> None:
    client = keyboard(alice, pin="")
    session = client.session
    session["workstation"] = {**session["workstation"], "digest": "ancienne"}
    session.save()

    assert listener_of(shown(client)) is not None
    assert client.get("/patients/").status_code == 200


def test_a_lock_is_heard_by_its_own_screens_alone(alice: Person, keyboard: Keyboard) -> None:
    here, elsewhere = keyboard(alice), keyboard(alice)
    ears = [listener_of(shown(one)) for one in (here, elsewhere)]
    lock(here)
    event = Event.objects.get(name="session.lock")

    assert [ear is not None and ear.hears(event) for ear in ears] == [True, False]
    assert elsewhere.get("/patients/").status_code == 200


def test_login_whose_sitting_is_gone_is_over(alice: Person, keyboard: Keyboard) -> None:
    client = keyboard(alice)
    Sitting.objects.all().delete()

    assert client.get("/patients/")["Location"] == "/connexion/?next=/patients/"


def test_login_cut_by_the_gestionnaire_is_over_at_once(
    alice: Person, bob: Person, keyboard: Keyboard
) -> None:
    boss, cut = keyboard(alice), keyboard(bob)
    boss.post(f"/cabinet/comptes/{bob.id}/depart/")

    assert cut.get("/patients/").status_code == 302
    assert not Sitting.objects.filter(person=bob).exclude(state="fermee").exists()


def _hours(person: Person, opens: str, closes: str) -> None:
    for weekday in range(7):
        Hours.objects.create(
            practice=person.practice, role=person.role, weekday=weekday,
            opens_at=opens, closes_at=closes,
        )  # fmt: skip


def test_locked_login_ends_half_an_hour_after_closing(
    bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    _hours(bob, "08:00", "10:00")
    client = keyboard(bob)
    frozen_clock.shift(timedelta(minutes=59))
    assert client.get("/patients/")["Location"] == "/verrou/"

    frozen_clock.shift(timedelta(minutes=2))

    assert client.get("/patients/")["Location"] == "/connexion/?next=/patients/"
    assert Line.objects.get(action="logout").detail == {"how": "hours"}


def test_nobody_is_cut_in_the_middle_of_work(
    bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    _hours(bob, "08:00", "10:00")
    client = keyboard(bob)
    for _ in range(30):
        frozen_clock.shift(240)
        assert client.get("/patients/", headers=PERSON).status_code == 200


def test_login_outside_hours_gives_a_reason_first(alice: Person, bob: Person) -> None:
    _hours(bob, "14:00", "19:00")
    client = Client()
    client.post("/connexion/", {"login": "bob", "password": PASSWORD})

    assert client.get("/patients/")["Location"] == "/raison/"
    assertContains(client.get("/raison/"), "Hors de vos horaires")
    assert client.post("/raison/", {"reason": "rien"}).status_code == 422
    assert client.post("/raison/", {"reason": "garde"})["Location"] == "/"

    assert client.get("/patients/").status_code == 200
    assert client.get("/raison/")["Location"] == "/"
    line = Line.objects.get(action="login", detail__purpose="off_hours")
    assert line.detail["reason"] == "garde"
    assert Event.objects.get(name="people.notice").audience == "people.manage"


def test_gestionnaire_sees_who_came_outside_hours(
    alice: Person, bob: Person, keyboard: Keyboard
) -> None:
    _hours(bob, "14:00", "19:00")
    client = Client()
    client.post("/connexion/", {"login": "bob", "password": PASSWORD})
    client.post("/raison/", {"reason": "garde"})

    assertContains(keyboard(alice).get("/"), f"Connexion hors horaires de {bob.full_name}")
    assertNotContains(client.get("/"), "hors horaires de")


def test_wrong_pin_everywhere_else(alice: Person, keyboard: Keyboard) -> None:
    """A PIN opens nothing where its workstation key is missing."""
    keyboard(alice)
    stranger = Client()

    answer = stranger.post("/verrou/ouvrir/", {"pin": PIN, "qui": str(sitting_of(alice).id)})

    assert answer["Location"] == "/connexion/"
    assert "_auth_user_id" not in stranger.session
