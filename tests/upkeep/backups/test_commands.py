import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from quenotte.config.backups import running
from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.progress import Progress
from quenotte.upkeep.backups import operations, queries
from quenotte.upkeep.backups.models import Proof, State
from tests.factories import DestinationFactory, ProofFactory
from tests.upkeep.conftest import PASSPHRASE

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda: json.loads(capsys.readouterr().out.splitlines()[-1])


def init(place: object, file: Path | None, *, as_json: bool = True) -> int:
    return running.init(str(place), None, file, "", None, as_json=as_json)


def unapply_the_last_of(app: str) -> None:
    """Let the database of the test look as if it were made to here."""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*max(one for one in recorder.applied_migrations() if one[0] == app))


def test_key_comes_from_a_file(folder: Path, tmp_path: Path, told: Any):
    file = tmp_path / "key.txt"
    file.write_text(f"\ufeff{PASSPHRASE}\r\n", "utf-8")
    assert init(tmp_path / "new", file) == 0
    assert told()["is_new"]
    assert init(tmp_path / "new", file) == 0
    assert not told()["is_new"]
    assert init(tmp_path / "new", tmp_path / "nowhere") == 1
    assert "ne se lit pas" in told()["outcome"]
    file.write_text("another")
    assert init(tmp_path / "new", file) == 1
    assert told()["refusal"] == "OtherPassphrase"


def test_key_is_asked_for_in_a_terminal_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert init(tmp_path / "new", None, as_json=False) == 1
    assert "--passphrase-file" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_words, **_more: PASSPHRASE)
    assert init(tmp_path / "new", None, as_json=False) == 0
    assert "Le dépôt est prêt" in capsys.readouterr().out


def test_copy_and_what_is_verified_are_told(place: str, told: Any, capsys: Any):
    assert running.run(place, as_json=True) == 0
    copy = told()
    assert (copy["state"], "rows_of" in copy["summary"]) == ("done", False)
    assert running.verify(place, read_data=True, as_json=True) == 0
    assert told()["findings"] == []
    pack = next(Path(place).glob("data/*/*"))
    pack.chmod(0o600)
    pack.write_bytes(b"\0" + pack.read_bytes()[1:])
    assert running.verify(place, read_data=True, as_json=False) == 1
    assert "ajoutez un dossier d’un autre disque" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("folder", "un dossier d’un autre disque"),
        ("vault", "prévenez qui tient ce coffre"),
        ("cloud", "prévenez l’hébergeur"),
        ("disk", "copiez sur un autre"),
        ("tape", "copiez sur un autre"),
    ],
)
def test_damage_is_told_by_what_the_place_is(
    folder: Path, told: Any, monkeypatch: pytest.MonkeyPatch, kind: str, words: str
):
    made = DestinationFactory.create(kind=kind)
    found = [Finding("data", "a" * 64, What.DAMAGED)]
    monkeypatch.setattr(operations, "verify", lambda _place, **_more: found)
    assert running.verify(made.place, read_data=True, as_json=True) == 1
    answer = told()
    assert (answer["state"], words in answer["outcome"]) == ("failed", True)


def test_what_a_broken_run_left_is_no_damage(place: str, told: Any):
    operations.run(place)
    body = os.urandom(64)
    pack = Path(place, "data", hashlib.sha256(body).hexdigest())
    left = pack.parent / pack.name[:2] / pack.name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(body)
    assert running.verify(place, read_data=False, as_json=True) == 0
    answer = told()
    assert (answer["state"], len(answer["findings"])) == ("done", 1)


@pytest.mark.parametrize(("state", "code"), [(State.DONE, 0), (State.FAILED, 1)])
def test_proof_is_told(
    folder: Path, told: Any, monkeypatch: pytest.MonkeyPatch, state: State, code: int
):
    proof = ProofFactory.create(state=state)

    def prove(_place: str, **_more: Any) -> Proof:
        return proof

    monkeypatch.setattr(operations, "prove", prove)
    assert running.prove("/mnt", as_json=True) == code
    assert told()["snapshot"] == proof.snapshot_id


def test_status_is_an_object_and_sentences(place: str, told: Any, capsys: Any):
    operations.run(place)
    assert running.status(as_json=True) == 0
    found = told()
    assert (found["light"], len(found["destinations"])) == ("red", 1)
    assert running.status(as_json=False) == 0
    assert "pas encore prouvé" in capsys.readouterr().out


def test_what_was_not_foreseen_shows_no_frames(
    folder: Path, told: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("quenotte.config.logs.start", lambda _name: None)
    monkeypatch.setattr(queries, "status", lambda: 1 / 0)
    assert running.status(as_json=True) == 1
    assert told()["outcome"].startswith("Incident imprévu")


def test_progress_is_told_in_few_lines(capsys: Any, monkeypatch: pytest.MonkeyPatch):
    bar = running._Bar("Sauvegarde")
    for done in range(101):
        bar(Progress(done, 100, "x"))
    assert 5 < len(capsys.readouterr().err.splitlines()) < 12
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    bar = running._Bar("Sauvegarde")
    bar(Progress(50, 100, "x"))
    bar(Progress(0, 0, ""))
    assert "100%" in capsys.readouterr().err


def test_address_without_its_login_is_enough():
    made = DestinationFactory.create(place="https://lilas:secret@coffre.example/lilas")
    assert queries.destination_at("https://coffre.example/lilas/") == made
    assert queries.destination_at("https://coffre.example/roses") is None


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about a file of SQLite")
def test_folder_without_a_practice_is_said_and_stays_without(
    folder: Path, told: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(connection.settings_dict, "NAME", folder / "db.sqlite3")
    assert running.status(as_json=True) == 1
    answer = told()
    assert (answer["refusal"], "« --data »" in answer["outcome"]) == ("NoPractice", True)
    assert not (folder / "db.sqlite3").exists()


def test_database_in_preparation_is_said(folder: Path, tmp_path: Path, told: Any):
    unapply_the_last_of("upkeep")
    for work in (running.run, running.prove):
        assert work(str(tmp_path / "copies"), as_json=True) == 1
        answer = told()
        assert answer["refusal"] == "InPreparation"
        assert "rien n’est perdu" in answer["outcome"]
        assert "quenotte migrate" in answer["outcome"]


def test_copy_may_be_made_before_the_tables_of_other_apps_are_updated(place: str, told: Any):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(
        *max(one for one in recorder.applied_migrations() if one[0] == "care")
    )
    assert running.run(place, as_json=True) == 0
    assert told()["state"] == "done"


def test_database_that_is_taken_up_is_said(
    folder: Path, told: Any, monkeypatch: pytest.MonkeyPatch
):
    def taken(*_anything: Any, **_more: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr("quenotte.config.logs.start", lambda _name: None)
    loading = "django.db.migrations.loader.MigrationLoader.__init__"
    for patched in ("quenotte.upkeep.backups.queries.status", loading):
        monkeypatch.setattr(patched, taken)
        assert running.status(as_json=True) == 1
        answer = told()
        assert (answer["state"], answer["refusal"]) == ("refused", "DatabaseBusy")
        assert "rien n’est perdu" in answer["outcome"].casefold()
