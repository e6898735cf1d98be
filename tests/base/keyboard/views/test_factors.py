"""Second factors: the telephone, passkeys, recovery codes; lost, required, reset."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard import operations, queries
from quenotte.base.keyboard.rules import State
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from tests.base.keyboard.conftest import lock, sitting_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

Keyboard = Callable[..., Client]
CHECK = "/connexion/verification/"


def totp(secret: str, ahead: int = 0) -> str:
    """Return the code that a telephone shows (RFC 6238), ``ahead`` steps of 30 s later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def shown_secret(client: Client) -> str:
    """Return the secret that the page shows to be copied."""
    found = re.search(
        r"data-secret>([A-Z2-7]+)<", client.get("/mon-compte/application/").content.decode()
    )
    assert found
    return found[1]


def shown_codes(answer: Any) -> list[str]:
    """Return the recovery codes of a page."""
    return re.findall(r"<li><code>(\d+)</code>", answer.content.decode())


def pair(client: Client) -> tuple[str, list[str]]:
    """Link a telephone; return its secret and the recovery codes."""
    secret = shown_secret(client)
    answer = client.post("/mon-compte/application/", {"code": totp(secret)})
    return secret, shown_codes(answer)


def _password_step(person: Person) -> tuple[Client, Any]:
    client = Client()
    answer = client.post("/connexion/", {"login": person.username, "password": PASSWORD})
    return client, answer


