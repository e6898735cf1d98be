"""The commands of the backups on a real data folder; stock restic judges what they leave."""

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.installations import Installation
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

PASSPHRASE = "bcde fghj knpr stuv xbcd efgh jknp rstu"

_KEEP = """
import sys
from pathlib import Path
from quenotte.base.files import operations as files
for path in map(Path, sys.argv[1:]):
    print(files.keep(path, media_type="image/png").sha256)
"""


def asked(installation: Installation, *words: object, code: int = 0) -> dict[str, Any]:
    """Run a command of the backups and return the object that it says last."""
    data = ["--data", str(installation.folder)]
    done = installation.command(*data, "backup", *map(str, words), "--json")
    assert done.returncode == code, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"{PASSPHRASE}\n")
    return path


@pytest.fixture
def pictures(installation: Installation, tmp_path: Path) -> list[str]:
    paths = [tmp_path / "tooth.png", tmp_path / "smile.jpeg"]
    for path in paths:
        Image.effect_noise((96, 64), 40).convert("RGB").save(path)
    return installation.script(_KEEP, *map(str, paths)).split()


def restic(repository: Path, passphrase_file: Path, *words: object) -> None:
    done = subprocess.run(
        [program("restic"), "-r", str(repository), "--no-cache", *map(str, words)],
        env={**os.environ, "RESTIC_PASSWORD_FILE": str(passphrase_file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_practice_comes_back_and_it_is_proved(
    installation: Installation, passphrase_file: Path, pictures: list[str], tmp_path: Path
) -> None:
    place = tmp_path / "copies"
    ready = asked(installation, "init", "--to", place, "--passphrase-file", passphrase_file)
    copy = asked(installation, "run", "--to", place)
    proof = asked(installation, "prove", "--from", place)
    status = asked(installation, "status")

    assert ready["is_new"]
    assert (copy["state"], proof["state"]) == ("done", "done"), proof
    assert proof["snapshot"] == copy["snapshot"]
    assert proof["restorable_until"] == copy["data_at"]
    assert proof["compared"]["pictures"] == proof["compared"]["blobs"] == len(pictures)
    assert status["sentence"].startswith("Restaurable jusqu’à")
    assert not list((installation.folder / "cache" / "backup").glob("*"))
    restic(place, passphrase_file, "check", "--read-data")
    # What stock restic brings back is a data folder that the program opens.
    back = tmp_path / "back"
    restic(place, passphrase_file, "restore", "latest", "--target", back)
    opened = Installation(back)
    assert opened.command("audit", "verify").returncode == 0
    assert opened.command("files", "verify").returncode == 0


def test_copy_that_lies_is_told(
    installation: Installation, passphrase_file: Path, pictures: list[str], tmp_path: Path
) -> None:
    place = tmp_path / "copies"
    asked(installation, "init", "--to", place, "--passphrase-file", passphrase_file)
    asked(installation, "run", "--to", place)
    pack = random.Random(1).choice(sorted((place / "data").glob("*/*")))
    body = bytearray(pack.read_bytes())
    body[len(body) // 2] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(body)

    found = asked(installation, "verify", "--from", place, code=1)

    assert any(pack.name in finding for finding in found["findings"])
