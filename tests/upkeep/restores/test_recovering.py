"""Files come back while people work: asked for at once, the others in order, once each."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quenotte.base import erasures
from quenotte.base.audit.models import Line
from quenotte.base.files import operations as files
from quenotte.base.files import rescue
from quenotte.base.files.models import Blob
from quenotte.base.people.models import Person
from quenotte.config import data_folder
from quenotte.devices.phoenix import marker
from quenotte.devices.phoenix.marker import Marker, Secret, Stage
from quenotte.devices.repository.errors import Unreachable
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save
from quenotte.upkeep.restores import operations, recovering

pytestmark = pytest.mark.django_db

CONTENTS = [b"today", b"tomorrow", b"years ago", b"nobody asks for it"]
NAMES = [hashlib.sha256(content).hexdigest() for content in CONTENTS]
AT = datetime(2026, 3, 16, 20, 30, tzinfo=UTC)


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A practice whose database is back and whose files are in a copy."""
    monkeypatch.setattr(recovering, "_AGAIN_S", 0.01)
    data = data_folder.prepare(tmp_path / "data")
    settings.DATA_DIR = data
    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": data / "blobs"},
        },
    }
    place = tmp_path / "copies"
    repository = Repository.create(FolderStore(place), "paper", host="srv", user="q")
    sources = [
        Source(f"blobs/{name[:2]}/{name[2:4]}/{name}", content)
        for name, content in zip(NAMES, CONTENTS, strict=True)
    ]
    copy = save(repository, sources, time=AT, host="srv")
    found = Marker(
        Stage.PICTURES, "copies", repository.id, copy.id, AT.isoformat(), data_at=AT.isoformat()
    )
    marker.save(data, found)
    marker.save_secret(data, Secret(str(place), repository.key.to_json()))
    for name, content in zip(NAMES, CONTENTS, strict=True):
        Blob.objects.create(sha256=name, size_bytes=len(content), media_type="image/png")
    monkeypatch.setattr(rescue, "_wanted", [lambda: [NAMES[1], "0" * 64, NAMES[0], NAMES[1]]])
    yield data
    files.rescue_with(None)


def path_of(folder: Path, name: str) -> Path:
    return folder / "blobs" / name[:2] / name[2:4] / name


def test_file_that_is_asked_for_comes_at_once(folder: Path):
    operations.watch()
    blob = Blob.objects.get(pk=NAMES[2])
    with files.open_blob(blob) as stream:
        assert stream.read() == CONTENTS[2]
    assert path_of(folder, NAMES[2]).stat().st_mode & 0o777 == 0o400
    assert not path_of(folder, NAMES[0]).exists()


def test_file_that_stays_away_is_not_called_lost(folder: Path, monkeypatch: pytest.MonkeyPatch):
    operations.watch()
    Blob.objects.create(sha256="0" * 64, size_bytes=1, media_type="image/png")
    with pytest.raises(files.StillAway, match="pas perdu"):
        files.local_path(Blob.objects.get(pk="0" * 64))
    monkeypatch.setattr(recovering.Rescue, "pieces", lambda _self, _name: [b"something else"])
    with pytest.raises(files.StillAway):
        files.local_path(Blob.objects.get(pk=NAMES[0]))
    assert not path_of(folder, NAMES[0]).exists()
    assert not list((folder / "incoming").iterdir())
    # Once the practice is whole, nobody is sent to wait.
    marker.remove(folder)
    with pytest.raises(files.Missing, match="files verify"):
        files.local_path(Blob.objects.get(pk=NAMES[0]))


