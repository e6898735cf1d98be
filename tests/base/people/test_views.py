"""Pages of the people room: allowed, stranger, wrong role, wrong verb."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Draft, Person
from quenotte.base.practice.models import Practice
from quenotte.base.practice.operations import installation_code
from quenotte.web import panels
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

Login = Callable[[Person], Client]
ACCOUNTS = "/cabinet/comptes/"
NEW = "/cabinet/comptes/nouveau/"
OWN = "/mot-de-passe/"
DRAFTS = "/brouillons/"

NORA = {
    "username": "nora",
    "title": "",
    "first_name": "Nora",
    "last_name": "Le Goff",
    "role": "secretaire",
    "email": "",
    "rpps": "",
}


def _one_time(answer: object) -> str:
    found = re.search(r'class="one-time">([^<]+)<', answer.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_home_shows_what_the_rooms_offer(
    alice: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    panels.register("home", "main", 1, lambda request, subject: "<p>Une image attend.</p>")
    panels.register("home", "main", 2, lambda request, subject: "")

    answer = client_of(alice).get("/")

    assertContains(answer, "<p>Une image attend.</p>")
    assertContains(answer, "mardi 17 mars 2026")


def test_home_with_nothing_to_show_is_calm(
    alice: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_panels", {})

    assertContains(client_of(alice).get("/"), "Rien ne vous attend")


def test_menu_shows_what_the_role_may_use(alice: Person, bob: Person, client_of: Login) -> None:
    assertContains(client_of(alice).get("/"), 'href="/cabinet/"')
    assertNotContains(client_of(bob).get("/"), 'href="/cabinet/"')


def test_accounts_lists_the_practice_alone(
    alice: Person, bob: Person, chloe: Person, tom: Person, client_of: Login
) -> None:
    answer = client_of(alice).get(ACCOUNTS)

    assertContains(answer, bob.full_name)
    assertContains(answer, "Parti")
    assertNotContains(answer, chloe.full_name)


@pytest.mark.parametrize("path", [ACCOUNTS, NEW])
def test_accounts_are_refused_to_other_roles(bob: Person, client_of: Login, path: str) -> None:
    assert client_of(bob).get(path).status_code == 403
    assert Line.objects.get().result == "refused"


def test_refused_login_waits_for_the_password(alice: Person) -> None:
    asked = Client().get("/connexion/").content.decode()
    again = Client().post("/connexion/", {"login": "alice", "password": "x"}).content.decode()
    waits = [re.findall(r'<input[^>]*name="(\w+)"[^>]*autofocus', page) for page in (asked, again)]
    assert waits == [["login"], ["password"]]


def test_new_account_shows_its_password_once_and_asks_for_another(
    alice: Person, client_of: Login
) -> None:
    client = client_of(alice)
    answer = client.post(NEW, NORA)
    password = _one_time(answer)
    assert "no-store" in answer["Cache-Control"]

    nora = Client()
    logged_in = nora.post("/connexion/", {"login": "nora", "password": password})
    assert logged_in.status_code == 302
    assertRedirects(nora.get("/"), OWN)
    chosen = {"current": password, "password": "trois-mots-lointains"}
    assertRedirects(nora.post(OWN, {**chosen, "again": "trois-mots-lointains"}), "/")
    assert nora.get("/").status_code == 200
    assertNotContains(client.get(ACCOUNTS), password)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "Alice Martin"}, "Deux signes au moins"),
        ({"username": "alice"}, "déjà pris"),
        ({"role": "patron"}, "role"),
        ({"last_name": ""}, "last_name"),
        ({"rpps": "10999900019"}, "RPPS est inexact"),
    ],
)
def test_new_account_explains_what_is_wrong(
    alice: Person, client_of: Login, wrong: dict[str, str], words: str
) -> None:
    answer = client_of(alice).post(NEW, NORA | wrong)

    assertContains(answer, words, status_code=422)
    assertContains(answer, "Nora", status_code=422)
    assert Person.objects.count() == 1


def test_account_is_changed(alice: Person, bob: Person, client_of: Login) -> None:
    client = client_of(alice)
    url = reverse("people:account", args=[bob.id])
    seen = client.get(url).context["seen"]

    answer = client.post(url, NORA | {"seen": seen, "rpps": "10999900011", "role": "praticien"})

    assertRedirects(answer, ACCOUNTS)
    bob.refresh_from_db()
    assert (bob.username, bob.role, bob.last_name) == ("bob", "praticien", "Le Goff")
    assertContains(client.get(ACCOUNTS), "Le Goff")


def test_account_changed_by_another_overwrites_nothing(
    alice: Person, bob: Person, client_of: Login
) -> None:
    client = client_of(alice)
    url = reverse("people:account", args=[bob.id])
    seen = client.get(url).context["seen"]
    client.post(url, NORA | {"seen": seen})

    answer = client.post(url, NORA | {"seen": seen, "last_name": "Autre"}, follow=True)

    assertContains(answer, "Rien n’a été écrasé")
    assertContains(answer, 'value="Le Goff"')


def test_account_with_a_wrong_value_is_shown_again(
    alice: Person, bob: Person, client_of: Login
) -> None:
    url = reverse("people:account", args=[bob.id])

    answer = client_of(alice).post(url, NORA | {"first_name": ""})

    assertContains(answer, "Rien n’est encore enregistré", status_code=422)
    assertContains(answer, bob.full_name, status_code=422)


@pytest.mark.parametrize("name", ["account", "leave", "come_back", "give_password"])
def test_account_of_a_stranger_does_not_exist(
    alice: Person, chloe: Person, client_of: Login, name: str
) -> None:
    url = reverse(f"people:{name}", args=[chloe.id])

    assert client_of(alice).post(url).status_code == 404
    chloe.refresh_from_db()
    assert chloe.is_active


@pytest.mark.parametrize("name", ["leave", "come_back", "give_password"])
def test_account_actions_refuse_reading_and_other_roles(
    alice: Person, bob: Person, client_of: Login, name: str
) -> None:
    url = reverse(f"people:{name}", args=[alice.id])

    assert client_of(alice).get(url).status_code == 405
    assert client_of(bob).post(url).status_code == 403


def test_leave_then_come_back(alice: Person, bob: Person, client_of: Login) -> None:
    client, cut = client_of(alice), client_of(bob)
    assert cut.get("/").status_code == 200

    left = client.post(reverse("people:leave", args=[bob.id]), follow=True)

    assertContains(left, "ses sessions sont coupées")
    assertRedirects(cut.get("/"), "/connexion/?next=/")
    assertContains(client.get(reverse("people:account", args=[bob.id])), "17 mars 2026")
    password = _one_time(client.post(reverse("people:come_back", args=[bob.id])))
    assert Client().post("/connexion/", {"login": "bob", "password": password}).status_code == 302


def test_last_manager_stays(alice: Person, client_of: Login) -> None:
    client = client_of(alice)

    answer = client.post(reverse("people:leave", args=[alice.id]), follow=True)

    assertContains(answer, "dernier compte de gestionnaire")
    assert client.get("/").status_code == 200


def test_come_back_of_an_open_account_is_refused(
    alice: Person, bob: Person, client_of: Login
) -> None:
    answer = client_of(alice).post(reverse("people:come_back", args=[bob.id]), follow=True)

    assertContains(answer, "pas disponible")


def test_give_password_shows_it_once(
    alice: Person, bob: Person, tom: Person, client_of: Login
) -> None:
    client = client_of(alice)

    password = _one_time(client.post(reverse("people:give_password", args=[bob.id])))
    refused = client.post(reverse("people:give_password", args=[tom.id]), follow=True)

    bob.refresh_from_db()
    assert bob.check_password(password)
    assertContains(refused, "pas disponible")


def test_own_password_is_changed_and_this_login_goes_on(alice: Person, client_of: Login) -> None:
    client, elsewhere = client_of(alice), client_of(alice)

    answer = client.post(
        OWN,
        {
            "current": PASSWORD,
            "password": "quatre-mots-sans-lien",
            "again": "quatre-mots-sans-lien",
        },
    )

    assertRedirects(answer, "/")
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert Line.objects.get(object_kind="password").person_id == alice.id


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"current": "faux"}, "pas le mot de passe actuel"),
        ({"again": "autre"}, "diffèrent"),
        ({"password": "court", "again": "court"}, "12"),
        ({"password": "", "again": ""}, "obligatoire"),
        ({"password": PASSWORD, "again": PASSWORD}, "choisissez-en un autre"),
        ({"password": "motdepasse1234", "again": "motdepasse1234"}, ""),
    ],
)
def test_own_password_explains_what_is_wrong(
    alice: Person, client_of: Login, typed: dict[str, str], words: str
) -> None:
    good = {"current": PASSWORD, "password": "trois-mots-sûrs", "again": "trois-mots-sûrs"}

    answer = client_of(alice).post(OWN, good | typed)

    if words:
        assertContains(answer, words, status_code=422)
        assert not Line.objects.exists()
    else:
        assertRedirects(answer, "/")


def test_draft_is_kept_for_its_owner(alice: Person, client_of: Login) -> None:
    client = client_of(alice)

    assert client.post(DRAFTS, {"key": "note", "text": "Contrôle"}).status_code == 204

    draft = Draft.objects.get()
    assert (draft.person_id, draft.key, draft.text) == (alice.id, "note", "Contrôle")
    assert client.post(DRAFTS, {"key": "note"}).status_code == 204
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"text": "x"}, 400), ({"key": "k" * 121}, 400), ({"key": "k", "text": "x" * 100_001}, 413)],
)
def test_draft_refuses_what_it_cannot_keep(
    alice: Person, client_of: Login, typed: dict[str, str], status: int
) -> None:
    answer = client_of(alice).post(DRAFTS, typed)

    assert answer.status_code == status
    assert answer.json()["error"]
    assert not Draft.objects.exists()


def test_draft_of_a_stranger_is_not_kept(alice: Person) -> None:
    assert Client().post(DRAFTS, {"key": "k", "text": "x"}).status_code == 302
    assert not Draft.objects.exists()


def test_draft_answers_posting_only(alice: Person, client_of: Login) -> None:
    assert client_of(alice).get(DRAFTS).status_code == 405


FIRST = {
    "practice_name": "Cabinet neuf",
    "title": "Dr",
    "first_name": "Alice",
    "last_name": "Martin",
    "role": "praticien",
    "username": "alice",
    "password": "trois-mots-sans-lien",
    "again": "trois-mots-sans-lien",
}


def test_installation_from_the_home_page_to_the_first_login(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client = Client()
    assertRedirects(client.get("/connexion/?next=/"), "/installation/")
    assertContains(client.get("/installation/"), "Première installation")

    answer = client.post("/installation/", FIRST | {"code": installation_code()})

    assertRedirects(answer, "/connexion/")
    client.post("/connexion/", {"login": "alice", "password": FIRST["password"]})
    assertRedirects(client.get("/cabinet/"), "/mon-compte/")
    assertContains(client.get("/mon-compte/"), "Vous dirigez ce cabinet")
    assertRedirects(Client().get("/installation/"), "/connexion/")
    assertRedirects(Client().post("/installation/", FIRST), "/connexion/")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "2222-2222-2222"}, "pas celui de ce serveur"),
        ({"again": "autre"}, "diffèrent"),
        ({"practice_name": ""}, "practice_name"),
        ({"password": "alicemartin", "again": "alicemartin"}, "password"),
    ],
)
def test_installation_explains_what_is_wrong(
    settings: Settings, tmp_path: Path, wrong: dict[str, str], words: str
) -> None:
    settings.DATA_DIR = tmp_path

    answer = Client().post("/installation/", {**FIRST, "code": installation_code(), **wrong})

    assertContains(answer, words, status_code=422)
    assert not Practice.objects.exists()


def test_installation_lost_to_another_browser_leads_to_login(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quenotte.base.people import operations

    settings.DATA_DIR = tmp_path
    code = installation_code()

    def too_late(**_: object) -> None:
        raise operations.AlreadyInstalled

    monkeypatch.setattr(operations, "install", too_late)

    assert Client().post("/installation/", FIRST | {"code": code})["Location"] == "/connexion/"