def test_telephone_is_linked_with_a_drawing_and_a_secret(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob, pin="")
    page = client.get("/mon-compte/application/")
    assertContains(page, '<svg class="qr"')
    assertNotContains(page, "style=")

    secret, codes = pair(client)

    assert len(codes) == 10
    assertContains(client.get("/mon-compte/"), "Application du téléphone")
    assertContains(client.get("/mon-compte/"), "Il reste 10 codes")
    assert queries.factors(bob.id).is_protected
    line = Line.objects.get(object_kind="factor")
    assert (line.action, line.detail) == ("change", {"state": "chosen", "how": "application"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert secret not in str(cursor.fetchall())


@pytest.mark.parametrize("code", ["", "000000", "abc"])
def test_wrong_first_code_links_nothing(bob: Person, keyboard: Keyboard, code: str) -> None:
    client = keyboard(bob, pin="")
    secret = shown_secret(client)

    answer = client.post("/mon-compte/application/", {"code": code})

    assert answer.status_code == 422
    # The telephone that has photographed it need not start again.
    assertContains(answer, secret, status_code=422)
    assert not Authenticator.objects.exists()


def test_second_telephone_from_another_tab_is_refused(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob, pin="")
    pair(client)

    secret = shown_secret(client)
    answer = client.post("/mon-compte/application/", {"code": totp(secret)})

    assert answer.status_code == 422
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_login_asks_for_the_telephone(bob: Person, keyboard: Keyboard) -> None:
    secret, _ = pair(keyboard(bob, pin=""))
    client, answer = _password_step(bob)

    assertRedirects(answer, CHECK)
    assert client.get("/patients/").status_code == 302
    assertContains(client.post(CHECK, {"code": "000000"}), "Ce code n’est pas le bon")
    assert client.post(CHECK, {"code": totp(secret, 1)})["Location"] == "/"
    assert client.get("/patients/").status_code == 200
    assert Line.objects.filter(action="failure", object_id=str(bob.id)).count() == 1


def test_code_of_the_telephone_is_good_once(bob: Person, keyboard: Keyboard) -> None:
    secret, _ = pair(keyboard(bob, pin=""))
    code = totp(secret, 1)
    first, _ = _password_step(bob)
    assert first.post(CHECK, {"code": code}).status_code == 302

    second, _ = _password_step(bob)

    assert second.post(CHECK, {"code": code}).status_code == 200


def test_recovery_code_replaces_the_telephone_once(bob: Person, keyboard: Keyboard) -> None:
    _, codes = pair(keyboard(bob, pin=""))
    first, _ = _password_step(bob)
    assert first.post(CHECK, {"code": codes[3]}).status_code == 302
    assertContains(first.get("/mon-compte/"), "Il reste 9 codes")

    second, _ = _password_step(bob)

    assert second.post(CHECK, {"code": codes[3]}).status_code == 200


def test_wrong_codes_lock_as_wrong_passwords_do(bob: Person, keyboard: Keyboard) -> None:
    secret, _ = pair(keyboard(bob, pin=""))
    client, _ = _password_step(bob)
    for _ in range(5):
        client.post(CHECK, {"code": "000000"})

    assert client.post(CHECK, {"code": totp(secret, 1)}).status_code == 429
    assert Line.objects.filter(result="locked", object_id=str(bob.id)).count() == 1


def test_second_step_without_a_first_leads_to_the_login(bob: Person) -> None:
    assert Client().get(CHECK)["Location"] == "/connexion/"
    assert Client().post(CHECK, {"code": "123456"})["Location"] == "/connexion/"


def test_gestionnaire_sets_one_up_before_anything_else(alice: Person) -> None:
    client, answer = _password_step(alice)
    assert answer["Location"] == "/"

    for path in ("/", "/patients/", "/cabinet/", "/journal/"):
        assert client.get(path)["Location"] == "/mon-compte/"
    assertContains(client.get("/mon-compte/"), "Vous dirigez ce cabinet")
    fragment = client.get("/patients/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == "/mon-compte/"

    pair(client)

    assert client.get("/patients/").status_code == 200


def demo_code_of(page: Any) -> str:
    found = re.search(r"data-demo-code>(\d{6})<", page.content.decode())
    return found[1] if found else ""


def test_demo_practice_has_the_same_rule_and_needs_no_telephone(
    alice: Person, frozen_clock: time_machine.Traveller
) -> None:
    Practice.objects.update(is_demo=True)
    client, _ = _password_step(alice)
    assert client.get("/patients/")["Location"] == "/mon-compte/"

    pairing = client.get("/mon-compte/application/")
    client.post("/mon-compte/application/", {"code": demo_code_of(pairing)})
    assert client.get("/patients/").status_code == 200

    frozen_clock.shift(timedelta(minutes=2))
    later, answer = _password_step(alice)
    assertRedirects(answer, CHECK)
    later.post(CHECK, {"code": demo_code_of(later.get(CHECK))})
    assert later.get("/patients/").status_code == 200
    later.post("/verrou/poser/")
    assert demo_code_of(later.get("/verrou/"))


def test_real_practice_shows_no_code(alice: Person) -> None:
    client, _ = _password_step(alice)
    assert not demo_code_of(client.get("/mon-compte/application/"))
    pair(client)
    later, _ = _password_step(alice)
    assertNotContains(later.get(CHECK), "data-demo-code")


def test_grace_is_told_on_the_first_page_and_on_her_own(alice: Person) -> None:
    Practice.objects.update(second_factor_grace_days=7)
    client, _ = _password_step(alice)
    assertContains(client.get("/"), "Second facteur à ajouter avant le 24 mars")
    assertContains(client.get("/mon-compte/"), "à partir du 24 mars 2026")
    pair(client)
    assertNotContains(client.get("/"), "Second facteur à ajouter")


def test_grace_of_the_practice_counts_from_the_account(
    alice: Person, frozen_clock: time_machine.Traveller
) -> None:
    Practice.objects.update(second_factor_grace_days=7)
    client, _ = _password_step(alice)
    assert client.get("/patients/").status_code == 200

    frozen_clock.shift(timedelta(days=7))
    late, _ = _password_step(alice)

    assert late.get("/patients/")["Location"] == "/mon-compte/"


def test_who_becomes_gestionnaire_is_led_there_at_once(
    alice: Person, bob: Person, keyboard: Keyboard
) -> None:
    boss, promoted = keyboard(alice), keyboard(bob)
    url = f"/cabinet/comptes/{bob.id}/"
    seen = boss.get(url).context["seen"]
    fields = {
        "title": "", "first_name": bob.first_name, "last_name": bob.last_name, "email": "",
        "role": bob.role, "is_manager": "on", "rpps": "", "seen": seen,
    }  # fmt: skip
    assert boss.post(url, fields).status_code == 302

    assert promoted.get("/patients/")["Location"] == "/mon-compte/"


def test_gestionnaire_keeps_one_factor(alice: Person, keyboard: Keyboard) -> None:
    client = keyboard(alice)
    pair(client)
    factor = Authenticator.objects.get(type="totp")

    answer = client.post(f"/mon-compte/facteurs/{factor.id}/retirer/", follow=True)

    assertContains(answer, "garde au moins un second facteur")
    assert Authenticator.objects.filter(type="totp").exists()


def test_others_take_theirs_away_and_the_codes_go_too(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    pair(client)
    factor = Authenticator.objects.get(type="totp")

    client.post(f"/mon-compte/facteurs/{factor.id}/retirer/")
    client.post("/mon-compte/facteurs/999/retirer/")

    assert not Authenticator.objects.exists()
    assert Line.objects.filter(detail__state="removed", object_kind="factor").count() == 1


def test_nobody_takes_away_the_factor_of_another(
    bob: Person, sarah: Person, keyboard: Keyboard
) -> None:
    pair(keyboard(bob))
    factor = Authenticator.objects.get(type="totp")

    keyboard(sarah).post(f"/mon-compte/facteurs/{factor.id}/retirer/")

    assert Authenticator.objects.filter(id=factor.id).exists()


def test_new_codes_replace_the_old(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    assert client.post("/mon-compte/codes/")["Location"] == "/mon-compte/"
    _, old = pair(client)

    answer = client.post("/mon-compte/codes/")

    assert "no-store" in answer["Cache-Control"]
    new = shown_codes(answer)
    assert len(new) == 10
    assert not set(new) & set(old)
    late, _ = _password_step(bob)
    assert late.post(CHECK, {"code": old[0]}).status_code == 200


def test_gestionnaire_resets_a_lost_factor(alice: Person, bob: Person, keyboard: Keyboard) -> None:
    boss, lost = keyboard(alice), keyboard(bob)
    pair(lost)

    answer = boss.post(f"/cabinet/comptes/{bob.id}/second-facteur/", follow=True)

    assertContains(answer, "sont retirés, ses sessions sont coupées")
    assert lost.get("/patients/").status_code == 302
    _, step = _password_step(bob)
    assert step["Location"] == "/"
    line = Line.objects.get(object_kind="factor", detail__state="reset")
    assert (line.person_id, line.object_id) == (alice.id, str(bob.id))


def test_closed_account_has_nothing_to_reset(
    alice: Person, tom: Person, chloe: Person, keyboard: Keyboard
) -> None:
    boss = keyboard(alice)

    answer = boss.post(f"/cabinet/comptes/{tom.id}/second-facteur/", follow=True)

    assertContains(answer, "pas disponible")
    assert boss.post(f"/cabinet/comptes/{chloe.id}/second-facteur/").status_code == 404


def test_account_page_shows_the_devices(alice: Person, bob: Person, keyboard: Keyboard) -> None:
    boss, client = keyboard(alice), keyboard(bob)
    pair(client)
    lock(client)
    name = sitting_of(bob, State.LOCKED).workstation
    url = f"/cabinet/comptes/{bob.id}/"

    page = boss.get(url)
    assertContains(page, "Application du téléphone")
    assertContains(page, f"{name}, verrouillée")
    boss.post(f"{url}postes/{name.id if name else ''}/code/")

    assert not queries.pins_of(bob.id)
    assertContains(boss.get("/cabinet/comptes/"), "Dernière activité")


def test_leaving_takes_everything(alice: Person, bob: Person, keyboard: Keyboard) -> None:
    boss, client = keyboard(alice), keyboard(bob)
    pair(client)

    boss.post(f"/cabinet/comptes/{bob.id}/depart/")

    assert not Authenticator.objects.exists()
    assert not queries.pins_of(bob.id)
    assert not queries.open_logins(bob.id)


def test_unlock_by_password_asks_for_the_code_too(bob: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    secret, _ = pair(client)
    lock(client)
    assertContains(client.get("/verrou/"), "Code du second facteur")

    alone = client.post("/verrou/ouvrir/", {"mot_de_passe": PASSWORD})
    both = client.post("/verrou/ouvrir/", {"mot_de_passe": PASSWORD, "code": totp(secret, 1)})

    assert (alone.status_code, both.status_code) == (422, 302)


@pytest.mark.parametrize("credential", ["", "{}", "[]", '{"id": "x", "response": {}}', "null"])
@pytest.mark.parametrize("path", ["/mon-compte/cle/", "/preuve/cle/", "/verrou/cle/"])
def test_what_is_no_passkey_opens_nothing(
    bob: Person, keyboard: Keyboard, path: str, credential: str
) -> None:
    client = keyboard(bob)
    if path.startswith("/verrou/"):
        lock(client)
    client.get(path, headers={"Accept": "application/json"})

    answer = client.post(path, {"credential": credential, "name": "x"})

    assert answer.status_code in {302, 422}
    assert not Authenticator.objects.exists()
    assert client.get("/patients/").status_code == (302 if path.startswith("/verrou/") else 200)


def test_passkey_options_ask_for_a_verified_owner(bob: Person, keyboard: Keyboard) -> None:
    made = keyboard(bob).get("/mon-compte/cle/").json()["publicKey"]

    selection = made["authenticatorSelection"]
    assert selection["userVerification"] == "required"
    assert selection["residentKey"] == "required"
    assert len(made["challenge"]) >= 43


def test_login_by_passkey_gives_a_challenge_to_a_stranger(alice: Person) -> None:
    answer = Client().get("/connexion/cle/", headers={"Accept": "application/json"})

    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"
    refused = Client().post("/connexion/cle/", {"credential": '{"id": "x", "response": {}}'})
    assert refused["Location"] == "/connexion/"


def test_codes_without_a_factor_are_refused(bob: Person) -> None:
    actor = Actor(bob.id, "", bob.practice_id, "", "web")
    with pytest.raises(operations.WrongKey):
        operations.renew_codes(actor=actor, person=bob)
    assert not operations.check_code(person=bob, code="123456")
