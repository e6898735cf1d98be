"""Passkeys: made, used at the lock, as a proof, as a second step and as a whole login."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.asserts import assertContains

from quenotte.base.audit.models import Line
from quenotte.base.keyboard.rules import State
from quenotte.base.people.models import Person
from tests.base.keyboard.conftest import lock, sitting_of
from tests.base.keyboard.softkey import SoftKey
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

Keyboard = Callable[..., Client]
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passkeys want a host name that is one: the browsers of these tests say « localhost »."""
    usual = Client._base_environ  # type: ignore[attr-defined]

    def environ(self: Client, **request: Any) -> dict[str, Any]:
        return {**usual(self, **request), "SERVER_NAME": "localhost"}

    monkeypatch.setattr(Client, "_base_environ", environ)


def _make(client: Client, key: SoftKey, name: str = "Empreinte") -> Any:
    options = client.get("/mon-compte/cle/", headers=JSON).json()
    return client.post("/mon-compte/cle/", {"credential": key.made(options), "name": name})


def test_passkey_is_kept_with_its_name_and_codes(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)

    answer = _make(client, SoftKey(), "")

    assertContains(answer, "Codes de secours")
    assertContains(client.get("/mon-compte/"), "Clé d’accès, pas encore utilisée")
    assert Line.objects.get(object_kind="factor").detail == {"state": "chosen", "how": "passkey"}
    # The codes were shown with the first one.
    assert _make(client, SoftKey())["Location"] == "/mon-compte/"
    assert Authenticator.objects.filter(type="webauthn").count() == 2


@pytest.mark.parametrize(
    "key", [SoftKey(is_verified=False), SoftKey(origin="https://ailleurs.example")]
)
def test_passkey_without_its_owner_or_from_another_site_is_refused(
    bob: Person, keyboard: Keyboard, key: SoftKey
) -> None:
    client = keyboard(bob)

    assert _make(client, key)["Location"] == "/mon-compte/"
    assertContains(client.get("/mon-compte/"), "n’a pas été reconnue")
    assert not Authenticator.objects.exists()


def test_answer_to_an_old_challenge_makes_nothing(bob: Person, keyboard: Keyboard) -> None:
    client, key = keyboard(bob), SoftKey()
    old = client.get("/mon-compte/cle/", headers=JSON).json()
    client.get("/mon-compte/cle/", headers=JSON)

    client.post("/mon-compte/cle/", {"credential": key.made(old)})

    assert not Authenticator.objects.exists()


def test_passkey_takes_the_lock_off_once(bob: Person, keyboard: Keyboard) -> None:
    client, key = keyboard(bob), SoftKey()
    _make(client, key)
    lock(client, "/patients/")
    credential = key.used(client.get("/verrou/cle/").json())

    assert client.post("/verrou/cle/", {"credential": credential})["Location"] == "/patients/"
    assert Line.objects.get(action="unlock").detail == {"how": "passkey"}
    lock(client)
    assert client.post("/verrou/cle/", {"credential": credential}).status_code == 422
    assert sitting_of(bob, State.LOCKED)


def test_passkey_of_a_colleague_opens_nothing_here(
    bob: Person, sarah: Person, keyboard: Keyboard
) -> None:
    own, stranger = SoftKey(), SoftKey()
    client = keyboard(bob)
    _make(client, own)
    _make(keyboard(sarah), stranger)
    lock(client)

    answer = client.post(
        "/verrou/cle/", {"credential": stranger.used(client.get("/verrou/cle/").json())}
    )

    assertContains(answer, "n’a pas été reconnue", status_code=422)


def test_passkey_is_a_fresh_proof(alice: Person, keyboard: Keyboard) -> None:
    client, key = keyboard(alice), SoftKey()
    _make(client, key)
    credential = key.used(client.get("/preuve/cle/").json())

    answer = client.post("/preuve/cle/", {"credential": credential, "suite": "/journal/"})

    assert answer["Location"] == "/journal/"
    assert Line.objects.get(detail__purpose="proof").detail["how"] == "passkey"


def test_passkey_is_a_second_step(bob: Person, keyboard: Keyboard) -> None:
    key = SoftKey()
    _make(keyboard(bob), key)
    client = Client()
    client.post("/connexion/", {"login": "bob", "password": PASSWORD})
    page = client.get("/connexion/verification/")
    assertContains(page, "Utiliser ma clé d’accès")
    options = page.context["js_data"]["request_options"]

    wrong = client.post("/connexion/verification/", {"credential": SoftKey().used(options)})
    assert wrong.status_code == 200
    options = wrong.context["js_data"]["request_options"]
    answer = client.post("/connexion/verification/", {"credential": key.used(options)})

    assert answer["Location"] == "/"
    assert client.get("/patients/").status_code == 200


def test_passkey_is_a_whole_login(bob: Person, keyboard: Keyboard) -> None:
    key = SoftKey()
    _make(keyboard(bob), key)
    client = Client()
    options = client.get("/connexion/cle/", headers=JSON).json()["request_options"]

    answer = client.post("/connexion/cle/", {"credential": key.used(options)})

    assert answer["Location"] == "/"
    assert client.get("/patients/").status_code == 200
    assert Line.objects.filter(action="login", person_id=bob.id).exists()


def test_passkey_of_who_left_opens_nothing(alice: Person, bob: Person, keyboard: Keyboard) -> None:
    key = SoftKey()
    _make(keyboard(bob), key)
    keyboard(alice).post(f"/cabinet/comptes/{bob.id}/depart/")
    client = Client()
    options = client.get("/connexion/cle/", headers=JSON).json()["request_options"]

    client.post("/connexion/cle/", {"credential": key.used(options)})

    assert client.get("/patients/").status_code == 302
