"""Pages that both sites share speak at the provider's of machines and practices, of no patient."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice, Workstation
from quenotte.base.practice.operations import installation_code
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
#: What only somebody of a practice would understand.
_NOT_OURS = ("votre cabinet", "du cabinet", "ce cabinet :", "patient", "Salle", "RPPS")


def test_page_that_is_not_there_leads_to_a_practice_or_a_machine(tom: Person, client_of: Login):
    page = client_of(tom).get("/nulle-part/")
    assertContains(page, "cherchez le cabinet ou la machine", status_code=404)
    assertNotContains(page, "patient", status_code=404)


def test_page_that_is_not_hers_names_who_may_open_it(tom: Person, client_of: Login):
    page = client_of(tom).get("/cabinet/")
    assertContains(page, "demandez au gestionnaire.", status_code=403)


@pytest.mark.parametrize("name", ["400", "500", "503", "507"])
def test_failure_sends_nobody_to_their_own_provider(name: str):
    page = render_to_string(f"{name}.html", {"incident": "a1b2c3d4"})
    assert "prestataire informatique" not in page
    assert "du cabinet" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/cabinet/comptes/",
        "/cabinet/comptes/nouveau/",
        "/cabinet/comptes/regles/",
        "/cabinet/postes/",
        "/journal/",
    ],
)
def test_pages_of_the_house_are_in_its_own_words(path: str, diane: Person, client_of: Login):
    client = client_of(diane)
    client.post("/preuve/", {"preuve": PASSWORD, "suite": path})
    Workstation.objects.create(practice_id=diane.practice_id, name="Bureau 1")
    page = client.get(path)
    for words in (*_NOT_OURS, "Relier un poste", "Praticien", "Dossier"):
        assertNotContains(page, words)


def test_account_is_changed_without_a_number_of_health_professionals(
    diane: Person, tom: Person, client_of: Login
):
    client = client_of(diane)
    client.post("/preuve/", {"preuve": PASSWORD, "suite": "/"})
    path = f"/cabinet/comptes/{tom.id}/"
    seen = client.get(path).context["seen"]
    told = {"first_name": "Thomas", "last_name": "Le Goff", "role": "technicien", "seen": seen}
    assertRedirects(client.post(path, told), "/cabinet/comptes/")
    tom.refresh_from_db()
    assert tom.full_name == "Thomas Le Goff"


def test_workstation_is_named_without_a_room(diane: Person, client_of: Login):
    station = Workstation.objects.create(practice_id=diane.practice_id, name="Poste 1")
    client = client_of(diane)
    client.post(f"/cabinet/postes/{station.id}/", {"name": "Bureau", "idle_lock_min": 10})
    station.refresh_from_db()
    assert station.name == "Bureau"


def test_who_has_no_second_factor_yet_is_told_why(tom: Person):
    client = Client()
    client.post("/connexion/", {"login": "tom", "password": PASSWORD})
    page = client.get("/mon-compte/")
    assertContains(page, "chacun y a un second facteur")
    # Nothing live is listened to yet, which would be refused and said to be a session that is over.
    assertNotContains(page, "data-live-url")
    for words in _NOT_OURS:
        assertNotContains(page, words)


def test_first_page_asks_for_the_name_of_the_provider(settings: Any, tmp_path: Path):
    settings.DATA_DIR = tmp_path
    client = Client()
    page = client.get("/installation/")
    assertContains(page, "Nom du prestataire")
    for words in _NOT_OURS:
        assertNotContains(page, words)
    told = {
        "code": installation_code(), "practice_name": "Dentaire Ouest", "first_name": "Diane",
        "last_name": "Roux", "role": "gestionnaire", "username": "diane",
        "password": "trois-mots-sans-lien", "again": "trois-mots-sans-lien",
    }  # fmt: skip
    assertRedirects(client.post("/installation/", told), "/connexion/")
    assert Practice.objects.get().name == "Dentaire Ouest"
    assert get_user_model().objects.get().role == "gestionnaire"