def test_all_comes_back_in_the_order_in_which_people_ask(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    came: list[str] = []
    real = files.bring_back

    def watched(name: str, pieces: Any) -> Any:
        came.append(name)
        return real(name, pieces)

    monkeypatch.setattr(recovering, "_THREADS", 1)
    monkeypatch.setattr(files, "bring_back", watched)
    told: list[Marker] = []
    assert operations.fill(told=told.append)
    assert came[:2] == [NAMES[1], NAMES[0]]
    assert set(came) == set(NAMES)
    assert (told[-1].done_files, told[-1].total_files) == (4, 4)
    assert not {marker.MARKER, marker.SECRET} & {path.name for path in folder.iterdir()}
    line = Line.objects.get(object_kind="recovery")
    assert (line.result, line.detail["count"]) == ("ok", 4)
    assert operations.fill()


def test_stop_and_trouble_lose_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    assert not operations.fill(lambda: True)
    assert marker.load(folder) is not None
    real = files.bring_back
    tries = iter([Unreachable(), None])

    def sometimes(name: str, pieces: Any) -> bool:
        trouble = next(tries, None)
        if trouble is not None:
            raise trouble
        return real(name, pieces)

    monkeypatch.setattr(files, "bring_back", sometimes)
    with pytest.raises(Unreachable):
        operations.fill()
    operations.note_trouble(Unreachable())
    found = marker.load(folder)
    assert found is not None
    assert "branché" in found.trouble
    tries = iter([Unreachable()])
    operations.keep_filling(threading.Event())
    assert marker.load(folder) is None
    assert all(path_of(folder, name).read_bytes() == content
               for name, content in zip(NAMES, CONTENTS, strict=True))  # fmt: skip


def test_what_the_copy_never_had_is_counted(folder: Path):
    Blob.objects.create(sha256="0" * 64, size_bytes=1, media_type="image/png")
    assert operations.fill()
    line = Line.objects.get(object_kind="recovery")
    assert (line.result, line.detail["reason"]) == ("failed", "1 absent, 0 damaged")


def test_return_is_noted_once_and_what_was_erased_is_erased_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    again: list[str] = []
    monkeypatch.setattr(erasures, "_again", {})
    erasures.note("patient", "7", at=AT)
    erasures.note("patient", "7", at=AT)
    with (folder / erasures.NAME).open("a") as notes:
        notes.write("torn by a power c")
    with pytest.raises(erasures.UnknownErasure, match="patient"):
        operations.settle_return()
    erasures.register("patient", again.append)
    assert operations.settle_return() == 1
    operations.settle_return()
    assert again == ["7", "7"]
    assert Line.objects.filter(object_kind="recovery").count() == 1


def test_page_of_the_backups_says_for_two_weeks_what_the_practice_came_back_from(
    folder: Path, alice: Person, client_of: Callable[[Person], Client], frozen_clock: Any
):
    client, address = client_of(alice), reverse("backups:home")

    def page() -> str:
        return client.get(address).content.decode()

    words = "Ce cabinet revient d’une copie"
    marker.change(folder, copy_at=AT.isoformat(), notes=("Une copie était abîmée.",))
    # While files come, and after.
    assert words in page()
    assert "Copie du 16 mars 2026 à 21 h 30, sans le journal" in page()
    Blob.objects.create(sha256="0" * 64, size_bytes=1, media_type="image/png")
    marker.change(folder, data_at=(AT + timedelta(hours=2)).isoformat())
    assert operations.fill()
    assert marker.load(folder) is None
    told = page()
    copy, journal = "16 mars 2026 à 21 h 30", "16 mars 2026 à 23 h 30"
    assert f"Copie du {copy}, journal de la base jusqu’au {journal}" in told
    assert "Une copie était abîmée." in told
    assert "1 fichier dont parlent les dossiers n’était pas" in told
    assert "le 30 mars" in told
    frozen_clock.move_to(AT + timedelta(days=15))
    assert words not in client_of(alice).get(address).content.decode()


def test_first_page_says_it_until_all_is_there(
    folder: Path, alice: Person, client_of: Callable[[Person], Client]
):
    alice_client = client_of(alice)
    marker.change(folder, total_files=4, done_files=1, total_bytes=100, done_bytes=25)
    page = alice_client.get(reverse("home")).content.decode()
    assert "Les images reviennent" in page
    assert "1 fichiers sur 4" in page
    address = reverse("restores:coming_back")
    assert "hx-trigger" in alice_client.get(address).content.decode()
    marker.remove(folder)
    assert "Les images sont revenues" in alice_client.get(address).content.decode()
    assert "Les images reviennent" not in alice_client.get(reverse("home")).content.decode()
    assert Client().get(address).status_code == 302
