"""The page of the backups: what it says, who may act, what a button asks for."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.config.backups import running
from quenotte.devices.repository.progress import Progress
from quenotte.upkeep.backups import disks, jobs, operations, progress, queries
from quenotte.upkeep.backups.forms import FolderForm, VaultForm
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.progress import What
from quenotte.upkeep.backups.proving import NothingToProve
from quenotte.upkeep.backups.turns import Busy
from tests.factories import CopyFactory, DestinationFactory, PersonFactory, ProofFactory

Login = Callable[[Person], Client]
PAGE = "/protection/sauvegardes/"
ADD = PAGE + "emplacements/nouveau/"


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, settings: Any) -> Path:
    """Give each test a data folder of its own."""
    data = tmp_path / "data"
    (data / "run").mkdir(parents=True)
    settings.DATA_DIR = data
    return data


@pytest.mark.django_db
def test_page_without_place_says_that_nothing_protects(alice: Person, client_of: Login) -> None:
    shown = client_of(alice).get(PAGE)

    assertContains(shown, "Rien ne protège encore ce cabinet.")
    assertContains(shown, "Préparer un emplacement")
    assertContains(shown, "light-danger")


@pytest.mark.django_db
def test_page_says_the_sentence_and_why(alice: Person, client_of: Login) -> None:
    one = DestinationFactory.create()
    copy = CopyFactory.create(destination=one)
    ProofFactory.create(destination=one, state="failed", restorable_until=None, outcome="perdu")

    shown = client_of(alice).get(PAGE)

    # Its only copy did not come back: no moment is promised.
    assertContains(shown, "Copié, mais rien n’est sûr de revenir")
    assertNotContains(shown, "Restaurable jusqu’à")
    assertContains(shown, "La dernière preuve a échoué : regardez pourquoi")
    assertContains(shown, "Aucune feuille de secours n’ouvre ces copies")
    assertContains(shown, "proofs-failed")
    assertContains(shown, "support hors d’atteinte")
    assert copy.destination_id == one.id


@pytest.mark.django_db
def test_place_that_is_late_is_marked_beside_a_fresh_one(
    alice: Person, client_of: Login, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh, late = DestinationFactory.create(kind="vault"), DestinationFactory.create()
    CopyFactory.create(destination=fresh)
    CopyFactory.create(destination=late, started_at=timezone.now() - timedelta(days=7))

    shown = client_of(alice).get(PAGE)

    assertContains(shown, "Un emplacement n’a reçu aucune bonne copie depuis plus de 26 heures.")
    head = shown.content.decode().partition(f"<strong>{late.label}</strong>")[2]
    assert "en retard" in head.partition("</div>")[0]
    assert [one.is_behind for one in queries.status().standings] == [False, True]
    assert running.status(as_json=False) == 0
    assert f"En retard : {late.label}" in capsys.readouterr().out


@pytest.mark.django_db
def test_folder_on_the_disk_of_the_practice_says_so_for_as_long_as_it_does(
    alice: Person, client_of: Login, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := apart.parent / "copies").mkdir()
    DestinationFactory.create(place=str(folder))
    told = client_of(alice).get(PAGE)
    assertContains(told, "même disque que le cabinet")
    assertContains(told, "elle n’est pas comptée comme support")

    def elsewhere(_folder: object) -> bool:
        return False

    monkeypatch.setattr(disks, "is_ours", elsewhere)
    assertNotContains(client_of(alice).get(PAGE), "même disque que le cabinet")


@pytest.mark.django_db
def test_practice_without_a_copy_elsewhere_is_led_to_add_one(
    alice: Person, client_of: Login
) -> None:
    for _ in range(2):
        CopyFactory.create()
    assertContains(client_of(alice).get(PAGE), "Aucune copie connue n’est hors du cabinet")
    assertContains(client_of(alice).get(PAGE), f'<a href="{ADD}">Ajoutez un coffre')
    CopyFactory.create(destination__kind="vault")
    assertNotContains(client_of(alice).get(PAGE), "hors du cabinet :")


@pytest.mark.django_db
def test_dentist_reads_and_only_the_manager_acts(alice: Person, client_of: Login) -> None:
    one = DestinationFactory.create()
    reader = PersonFactory.create(practice=alice.practice, role="praticien")
    stranger = PersonFactory.create(practice=alice.practice, role="secretaire")

    assertNotContains(client_of(reader).get(PAGE), "Copier maintenant")
    for path in (f"emplacements/{one.id}/copier/", f"emplacements/{one.id}/retirer/"):
        assert client_of(reader).post(PAGE + path).status_code == 403
    assert client_of(stranger).get(PAGE).status_code == 403
    assert client_of(alice).get(f"{PAGE}emplacements/{one.id}/copier/").status_code == 405
    # Everybody sees the light; only who may read it is led to the page.
    assertNotContains(client_of(stranger).get("/"), PAGE)


@pytest.mark.django_db(transaction=True)
def test_button_asks_the_worker_once(alice: Person, client_of: Login) -> None:
    one, client = DestinationFactory.create(), client_of(alice)
    for what in ("prouver", "copier"):
        client.post(f"{PAGE}emplacements/{one.id}/{what}/")

    assert [run.name.rpartition(".")[2] for run in Run.objects.all()] == ["prove"]
    assert Line.objects.filter(object_kind="backup").count() == 1
    assertContains(client.get(PAGE), "déjà en cours")
    waiting = client.get(PAGE + "avancement/")
    assertContains(waiting, "elle commence dans un instant")
    assert "HX-Trigger" not in waiting.headers


@pytest.mark.django_db
def test_work_that_is_over_redraws_the_page(alice: Person, client_of: Login, apart: Path) -> None:
    client = client_of(alice)
    with progress.listening(What.COPY, "x") as listen:
        listen(Progress(30, 120, "db"))
        assertContains(client.get(PAGE + "avancement/"), "25 %")
        told = (apart / "run" / "backup.json").read_text()
    assert client.get(PAGE + "avancement/").headers["HX-Trigger"] == "backups-over"
    # What a killed process left behind is nothing; so is a torn file.
    for left in (told.replace(f'"pid": {os.getpid()}', '"pid": 4194303'), "{"):
        (apart / "run" / "backup.json").write_text(left)
        assert progress.told() is None


@pytest.mark.django_db
def test_work_that_waits_for_its_turn_is_still_asked_for(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, asked = DestinationFactory.create(), (str(alice.practice_id), str(alice.id))
    refusals = iter([Busy(), NothingToProve()])

    def refused(*_: object, **__: object) -> None:
        raise next(refusals)

    monkeypatch.setattr(operations, "prove", refused)
    with pytest.raises(Busy):
        jobs.prove.function(str(one.id), *asked)
    told = progress.told()
    assert told
    assert told.is_waiting
    # Any other refusal is kept with the proof: the worker does not try again.
    jobs.prove.function(str(one.id), *asked)
    assert progress.told() is None


@pytest.mark.django_db(transaction=True)
def test_place_is_tried_then_prepared_then_retired(
    alice: Person, client_of: Login, tmp_path: Path
) -> None:
    client, folder = client_of(alice), tmp_path / "copies"
    folder.mkdir()
    asked = {"kind": "dossier", "folder": str(folder), "passphrase": ""}

    assertContains(client.post(ADD, asked | {"step": "try"}), "Un dépôt vide y est créé")
    assert not list(folder.iterdir())
    assertRedirects(client.post(ADD, asked | {"step": "make"}), PAGE)
    one = Destination.objects.get()
    assert (folder / "config").is_file()
    assert Run.objects.filter(name__endswith=".copy").count() == 1
    assertContains(client.post(ADD, asked | {"step": "try"}), "sont reprises")

    assertRedirects(client.post(f"{PAGE}emplacements/{one.id}/retirer/"), PAGE)
    assertContains(client.get(PAGE), "Rien ne protège encore")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("/nowhere/at/all", "n’existe pas sur le serveur"),
        ("copies", "chemin entier"),
        ("{data}/run", "dans celui des données"),
    ],
)
def test_folder_that_does_not_do_is_refused(
    alice: Person, client_of: Login, apart: Path, folder: str, words: str
) -> None:
    asked = {"kind": "dossier", "folder": folder.format(data=apart), "step": "make"}
    shown = client_of(alice).post(ADD, asked)

    assertContains(shown, words, status_code=422)
    assert not Destination.objects.exists()


def test_vault_is_an_address_with_its_login_apart() -> None:
    told = {"address": "rest:https://coffre.example/a/", "login": "cab", "password": "p@ss"}
    form = VaultForm(told)

    assert form.is_valid()
    assert form.place == "https://cab:p%40ss@coffre.example/a/"
    for address in ("ftp://x/", "https://a:b@coffre.example/", "https://x:y/", "coffre"):
        assert not VaultForm({"address": address}).is_valid(), address


def test_misread_key_of_a_place_names_its_groups() -> None:
    wrong = "bcde b fghj b knpr b stuv b xbcd b efgh b jknp b rstu b"
    form = FolderForm({"folder": "/mnt/x", "passphrase": wrong})

    assert not form.is_valid()
    assert "groupe" in str(form.errors["passphrase"])
    assert not FolderForm({"folder": "/mnt/x", "passphrase": "bcde"}).is_valid()
