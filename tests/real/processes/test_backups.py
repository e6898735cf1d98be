"""The commands of the backups on a real data folder; stock restic judges what they leave."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.installations import Installation, Workshop
from tests.support.programs import program

pytestmark = pytest.mark.real_clock

PASSPHRASE = "bcde fghj knpr stuv xbcd efgh jknp rstu"

_PREPARED = """
import sys
from pathlib import Path
from quenotte.base.files import operations as files
from quenotte.upkeep.backups import operations
place, passphrase, *pictures = sys.argv[1:]
for path in map(Path, pictures):
    files.keep(path, media_type="image/png")
operations.init(place, passphrase)
"""


def asked(installation: Installation, *words: object, code: int = 0) -> dict[str, Any]:
    """Run a command of the backups and return the object that it says last."""
    data = ["--data", str(installation.folder)]
    done = installation.command(*data, "backup", *map(str, words), "--json")
    assert done.returncode == code, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def drawn(folder: Path) -> list[Path]:
    paths = [folder / "tooth.png", folder / "smile.jpeg"]
    for path in paths:
        Image.effect_noise((96, 64), 40).convert("RGB").save(path)
    return paths


def restic(repository: Path, *words: object) -> None:
    done = subprocess.run(
        [program("restic"), "-r", str(repository), "--no-cache", *map(str, words)],
        env={**os.environ, "RESTIC_PASSWORD": PASSPHRASE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_practice_comes_back_and_it_is_proved(installation: Installation, tmp_path: Path) -> None:
    place = tmp_path / "copies"
    paths = drawn(tmp_path)
    installation.script(_PREPARED, str(place), PASSPHRASE, *map(str, paths))

    copy = asked(installation, "run", "--to", place)
    proof = asked(installation, "prove", "--from", place)

    assert (copy["state"], proof["state"]) == ("done", "done"), proof
    assert proof["snapshot"] == copy["snapshot"]
    assert proof["restorable_until"] == copy["data_at"]
    assert proof["compared"]["pictures"] == proof["compared"]["blobs"] == len(paths)
    assert proof["outcome"].startswith("Restaurable jusqu’à")
    assert not list((installation.folder / "cache" / "backup").glob("*"))
    restic(place, "check", "--read-data")
    # What stock restic brings back is a data folder.
    back = tmp_path / "back"
    restic(place, "restore", "latest", "--target", back)
    if not installation.database_url:
        opened = Installation(back)
        assert opened.command("audit", "verify").returncode == 0


def test_practice_that_is_not_ready_is_refused_in_words(workshop: Workshop, tmp_path: Path) -> None:
    key, place = tmp_path / "key", tmp_path / "copies"
    key.write_text(PASSPHRASE)
    bare = Installation(tmp_path / "bare", workshop.empty_database())
    for words in (
        ("init", "--to", place, "--passphrase-file", key),
        ("run", "--to", place),
        ("prove", "--from", place),
    ):
        told = asked(bare, *words, code=1)
        assert told["refusal"] == ("InPreparation" if bare.database_url else "NoPractice")
        assert "rien n’est perdu" in told["outcome"]
        assert "attendez qu’il soit prêt" in told["outcome"]
    # Nothing was made where the database will be, nor where the copies would go.
    assert not (bare.folder / "db.sqlite3").exists()
    assert not place.exists()


def test_database_that_somebody_fills_is_waited_for_then_told(
    installation: Installation, tmp_path: Path
) -> None:
    key, place = tmp_path / "key", tmp_path / "copies"
    key.write_text(PASSPHRASE)
    words = ("init", "--to", place, "--passphrase-file", key)
    with installation.locked("upkeep_destination"):
        told = asked(installation, *words, code=1)
    assert (told["state"], told["refusal"]) == ("refused", "DatabaseBusy")
    assert "attendez qu’il soit prêt" in told["outcome"]
    # What was begun at the place is taken up again.
    assert asked(installation, *words)["state"] == "ready"


def test_practice_of_either_engine_comes_back_from_paper(
    installation: Installation, workshop: Workshop, tmp_path: Path
) -> None:
    place, key = tmp_path / "copies", tmp_path / "key"
    key.write_text(PASSPHRASE)
    paths = drawn(tmp_path)
    installation.script(_PREPARED, str(place), PASSPHRASE, *map(str, paths))
    copy = asked(installation, "run", "--to", place)
    back = Installation(tmp_path / "back", workshop.empty_database())
    words = ("--from", place, "--passphrase-file", key, "--data", back.folder, "--yes", "--json")

    agenda = back.command("phoenix", *map(str, words), "--agenda-only")
    assert agenda.returncode == 0, agenda.stderr
    # Its pictures are still away: it is opened on the database that came back, or not at all.
    other = "" if back.database_url else "postgres://quenotte@/elsewhere"
    ports = ["--port", str(back.port), "--dicom-port", str(back.dicom_port)]
    refused = Installation(back.folder, other).command("serve", *ports)
    assert (refused.returncode, "QUENOTTE_DATABASE_URL" in refused.stderr) == (7, True)
    done = back.command("phoenix", "--data", str(back.folder), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])

    assert (told["snapshot"], told["files"], told["absent"]) == (copy["snapshot"], len(paths), 0)
    assert back.command("audit", "verify").returncode == 0
    assert back.command("files", "verify").returncode == 0
    again = back.command("phoenix", *map(str, words))
    assert (again.returncode, "n’est pas vide" in again.stderr) == (1, True)
