"""The commands of the backups on a real data folder; stock restic judges what they leave."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.installations import Installation
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
